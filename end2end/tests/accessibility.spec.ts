import AxeBuilder from '@axe-core/playwright'
import { expect, test, type Page, type Role } from '../porchlight'
import { say } from '../steps'

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
        '/nothing-here', 'PUBLIC', 'JOIN', 'ASK', '/offline',
    ],
    member: [
        '/', 'EARLIER', '/?tag=drawing', 'THREAD', 'THREAD/edit', 'THREAD/history', '/people', '/people?order=name', '/people/tomek', '/people/yuki',
        '/gatherings', '/gatherings/new', '/gatherings/early-brushes-with-yuki', 'SESSION', '/notifications', '/settings', '/settings/sign-in',
        '/settings/calendar', '/nothing-here', '/about', '/rules',
    ],
    host: ['/hosting/invitations', 'INVITATION', '/hosting/sign-in-help', '/gatherings/thursday-drawing-party'],
    admin: ['/admin', '/admin/looks', '/admin/looks?accent=own&own=%23ffff66', '/admin/words', '/admin/rules', '/admin/roles', '/gatherings/thursday-drawing-party/edit'],
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
                await expect(page.getByRole('heading', { level: 1 })).toBeAttached()
                for (const size of sizes) {
                    await page.setViewportSize(size)
                    for (const colorScheme of schemes) {
                        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
                        const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']).analyze()
                        for (const { id, help, nodes } of violations) {
                            found.push(`${address}, ${size.name} width, ${colorScheme}: ${id} (${help}): ${nodes.map((node) => `${node.target} ${node.failureSummary}`).join(' | ')}`)
                        }
                    }
                }
                await page.setViewportSize({ width: 320, height: 640 })
                const wide = await page.evaluate(() => document.documentElement.scrollWidth)
                if (wide > 320) found.push(`${address} is ${wide} pixels wide on a screen of 320`)
            }
            expect(found).toEqual([])
        })
    }
}

test('the first tab stop skips to the page, and every stop can be seen', async ({ as }) => {
    const page = await as('tomek')
    await page.goto('/people')
    await page.keyboard.press('Tab')
    await expect(page.getByRole('link', { name: 'Skip to the page' })).toBeFocused()
    await expect(page.getByRole('link', { name: 'Skip to the page' })).toBeInViewport()
    await page.keyboard.press('Enter')
    await expect(page.locator('#page')).toBeFocused()
})

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
