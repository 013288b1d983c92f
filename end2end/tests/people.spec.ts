import { expect, open, test } from '../porchlight'
import { found, picture, say } from '../steps'

test.describe('in a lively place', () => {
    test.use({ place: 'demo' })

    test('everyone is there, in their own words, in the order that one chooses', async ({ as }) => {
        const page = await as('tomek')
        await open(page, '/people')
        await expect(page.getByText('Forty-two of us, each in their own words.')).toBeVisible()
        const names = page.getByRole('main').getByRole('heading', { level: 2 }).getByRole('link')
        await expect(names).toHaveCount(42)
        await expect(page.getByRole('listitem').filter({ hasText: '@marco' })).toContainText('Retired ferry mate.')
        await page.getByRole('link', { name: 'By name' }).click()
        await expect(page).toHaveURL('/people?order=name')
        await expect(page.getByRole('link', { name: 'By name' })).toHaveAttribute('aria-current', 'true')
        await expect(names.first()).toHaveText(/^A/)
        const shown = await names.allInnerTexts()
        expect(shown).toEqual([...shown].sort((one, other) => one.localeCompare(other, 'en', { sensitivity: 'base' })))
    })

    test('a person has a page with who invited them and what they wrote', async ({ as }) => {
        const page = await as('tomek')
        await open(page, '/people')
        await page.getByRole('main').getByRole('link', { name: 'Yuki Tanaka' }).click()
        await expect(page.getByRole('heading', { level: 1, name: 'Yuki Tanaka' })).toBeVisible()
        await expect(page.getByText('they/them')).toBeVisible()
        await expect(page.getByText('brush pen')).toBeVisible()
        await expect(page.getByRole('definition').filter({ hasText: 'in Tokyo' })).toHaveText(/^\d\d:\d\d in Tokyo$/)
        await page.getByRole('definition').getByRole('link', { name: 'Amara Okafor' }).click()
        await expect(page.getByRole('heading', { level: 1, name: 'Amara Okafor' })).toBeVisible()
        await expect(page.getByRole('heading', { level: 2, name: 'Lately' })).toBeVisible()
    })

    test('what one changes about oneself is what the others see', async ({ as }) => {
        const [kofi, tomek] = [await as('kofi'), await as('tomek')]
        await open(kofi, '/people/kofi')
        await expect(kofi.getByText('This is how the others see you.')).toBeVisible()
        await kofi.getByRole('link', { name: 'Change your page' }).click()
        await kofi.getByLabel('Display name').fill('Kofi the Cook')
        await kofi.getByLabel('Pronouns').fill('he/they')
        await kofi.getByLabel('Your sentence').fill('Soup is a way of listening.')
        await kofi.getByLabel('Interests').fill('soup, a very big pot')
        await kofi.getByLabel('Picture', { exact: true }).setInputFiles(picture('me.png', [20, 60, 160]))
        await kofi.getByRole('button', { name: 'Save' }).click()
        await expect(kofi.getByText('Saved. That is how they see you now.')).toBeVisible()

        await open(tomek, '/people/kofi')
        await expect(tomek.getByRole('heading', { level: 1, name: 'Kofi the Cook' })).toBeVisible()
        for (const words of ['he/they', 'Soup is a way of listening.', 'a very big pot']) await expect(tomek.getByText(words, { exact: true })).toBeVisible()
        const portrait = tomek.getByRole('main').locator('img.face').first()
        const address = await portrait.getAttribute('src')
        expect((await tomek.request.get(address!)).headers()['content-type']).toBe('image/webp')
    })

    test('a profile that is refused comes back as it was typed', async ({ as }) => {
        const kofi = await as('kofi')
        await kofi.goto('/settings')
        await kofi.getByLabel('Display name').fill('Kofi M.')
        await kofi.getByLabel('Interests').fill('a, b, c, d, e, f, g, h, i, j, k, l, m')
        await kofi.getByRole('button', { name: 'Save' }).click()
        await expect(kofi.getByRole('alert')).toContainText('That is a lot of interests.')
        await expect(kofi.getByLabel('Display name')).toHaveValue('Kofi M.')
        await expect(kofi.getByLabel('Interests')).toHaveValue('a, b, c, d, e, f, g, h, i, j, k, l, m')
    })

    test('a visitor sees nobody, and no portrait by its address', async ({ as, visitor, porchlight }) => {
        const [tomek, stranger] = [await as('tomek'), await visitor()]
        await open(tomek, '/people/ines')
        const portrait = await tomek.getByRole('main').locator('img.face').first().getAttribute('src')
        expect((await tomek.request.get(portrait!)).status()).toBe(200)
        expect((await stranger.request.get(portrait!)).status()).toBe(404)
        for (const address of ['/people', '/people/ines', '/people/nobody-at-all']) {
            await stranger.goto(address)
            await expect(stranger).toHaveURL(`/sign-in?next=${address}`)
        }
        const asked = await stranger.request.get('/api/page?address=/people', { headers: { origin: porchlight.url } })
        expect(asked.status()).toBe(200)
        expect(await asked.text()).toBe('"NotHere"')
    })

    test("somebody's page shows what they wrote only to those who may read it", async ({ as }) => {
        const [kofi, ines, tomek] = [await as('kofi'), await as('ines'), await as('tomek')]
        await say(kofi, 'The pot is found, tell nobody.', { audience: 'named', named: '@ines' })
        await open(ines, '/people/kofi')
        await expect(ines.getByText('The pot is found')).toBeVisible()
        await open(tomek, '/people/kofi')
        await expect(tomek.getByRole('heading', { level: 1, name: 'Kofi Mensah' })).toBeVisible()
        await expect(tomek.getByText('The pot is found')).toHaveCount(0)
    })
})

test('the first one is told how a place begins', async ({ page, porchlight }) => {
    await found(page, porchlight.foundingLink, { name: 'ana', called: 'Ana Reis', password: 'a drawer full of pencils' }, 'Kofi')
    await open(page, '/people')
    await expect(page.getByText('Only you, so far.')).toBeVisible()
    await page.getByRole('link', { name: 'Invite somebody' }).click()
    await expect(page.getByRole('heading', { level: 1, name: 'Invitations' })).toBeVisible()
})
