import AxeBuilder from '@axe-core/playwright'
import type { Locator } from '@playwright/test'
import { expect, test, type Page, type Role } from '../porchlight'
import { composer, founding, nextWeekday, picture, say, signIn } from '../steps'

test.use({ place: 'demo' })

const sizes = [
    { name: "a phone's", width: 390, height: 844 },
    { name: "a desk's", width: 1280, height: 800 },
]
const schemes = ['light', 'dark'] as const

/** Every screen that there is, by who sees it. */
const screens: Record<'visitor' | Role, string[]> = {
    visitor: [
        '/', '/about', '/rules', '/sign-in', '/sign-in?next=/people', '/gatherings', '/gatherings/thursday-drawing-party', 'SESSION',
        '/nothing-here', 'PUBLIC', 'JOIN', 'ASK', '/offline', '/calendar', '/gatherings/thursday-drawing-party/calendar',
    ],
    member: [
        '/', 'EARLIER', '/?tag=drawing', 'THREAD', 'THREAD/edit', 'THREAD/history', '/people', '/people?order=name', '/people/tomek', '/people/yuki',
        '/gatherings', '/gatherings/new', '/gatherings/early-brushes-with-yuki', 'SESSION', '/notifications', '/settings', '/settings/sign-in',
        '/settings/calendar', '/settings/greeting', '/welcome', '/welcome/greeting', '/nothing-here', '/about', '/rules',
    ],
    host: ['/hosting', '/hosting/newcomers', '/hosting/invitations', 'INVITATION', '/hosting/sign-in-help', '/gatherings/thursday-drawing-party'],
    admin: ['/admin', '/admin/looks', '/admin/looks?accent=own&own=%23ffff66', '/admin/words', '/admin/rules', '/admin/welcome', '/admin/roles', '/gatherings/thursday-drawing-party/edit'],
}

for (const who of Object.keys(screens) as (keyof typeof screens)[]) {
    // A part at a time, so that both workers have something to do.
    for (const [part, addresses] of parts(screens[who], 7).entries()) {
        test(`axe finds nothing on the screens of a ${who}, part ${part + 1}`, async ({ as, visitor, porchlight }) => {
            test.setTimeout(150_000)
            const page = who === 'visitor' ? await visitor() : await as(porchlight.names[who])
            const found: string[] = []
            for (const address of addresses) {
                await page.setViewportSize(sizes[1])
                await page.goto(await real(address, page, as))
                found.push(...(await flaws(page, address)))
            }
            expect(found).toEqual([])
        })
    }
}

test.describe('a place that begins', () => {
    test.use({ place: 'empty' })

    test('axe finds nothing from the first step of founding to the first evening', async ({ porchlight, page }) => {
        test.setTimeout(240_000)
        const found: string[] = []
        const look = async (at: string) => found.push(...(await flaws(page, at)))
        await page.goto('/')
        await look('nobody lives here yet')
        await page.goto(porchlight.foundingLink)
        await look('founding: the place')
        await founding.place(page, 'Drawing Circle')
        await look('founding: you')
        await founding.founder(page, { name: 'ana', called: 'Ana Reis', password: 'a drawer full of pencils' })
        await look('founding: looks')
        await founding.looks(page)
        await look('founding: house rules')
        await founding.rules(page)
        await look('founding: first gathering')
        await founding.gathering(page, 'Saturday sketches', nextWeekday(6))
        await look('founding: invitation')
        await founding.invitation(page, 'Kofi')
        await look('founding: done')
        for (const address of ['/', '/people', '/gatherings', '/notifications', '/people/ana', '/hosting/invitations']) {
            await page.goto(address)
            await look(`${address} of a new place`)
        }
        expect(found).toEqual([])
    })
})

test('axe finds nothing in what opens, and in what is refused', async ({ as, visitor, porchlight }) => {
    test.setTimeout(240_000)
    const found: string[] = []
    const [member, host, door] = [await as(porchlight.names.member), await as(porchlight.names.host), await visitor()]
    const look = async (page: Page, at: string) => found.push(...(await flaws(page, at)))

    await signIn(door, 'tomek', 'not this one')
    await expect(door.getByRole('alert')).toBeVisible()
    await look(door, 'a refused sign-in')

    await member.setViewportSize(sizes[1])
    await member.goto('/')
    await member.getByRole('button', { name: 'You', exact: true }).click()
    await look(member, 'the menu of oneself')
    await member.keyboard.press('Escape')
    await member.getByRole('article').first().getByRole('button', { name: 'React' }).click()
    await look(member, 'the menu of reactions')
    await member.keyboard.press('Escape')
    await member.getByLabel('Who can read this').selectOption('named')
    await member.getByLabel('Pictures, up to 4').setInputFiles(picture('leaf.png'))
    await expect(member.getByLabel('What does it show?')).toBeVisible()
    await composer(member).pressSequentially('Soup for @k')
    await expect(member.getByRole('listbox', { name: 'Suggestions' })).toBeVisible()
    await look(member, 'a post being written')
    await member.keyboard.press('Escape')
    await member.getByRole('button', { name: 'Send', exact: true }).click()
    await expect(member.getByRole('alert')).toBeVisible()
    await look(member, 'a refused post')

    await host.goto('/gatherings/new')
    await host.getByLabel('What is it called?').fill('Soup')
    await host.getByLabel('First day').fill(nextWeekday(4))
    await host.getByLabel('At', { exact: true }).fill('19:30')
    await host.getByRole('button', { name: 'Put it on the agenda' }).click()
    await expect(host.getByRole('alert')).toBeVisible()
    await look(host, 'a refused gathering')
    expect(found).toEqual([])
})

test('the first tab stop skips to the page, and every stop can be seen', async ({ as }) => {
    const page = await as('tomek')
    await page.goto('/people')
    await page.keyboard.press('Tab')
    await expect(page.getByRole('link', { name: 'Skip to the page' })).toBeFocused()
    await expect(page.getByRole('link', { name: 'Skip to the page' })).toBeInViewport()
    await page.keyboard.press('Enter')
    await expect(page.locator('#page')).toBeFocused()
})

test('the agenda and the month are walked by keyboard alone, from the filters to a session and back', async ({ as }) => {
    const page = await as('tomek')
    await page.goto('/gatherings')
    await walkTo(page, page.getByRole('link', { name: 'In person', exact: true }))
    await page.keyboard.press('Enter')
    await expect(page.getByRole('link', { name: 'In person', exact: true })).toHaveAttribute('aria-current', 'page')
    await walkTo(page, page.getByRole('link', { name: 'As a month' }))
    await page.keyboard.press('Enter')
    await expect(page.getByRole('table')).toBeVisible()
    const steps = page.getByRole('navigation', { name: 'Other months' }).getByRole('link')
    const following = (await steps.last().textContent())!.replace('→', '').trim()
    await walkTo(page, steps.last())
    await page.keyboard.press('Enter')
    await expect(page.getByRole('heading', { level: 1, name: following })).toBeVisible()
    const session = page.getByRole('table').getByRole('link').first()
    const address = await session.getAttribute('href')
    await walkTo(page, session)
    await page.keyboard.press('Enter')
    await expect(page).toHaveURL(address!)
    // The key for that is the browser's own, and one without a window has none.
    await page.goBack()
    await expect(page.getByRole('heading', { level: 1, name: following })).toBeVisible()
    await walkTo(page, page.getByRole('link', { name: 'As a list' }))
    await page.keyboard.press('Enter')
    const first = page.getByRole('listitem').getByRole('heading', { level: 3 }).getByRole('link').first()
    const next = await first.getAttribute('href')
    await walkTo(page, first)
    await page.keyboard.press('Enter')
    await expect(page).toHaveURL(next!)
})

/** Goes from stop to stop until somewhere, each with an outline that is seen. */
async function walkTo(page: Page, there: Locator): Promise<void> {
    await expect(there).toBeVisible()
    for (let stops = 0; stops < 80; stops++) {
        await page.keyboard.press('Tab')
        const outline = await page.evaluate(() => {
            const on = document.activeElement
            return on && on !== document.body ? getComputedStyle(on).outlineStyle : 'solid'
        })
        expect(outline, 'the stop can be seen').not.toBe('none')
        if (await there.evaluate((element) => element === document.activeElement)) return
    }
    throw new Error(`80 stops do not lead to ${there}`)
}

/** What axe finds on a page, at each width and in each scheme; and whether it fits a narrow screen. */
async function flaws(page: Page, at: string): Promise<string[]> {
    const found: string[] = []
    await expect(page.getByRole('heading', { level: 1 })).toBeAttached()
    for (const size of sizes) {
        await page.setViewportSize(size)
        for (const colorScheme of schemes) {
            await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
            const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']).analyze()
            for (const { id, help, nodes } of violations) {
                found.push(`${at}, ${size.name} width, ${colorScheme}: ${id} (${help}): ${nodes.map((node) => `${node.target} ${node.failureSummary}`).join(' | ')}`)
            }
        }
    }
    await page.setViewportSize({ width: 320, height: 640 })
    const wide = await page.evaluate(() => document.documentElement.scrollWidth)
    if (wide > 320) found.push(`${at} is ${wide} pixels wide on a screen of 320`)
    return found
}

function parts<T>(all: T[], size: number): T[][] {
    return Array.from({ length: Math.ceil(all.length / size) }, (_, at) => all.slice(at * size, (at + 1) * size))
}

/** The address of a screen that has a number, a date or a code in it. */
async function real(address: string, page: Page, as: (name: string) => Promise<Page>): Promise<string> {
    const link = async (from: string, pattern: RegExp) => {
        const text = await (await page.request.get(from)).text()
        const found = text.match(pattern)?.[1]
        expect(found, `${from} leads to ${pattern}`).toBeTruthy()
        return found!.replaceAll('&amp;', '&')
    }
    switch (address.split('/')[0]) {
        case 'SESSION':
            return link('/gatherings', /href="(\/gatherings\/[\w-]+\/\d{4}-\d\d-\d\d)"/)
        case 'EARLIER':
            return link('/', /href="(\/\?before=\d+)"/)
        case 'INVITATION':
            return link('/hosting/invitations', /href="(\/hosting\/invitations\/\d+)"/)
        case 'THREAD': {
            const id = await say(page, 'A **list** of [links](https://example.org), `code` and > more:\n\n- one\n- two\n\n> said before\n\n#drawing @kofi', { note: 'Much Markdown' })
            return address.replace('THREAD', `/posts/${id}`)
        }
        case 'PUBLIC':
            return `/posts/${await say(await as('tomek'), 'For everybody on the web.', { audience: 'public' })}`
        case 'JOIN': {
            const ines = await as('ines')
            await ines.goto('/hosting/invitations')
            await ines.getByRole('link', { name: /Link and card.*Dona Graça/ }).click()
            return ines.getByRole('textbox', { name: 'Invitation link' }).inputValue()
        }
        case 'ASK': {
            await page.goto('/')
            await page.getByLabel('Your name').fill('Beatriz')
            await page.getByLabel('A few words').fill('I walked under the lanterns.')
            await page.getByRole('button', { name: 'Ask to join' }).click()
            await expect(page).toHaveURL(/\/ask\//)
            return page.url()
        }
        default:
            return address
    }
}
