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
    const pencils = pair(marco, 'Who could know each other', 'Hannah Weiss', 'Andrei Popescu')
    await expect(pencils).toContainText('Both care about pencil.')
    await expect(marco.getByRole('region', { name: 'Who could know each other' }).getByRole('link', { name: /^Introduce them/ })).toHaveCount(8)
    await pencils.getByRole('link', { name: 'Introduce them' }).click()

    await test.step('what they say of themselves is where one begins', async () => {
        await expect(marco.getByRole('heading', { level: 1, name: 'Introduce two people' })).toBeVisible()
        await expect(marco.getByRole('main')).toContainText('Both care about pencil.')
        await expect(marco.getByLabel('Who Andrei Popescu is')).toHaveValue('Builder. I draw the houses before I mend them.')
        await marco.getByLabel('Who Andrei Popescu is').fill('He draws every house before he mends it, and has your stairwell in his book.')
        await marco.getByLabel('Who Hannah Weiss is').fill('Our piano teacher, who is not the scales you hear at four.')
        await marco.getByLabel('Why they should know each other').fill('You both carry one pencil and no eraser.')
        expect(await flaws(marco, 'the form for an introduction')).toEqual([])
        await marco.getByRole('button', { name: 'Introduce them' }).click()
        await expect(marco.getByRole('status')).toHaveText('They are introduced, and both are told. Look in after a week.')
        await expect(pair(marco, 'Who could know each other', 'Hannah Weiss', 'Andrei Popescu')).toHaveCount(0)
        await expect(pair(marco, 'How they went', 'Hannah Weiss', 'Andrei Popescu')).toContainText('Neither has written so far.')
    })

    const [andrei, hannah] = [await as('andrei'), await as('hannah')]
    await test.step('each is told who the other is, and they talk', async () => {
        await andrei.goto('/notifications')
        await andrei.getByRole('link', { name: /Marco Bellini introduces you to Hannah Weiss/ }).click()
        await expect(andrei.getByRole('heading', { level: 1, name: 'Marco Bellini introduces you to Hannah Weiss' })).toBeVisible()
        await expect(andrei.getByRole('main')).toContainText('Our piano teacher, who is not the scales you hear at four.')
        expect(await flaws(andrei, 'an introduction')).toEqual([])
        await andrei.getByRole('link', { name: 'Say hello' }).click()
        await andrei.getByRole('textbox', { name: 'Write a reply' }).fill('Which stairwell is yours? I may have drawn it.')
        await andrei.getByRole('button', { name: 'Send', exact: true }).click()
        await expect(andrei.getByText('Which stairwell is yours? I may have drawn it.')).toBeVisible()
        await marco.goto('/hosting/introductions')
        await expect(pair(marco, 'How they went', 'Hannah Weiss', 'Andrei Popescu')).toContainText('Only Andrei Popescu has written so far.')
        await hannah.goto('/notifications')
        await hannah.getByRole('link', { name: /introduces you to Andrei Popescu/ }).click()
        await hannah.getByRole('link', { name: 'Say hello' }).click()
        await hannah.getByRole('textbox', { name: 'Write a reply' }).fill('Number 9, the one with the crooked rail.')
        await hannah.getByRole('button', { name: 'Send', exact: true }).click()
        await expect(hannah.getByText('the one with the crooked rail.')).toBeVisible()
        await marco.reload()
        await expect(pair(marco, 'How they went', 'Hannah Weiss', 'Andrei Popescu')).toContainText('Both have written.')
        expect(await flaws(marco, 'introductions')).toEqual([])
    })
})

test('who would rather not says so, and nobody is told', async ({ as }) => {
    const [marco, greta] = [await as('marco', { javaScriptEnabled: false }), await as('greta', { javaScriptEnabled: false })]
    await introduce(marco, ['greta', 'She has named every pebble on her sill.'], ['ravi', 'His margins are where the art happens.'])
    await expect(marco.getByRole('status')).toContainText('They are introduced')
    await greta.goto('/notifications')
    await greta.getByRole('link', { name: /introduces you to Ravi Desai/ }).click()
    const address = new URL(greta.url()).pathname
    await greta.getByRole('button', { name: 'I’d rather not' }).click()
    await expect(greta.getByRole('status')).toHaveText('You would rather not. Nobody was told, and nobody will ask you about it.')
    await marco.goto('/hosting/introductions')
    await expect(pair(marco, 'How they went', 'Greta Hoffmann', 'Ravi Desai')).toContainText('Neither has written so far.')
    const ravi = await as('ravi')
    await ravi.goto(address)
    await expect(ravi.getByRole('main')).toContainText('She has named every pebble on her sill.')
    await expect(ravi.getByRole('main')).not.toContainText('rather not. Nobody was told')
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
    await expect(marco.getByRole('main')).toContainText('Nobody here is called nobody-here, or more than one is.')
    await expect(marco.getByLabel('And the other')).toHaveValue('nobody-here')
    await expect(marco.getByLabel(/^Who Tomek/)).toHaveValue('He keeps the projector.')
})
