import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { createHash } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, open, Porchlight, run, test, type Page } from '../porchlight'
import { picture, composer, post } from '../steps'

test.use({ place: 'demo' })

test('a power cut while people post loses nothing that was acknowledged', async ({ as, porchlight }) => {
    const page = await as('tomek')
    const acknowledged: { id: number; text: string }[] = []
    let cut = false
    const write = async (writer: number) => {
        for (let at = 0; !cut; at++) {
            const text = `Writer ${writer}, line ${at}.`
            try {
                const answer = await page.request.post('/api/posts/write', {
                    multipart: { markdown: text },
                    headers: { accept: 'application/json', origin: porchlight.url },
                })
                if (answer.status() === 200) acknowledged.push({ id: await answer.json(), text })
            } catch (broken) {
                // The one that was on its way when the power went: nobody was told that it arrived.
                if (!cut) throw broken
            }
        }
    }
    const writers = [1, 2, 3, 4].map(write)
    await expect.poll(() => acknowledged.length).toBeGreaterThan(60)
    cut = true
    await porchlight.kill('SIGKILL')
    await Promise.all(writers)
    await porchlight.serve()

    for (const { id, text } of acknowledged) {
        const answer = await page.request.get(`/posts/${id}`)
        expect(answer.status(), text).toBe(200)
        expect(await answer.text()).toContain(text)
    }
    await porchlight.kill()
    expect((await run('check', '--data', porchlight.folder)).says).toContain('All is well.')
})

test('without a connection there is a page that says so, and it goes on afterwards', async ({ as, porchlight, troubles }) => {
    const page = await as('tomek')
    await open(page, '/')
    await page.evaluate(async () => {
        await navigator.serviceWorker.ready
        if (!navigator.serviceWorker.controller) await new Promise((taken) => navigator.serviceWorker.addEventListener('controllerchange', taken))
    })
    await composer(page).pressSequentially('Written on the train')
    await porchlight.kill()
    await page.goto('/people')
    await expect(page.getByRole('heading', { name: 'You are offline' })).toBeVisible()
    await porchlight.serve()
    await open(page, '/')
    await expect(composer(page)).toHaveValue('Written on the train')
    // That the server was away is what this test is about, and the browser reports it.
    troubles.splice(0, troubles.length, ...troubles.filter((trouble) => !/ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED_ENCODING|Failed to fetch|\/people/.test(trouble)))
})

test('a backup made while the place is open gives the same place back', async ({ as, porchlight }) => {
    const page = await as('tomek')
    await open(page, '/')
    await composer(page).fill('The last word before the backup.')
    await page.getByLabel('Pictures, up to 4').setInputFiles(picture())
    await page.getByLabel('What does it show?').fill('A red square')
    await page.getByRole('button', { name: 'Send', exact: true }).click()
    await expect(post(page, 'The last word before the backup.')).toBeVisible()

    const away = await mkdtemp(join(tmpdir(), 'porchlight-end2end-'))
    try {
        const file = join(away, 'monday.tar')
        const made = await run('backup', '--data', porchlight.folder, file)
        expect(made.code, made.says).toBe(0)
        const again = await run('backup', '--data', porchlight.folder, file)
        expect(again.code, 'a backup is not overwritten').not.toBe(0)
        const before = await everything(page)

        const folder = join(away, 'restored')
        const restored = await run('restore', '--data', folder, file)
        expect(restored.code, restored.says).toBe(0)
        const checked = await run('check', '--data', folder)
        expect(checked, checked.says).toMatchObject({ code: 0, says: expect.stringContaining('All is well.') })
        expect(await hashes(join(folder, 'media'))).toEqual(await hashes(join(porchlight.folder, 'media')))

        const other = await Porchlight.start({ folder, says: porchlight.demoSays })
        try {
            // The sign-in was in the backup as well; only the address is another.
            const cookies = await page.context().cookies()
            const context = await page.context().browser()!.newContext({ baseURL: other.url, storageState: { cookies, origins: [] } })
            const after = await everything(await context.newPage())
            await context.close()
            expect(before.posts.length).toBeGreaterThan(100)
            expect(after).toEqual(before)
        } finally {
            await other.stop()
        }
        const full = await run('restore', '--data', porchlight.folder, file)
        expect(full.code, 'a place that is there is left alone').not.toBe(0)
    } finally {
        await rm(away, { recursive: true, force: true })
    }
})

test('a port that is taken is told in a sentence', async ({ porchlight }) => {
    const folder = await mkdtemp(join(tmpdir(), 'porchlight-end2end-'))
    try {
        const { host, port } = new URL(porchlight.url)
        const { code, says } = await run('serve', '--data', folder, '--listen', host)
        expect(code).toBeGreaterThan(0)
        expect(says).toContain(`The port ${port} is taken: another program listens there.`)
    } finally {
        await rm(folder, { recursive: true, force: true })
    }
})

test('a folder that another server uses is left to it', async ({ porchlight }) => {
    const { code, says } = await run('serve', '--data', porchlight.folder, '--listen', '127.0.0.1:0')
    expect(code).toBeGreaterThan(0)
    expect(says).not.toContain('panicked')
    expect((await fetch(`${porchlight.url}/readyz`)).status).toBe(200)
})

/** All posts, people and gatherings that a member sees, as the server tells them. */
async function everything(page: Page) {
    const origin = new URL((await page.request.get('/livez')).url()).origin
    const at = async (address: string) => (await page.request.get(`/api/page?address=${encodeURIComponent(address)}`, { headers: { origin } })).json()
    const posts: { id: string }[] = []
    for (let address = '/'; address; ) {
        const [shown] = (await at(address)).Timeline
        posts.push(...shown.posts)
        address = shown.before ? `/?before=${shown.before}` : ''
    }
    return { posts, people: await at('/people?order=name'), gatherings: await at('/gatherings') }
}

/** Each file below a folder, with its hash. */
async function hashes(folder: string): Promise<Record<string, string>> {
    const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((file) => file.isFile())
    const named = files.map(async (file) => {
        const path = join(file.parentPath ?? file.path, file.name)
        return [path.slice(folder.length), createHash('sha256').update(await readFile(path)).digest('hex')] as const
    })
    return Object.fromEntries((await Promise.all(named)).sort())
}
