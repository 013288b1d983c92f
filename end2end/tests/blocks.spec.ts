import { expect, test, type Page } from '../porchlight'
import { composer, expectNothingAt, flaws, post } from '../steps'

test.use({ place: 'demo' })

/** A page of members' settings fits a narrow phone. */
async function fitsAPhone(page: Page): Promise<void> {
    await page.setViewportSize({ width: 320, height: 640 })
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320)
}

for (const javaScriptEnabled of [false, true]) {
    test(`somebody is blocked from their page, and it is taken back, ${javaScriptEnabled ? 'with' : 'without'} script`, async ({ as }) => {
        const [tomek, kofi] = [await as('tomek', { javaScriptEnabled }), await as('kofi', { javaScriptEnabled: false })]
        await tomek.goto('/')
        await expect(tomek.getByRole('article').filter({ hasText: 'Kofi Mensah' }).first()).toBeVisible()
        await tomek.goto('/people/kofi')
        await expect(tomek.getByRole('heading', { level: 2, name: 'Lately' })).toBeVisible()
        await tomek.getByRole('link', { name: 'Block', exact: true }).click()

        await test.step('the page says what it does before one does it', async () => {
            await expect(tomek.getByRole('heading', { level: 2, name: 'Block somebody' })).toBeVisible()
            await expect(tomek.getByLabel('Whom')).toHaveValue('kofi')
            await expect(tomek.getByText('Nobody is told: not they, not the hosts, not the admins.')).toBeVisible()
            await expect(tomek.getByRole('region', { name: 'If something is wrong' }).getByRole('link', { name: 'Marco Bellini' })).toBeVisible()
            // What looks for flaws is a script.
            if (javaScriptEnabled) expect(await flaws(tomek, 'blocking somebody')).toEqual([])
            await tomek.getByRole('button', { name: 'Block them' }).click()
            await expect(tomek.getByRole('status')).toHaveText('Done. Nobody is told.')
            await expect(tomek.getByRole('region', { name: 'Whom you blocked' }).getByRole('link', { name: 'Kofi Mensah' })).toBeVisible()
            if (javaScriptEnabled) expect(await flaws(tomek, 'whom one blocked')).toEqual([])
        })

        await test.step('what they wrote is not there for the one, and all is as ever for the other', async () => {
            await tomek.goto('/people/kofi')
            await expect(tomek.getByRole('heading', { level: 1, name: 'Kofi Mensah' })).toBeVisible()
            await expect(tomek.getByRole('heading', { level: 2, name: 'Lately' })).toHaveCount(0)
            await kofi.goto('/')
            await composer(kofi).fill('Has anybody seen my ladle?')
            await kofi.getByRole('button', { name: 'Send', exact: true }).click()
            await expect(post(kofi, 'Has anybody seen my ladle?')).toBeVisible()
            const address = await post(kofi, 'Has anybody seen my ladle?').getByRole('link', { name: 'Reply' }).getAttribute('href')
            await tomek.goto('/')
            await expect(tomek.getByText('Has anybody seen my ladle?')).toHaveCount(0)
            await expectNothingAt(tomek, address!.split(/[?#]/)[0]!, '/posts/99')
            await kofi.goto('/settings/blocks')
            await expect(kofi.getByRole('heading', { level: 2, name: 'Whom you blocked' })).toHaveCount(0)
        })

        await test.step('it is taken back', async () => {
            await tomek.goto('/settings')
            const pages = tomek.getByRole('navigation', { name: 'Settings' })
            // On a phone they are folded; what looked for flaws left it as narrow as one.
            if (javaScriptEnabled) await pages.locator('summary').click()
            await pages.getByRole('link', { name: 'Blocks' }).click()
            await fitsAPhone(tomek)
            await tomek.getByRole('button', { name: 'Take it back (Kofi Mensah)' }).click()
            await expect(tomek.getByRole('status')).toHaveText('Taken back. What they wrote is there again; nobody is told.')
            await tomek.goto('/')
            await expect(tomek.getByText('Has anybody seen my ladle?')).toBeVisible()
        })
    })
}

test('a name that nobody has comes back as it was typed', async ({ as }) => {
    const tomek = await as('tomek', { javaScriptEnabled: false })
    await tomek.goto('/settings/blocks')
    await tomek.getByLabel('Whom').fill('Nobody Inparticular')
    await tomek.getByRole('button', { name: 'Block them' }).click()
    await expect(tomek.getByRole('alert')).toContainText('Nobody here is called Nobody Inparticular')
    await expect(tomek.getByLabel('Whom')).toHaveValue('Nobody Inparticular')
    await fitsAPhone(tomek)
})
