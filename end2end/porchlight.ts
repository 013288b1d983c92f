/**
 * A Porchlight of its own for every test: the release binary on a free port, its data in a temporary folder, both gone afterwards.
 *
 *     import { test, expect } from '../porchlight'
 *
 *     test('an empty place', async ({ porchlight, page }) => { await page.goto(porchlight.foundingLink) })
 *
 *     test.describe('a lively place', () => {
 *         test.use({ place: 'demo' })
 *         test('…', async ({ porchlight, page }) => { … porchlight.names.host … })
 *     })
 *
 * Tests that build on one another say `test.use({ place: 'own' })`, start theirs with `Porchlight.start()` in `beforeAll`, go to its
 * `url` and end it with `stop()` in `afterAll`.
 *
 * `as('amara')` gives a page in a browser profile of its own, where that member of the demo place is signed in. Every profile is watched: what the
 * browser reports as an error or a warning (a failed hydration, a script that the policy refused) fails the test.
 */
import { expect, test as base, type BrowserContext, type BrowserContextOptions, type Page } from '@playwright/test'
import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { access, cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

export { expect, type Page } from '@playwright/test'

const binary = process.env.PORCHLIGHT_BINARY ?? fileURLToPath(new URL('../dist/porchlight', import.meta.url))

/** What is set on the developer's machine must not reach the server under test. */
const environment = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.startsWith('PORCHLIGHT_') && name !== 'DATABASE_URL'),
)

/** Who can sign in to the demo place, by what they may do there. */
export type Role = 'admin' | 'host' | 'member'

export class Porchlight {
    /** All that the server has printed so far, on both of its streams. */
    log = ''
    private process!: ChildProcess

    private constructor(
        readonly url: string,
        readonly folder: string,
        /** What `porchlight demo` printed; empty for a place that starts empty. */
        readonly demoSays: string,
    ) {}

    /** Starts on a new folder, or on a copy of the one that `demo` holds. */
    static async start(demo?: Filled): Promise<Porchlight> {
        const folder = await temporaryFolder()
        if (demo) await cp(demo.folder, folder, { recursive: true })
        const porchlight = new Porchlight(`http://127.0.0.1:${await freePort()}`, folder, demo?.says ?? '')
        try {
            await porchlight.serve()
        } catch (error) {
            await porchlight.stop()
            throw error
        }
        return porchlight
    }

    /** The one-time address at which a new community is founded. */
    get foundingLink(): string {
        const link = this.log.match(/\S*\/setup\?key=[^\s"'<>]+/)?.[0]
        if (!link) throw new Error(`The server printed no founding link:\n${this.log}`)
        return new URL(link, this.url).href
    }

    /** The names by which an admin, a host and a member of the demo place sign in. */
    get names(): Record<Role, string> {
        const name = (role: Role) => {
            const found = this.demoSays.match(new RegExp(`^\\W*(?:an? )?${role}\\b[^\\w@]*@?([\\w.-]+)`, 'im'))?.[1]
            if (!found) throw new Error(`'porchlight demo' named no ${role}:\n${this.demoSays}`)
            return found
        }
        return { admin: name('admin'), host: name('host'), member: name('member') }
    }

    /** The password of everybody in the demo place. */
    get password(): string {
        const found = this.demoSays.match(/password\b[^:]*:\s*(.+)/i)?.[1]
        if (!found) throw new Error(`'porchlight demo' told no password:\n${this.demoSays}`)
        return found.trim()
    }

    /**
     * Starts the server on this folder; again after `kill`, to see what has survived. With `ahead`, its clock is so many seconds ahead of
     * the world's: an evening is over when the story says so. (How long it waits for something is as long as ever.)
     */
    async serve(ahead = 0): Promise<void> {
        const child = spawn(binary, ['serve', '--data', this.folder, '--listen', new URL(this.url).host], {
            env: ahead ? { ...environment, LD_PRELOAD: await clockLibrary(), FAKETIME: `+${Math.round(ahead)}`, FAKETIME_DONT_FAKE_MONOTONIC: '1' } : environment,
            stdio: ['ignore', 'pipe', 'pipe'],
        })
        this.process = child
        running.add(child)
        let failure: Error | undefined
        child.on('error', (error) => (failure = error))
        child.on('exit', () => running.delete(child))
        for (const stream of [child.stdout, child.stderr]) {
            stream.setEncoding('utf8').on('data', (text: string) => (this.log += text))
        }
        const deadline = Date.now() + 20_000
        while (!(await answers(`${this.url}/readyz`))) {
            if (failure) throw new Error(`${binary} could not be started: ${failure.message}. 'make build' makes it.`)
            if (ended(child)) throw new Error(`The server ended with ${child.exitCode ?? child.signalCode}:\n${this.log}`)
            if (Date.now() > deadline) throw new Error(`The server was not ready after 20 seconds:\n${this.log}`)
            await sleep(25)
        }
    }

    /** Ends the server: politely as a service manager would, or with SIGKILL as a power cut would. */
    async kill(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<number | null> {
        const child = this.process
        if (child.pid === undefined) return null
        if (!ended(child)) {
            const exit = once(child, 'exit')
            child.kill(signal)
            const patience = setTimeout(() => child.kill('SIGKILL'), 10_000)
            await exit
            clearTimeout(patience)
        }
        return child.exitCode
    }

    async stop(): Promise<void> {
        await this.kill()
        await rm(this.folder, { recursive: true, force: true })
    }
}

/** A data folder, and what was printed when it was filled. */
export interface Filled {
    readonly folder: string
    readonly says: string
}

/** The folder with the invented community, filled once for a whole run (`demo.ts`) and copied for each test that asks for it. */
export class Demo {
    /** Tells the workers where it is: what is set before they start they find in their environment. */
    private static readonly variable = 'PORCHLIGHT_END2END_DEMO'

    private constructor(private readonly folder: string) {}

    static async fill(): Promise<Demo> {
        const demo = new Demo(await temporaryFolder())
        try {
            const { stdout } = await promisify(execFile)(binary, ['demo', '--data', join(demo.folder, 'data')], { env: environment })
            await writeFile(join(demo.folder, 'says'), stdout)
        } catch (error) {
            await demo.remove()
            throw error
        }
        process.env[Demo.variable] = demo.folder
        return demo
    }

    /** The one of this run. */
    static async filled(): Promise<Filled> {
        const folder = process.env[Demo.variable]
        if (!folder) throw new Error('The demo place is filled before the tests begin, by `globalSetup`, and it was not.')
        return { folder: join(folder, 'data'), says: await readFile(join(folder, 'says'), 'utf8') }
    }

    async remove(): Promise<void> {
        await rm(this.folder, { recursive: true, force: true })
    }
}

/** How a command of `porchlight` ended, and what it printed on both of its streams. */
export interface Ended {
    code: number | null
    says: string
}

/** Runs a command of `porchlight` to its end. */
export async function run(...command: string[]): Promise<Ended> {
    const child = spawn(binary, command, { env: environment, stdio: ['ignore', 'pipe', 'pipe'] })
    running.add(child)
    let says = ''
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (says += text))
    const [code] = (await once(child, 'close')) as [number | null]
    running.delete(child)
    return { code, says }
}

/** Goes to a page that the client takes over, and waits until it has. */
export async function open(page: Page, address: string): Promise<void> {
    // The stream of hints is opened by the client alone, when it has taken the page over.
    const taken = page.waitForRequest((request) => new URL(request.url()).pathname === '/live')
    await page.goto(address)
    await taken
}

interface PerTest {
    /** How the place is when the test begins: empty, the invented community, or none because the test starts its own. */
    place: 'empty' | 'demo' | 'own'
    filled: Filled | undefined
    started: Porchlight | undefined
    porchlight: Porchlight
    /** What the browsers reported so far. A test that provokes a report on purpose takes it out again. */
    troubles: string[]
    /** A new browser profile of a visitor, watched. */
    visitor: (options?: BrowserContextOptions) => Promise<Page>
    /** A new browser profile in which a member is signed in, watched. */
    as: (name: string, options?: BrowserContextOptions) => Promise<Page>
}

export const test = base.extend<PerTest>({
    place: ['empty', { option: true }],

    filled: async ({ place }, use) => {
        await use(place === 'demo' ? await Demo.filled() : undefined)
    },

    started: async ({ place, filled }, use, info) => {
        if (place === 'own') return use(undefined)
        const porchlight = await Porchlight.start(filled)
        await use(porchlight)
        if (info.status !== info.expectedStatus) await info.attach('server log', { body: porchlight.log, contentType: 'text/plain' })
        await porchlight.stop()
    },

    porchlight: async ({ started }, use) => {
        if (!started) throw new Error("A test with `place: 'own'` has no `porchlight` but the one that it starts itself.")
        await use(started)
    },

    baseURL: async ({ started }, use) => {
        await use(started?.url)
    },

    troubles: [
        async ({}, use) => {
            const troubles: string[] = []
            await use(troubles)
            expect(troubles, 'what the browsers reported').toEqual([])
        },
        { auto: true },
    ],

    context: async ({ context, troubles, javaScriptEnabled }, use) => {
        watch(context, troubles, javaScriptEnabled)
        await use(context)
    },

    visitor: async ({ browser, troubles, baseURL, javaScriptEnabled }, use) => {
        const contexts: BrowserContext[] = []
        await use(async (options) => {
            const context = await browser.newContext({ baseURL, ...options })
            contexts.push(context)
            watch(context, troubles, options?.javaScriptEnabled ?? javaScriptEnabled)
            return context.newPage()
        })
        // Before the server ends, so that nobody notices its end.
        for (const context of contexts) await context.close()
    },

    as: async ({ visitor, started }, use) => {
        await use(async (name, options) => {
            const page = await visitor(options)
            // The form itself has tests of its own; this is the same, sooner.
            const form = { name, password: started?.password ?? '' }
            const answer = await page.request.post('/api/sign-in', { form, headers: { accept: 'application/json' } })
            expect(answer.status(), `${name} signs in`).toBe(200)
            return page
        })
    },
})

function watch(context: BrowserContext, troubles: string[], withScript = true): void {
    context.on('weberror', (error) => {
        const { name, message, stack } = error.error()
        // The browser leaves out the fade between two documents where the next one came too soon: an ornament, and nothing is lost.
        if (/^Transition was (aborted|skipped)/.test(message)) return
        troubles.push(stack || `${name}: ${message}`)
    })
    context.on('console', (message) => {
        if (!['error', 'warning', 'assert'].includes(message.type())) return
        // A page that is not there, or a form that was refused, is an answer like others.
        if (/^Failed to load resource: the server responded with a status of 4\d\d/.test(message.text())) return
        // Where no script runs, the client that the page offers is fetched for nothing, and the browser says so.
        if (!withScript && message.text().includes('was preloaded using link preload but not used')) return
        troubles.push(`${message.type()} at ${message.location().url}: ${message.text()}`)
    })
}

/** The library that sets a program's clock. */
async function clockLibrary(): Promise<string> {
    for (const folder of await readdir('/usr/lib')) {
        const library = join('/usr/lib', folder, 'faketime/libfaketime.so.1')
        if (await access(library).then(() => true, () => false)) return library
    }
    throw new Error("A server can't be set to another time without libfaketime. 'scripts/setup tests' installs it.")
}

/** An interrupted run must not leave servers behind. */
const running = new Set<ChildProcess>()
process.on('exit', () => {
    for (const child of running) child.kill('SIGKILL')
})

function ended(child: ChildProcess): boolean {
    return child.exitCode !== null || child.signalCode !== null
}

function temporaryFolder(): Promise<string> {
    return mkdtemp(join(tmpdir(), 'porchlight-end2end-'))
}

async function freePort(): Promise<number> {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    server.close()
    await once(server, 'close')
    return port
}

async function answers(url: string): Promise<boolean> {
    try {
        return (await fetch(url, { signal: AbortSignal.timeout(1000) })).ok
    } catch {
        return false
    }
}
