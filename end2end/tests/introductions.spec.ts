import { expect, test, type Page } from '../porchlight'
import { expectNothingAt, flaws } from '../steps'

test.use({ place: 'demo' })

/** The line of two people on the page of introductions. */
function pair(page: Page, region: string, one: string, other: string) {
    return page.getByRole('region', { name: region }).getByRole('listitem').filter({ hasText: one }).filter({ hasText: other })
}

/** Introduces two people by the form. */
async function introduce(host: Page, one: [string, string], other: [string, string], wide = false): Promise<void> {
    await host.goto('/hosting/introductions/new')
    await host.getByLabel('One of them').fill(one[0])
    await host.getByLabel('Who that is').first().fill(one[1])
    await host.getByLabel('And the other').fill(other[0])
    await host.getByLabel('Who that is').last().fill(other[1])
    if (wide) await host.getByRole('radio', { name: 'On the timeline' }).check()
    await host.getByRole('button', { name: 'Introduce them' }).click()
}

test('the desk shows what speaks for two people, and a host introduces them, who talk', async ({ as }) => {
    const marco = await as('marco')
    await marco.goto('/hosting')
    await marco.getByRole('navigation', { name: 'Hosting' }).getByRole('link', { name: 'Introductions' }).click()
    const graça = pair(marco, 'Who could know each other', 'Samuel Adeyemi', 'Noor van Dijk')
    await expect(graça).toContainText('Both live in Graça.')
    await expect(marco.getByRole('region', { name: 'Who could know each other' }).getByRole('list').first().locator('> li')).toHaveCount(12)
    await graça.getByRole('link', { name: 'Introduce them' }).click()

    await test.step('what they say of themselves is where one begins', async () => {
        await expect(marco.getByRole('heading', { level: 1, name: 'Introduce two people' })).toBeVisible()
        await expect(marco.getByRole('main')).toContainText('Both live in Graça.')
        await expect(marco.getByLabel('Who Noor van Dijk is')).toHaveValue('Sound engineer. I draw what things sound like.')
        await marco.getByLabel('Who Noor van Dijk is').fill('They draw what things sound like, and have not drawn a choir yet.')
        await marco.getByLabel('Who Samuel Adeyemi is').fill('Our choirmaster, with one quiet hour a week.')
        await marco.getByLabel('Why they should know each other').fill('Somebody should draw the Tuesday choir.')
        expect(await flaws(marco, 'the form for an introduction')).toEqual([])
        await marco.getByRole('button', { name: 'Introduce them' }).click()
        await expect(marco.getByRole('status')).toHaveText('They are introduced, and both are told. Look in after a week.')
        await expect(pair(marco, 'Who could know each other', 'Samuel Adeyemi', 'Noor van Dijk')).toHaveCount(0)
        await expect(pair(marco, 'How they went', 'Samuel Adeyemi', 'Noor van Dijk')).toContainText('Neither has written so far.')
    })

    const [noor, samuel] = [await as('noor'), await as('samuel')]
    await test.step('each is told who the other is, and they talk', async () => {
        await noor.goto('/notifications')
        await noor.getByRole('link', { name: /Marco Bellini introduces you to Samuel Adeyemi/ }).click()
        await expect(noor.getByRole('heading', { level: 1, name: 'Marco Bellini introduces you to Samuel Adeyemi' })).toBeVisible()
        await expect(noor.getByRole('main')).toContainText('Our choirmaster, with one quiet hour a week.')
        expect(await flaws(noor, 'an introduction')).toEqual([])
        await noor.getByRole('link', { name: 'Say hello' }).click()
        await noor.getByLabel('Your reply').fill('I will bring a very wide sheet.')
        await noor.getByRole('button', { name: 'Reply', exact: true }).click()
        await expect(noor.getByText('I will bring a very wide sheet.')).toBeVisible()
        await marco.goto('/hosting/introductions')
        await expect(pair(marco, 'How they went', 'Samuel Adeyemi', 'Noor van Dijk')).toContainText('Only Noor van Dijk has written so far.')
        await samuel.goto('/notifications')
        await samuel.getByRole('link', { name: /introduces you to Noor van Dijk/ }).click()
        await samuel.getByRole('link', { name: 'Say hello' }).click()
        await samuel.getByLabel('Your reply').fill('We need it. The tenors stand wide.')
        await samuel.getByRole('button', { name: 'Reply', exact: true }).click()
        await expect(samuel.getByText('The tenors stand wide.')).toBeVisible()
        await marco.reload()
        await expect(pair(marco, 'How they went', 'Samuel Adeyemi', 'Noor van Dijk')).toContainText('Both have written.')
        expect(await flaws(marco, 'introductions')).toEqual([])
    })
})

test('who would rather not says so, and nobody is told', async ({ as }) => {
    const [marco, greta] = [await as('marco', { javaScriptEnabled: false }), await as('greta', { javaScriptEnabled: false })]
    await introduce(marco, ['greta', 'She has named every pebble on her sill.'], ['andrei', 'He draws the houses before he mends them.'])
    await expect(marco.getByRole('status')).toContainText('They are introduced')
    await greta.goto('/notifications')
    await greta.getByRole('link', { name: /introduces you to Andrei Popescu/ }).click()
    const address = new URL(greta.url()).pathname
    await greta.getByRole('button', { name: 'I’d rather not' }).click()
    await expect(greta.getByRole('status')).toHaveText('You would rather not. Nobody was told, and nobody will ask you about it.')
    await marco.goto('/hosting/introductions')
    await expect(pair(marco, 'How they went', 'Greta Hoffmann', 'Andrei Popescu')).toContainText('Neither has written so far.')
    const andrei = await as('andrei')
    await andrei.goto(address)
    await expect(andrei.getByRole('main')).toContainText('She has named every pebble on her sill.')
    await expect(andrei.getByRole('main')).not.toContainText('rather not. Nobody was told')
})

test('a pair that a host leaves alone is not proposed again, and the desk is for hosts', async ({ as }) => {
    const marco = await as('marco', { javaScriptEnabled: false })
    await marco.goto('/hosting/introductions')
    const first = marco.getByRole('region', { name: 'Who could know each other' }).getByRole('listitem').first()
    const names = await first.locator('bdi').first().textContent()
    const both = await first.getByRole('link', { name: 'Introduce them' }).textContent()
    await first.getByRole('button', { name: 'Not these two' }).click()
    await expect(marco.getByRole('status')).toHaveText('They are left alone, and not proposed again.')
    await expect(marco.getByRole('link', { name: both ?? '', exact: true })).toHaveCount(0)
    expect(names).not.toBe('')
    const tomek = await as('tomek')
    for (const address of ['/hosting/introductions', '/hosting/introductions/new', '/introductions/1']) await expectNothingAt(tomek, address, '/hosting/never')
})

test('what is refused stays as it was typed', async ({ as }) => {
    const marco = await as('marco', { javaScriptEnabled: false })
    await introduce(marco, ['tomek', 'He keeps the projector.'], ['nobody-here', 'Somebody.'])
    await expect(marco.getByRole('main')).toContainText('There is nobody called nobody-here here.')
    await expect(marco.getByLabel('And the other')).toHaveValue('nobody-here')
    await expect(marco.getByLabel(/^Who Tomek/)).toHaveValue('He keeps the projector.')
})
