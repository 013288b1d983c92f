import { expect, test } from '../porchlight'
import { expectNothingAt, flaws } from '../steps'

test.use({ place: 'demo' })

test('all read how they are, as a picture and as figures, and nobody in it has a name', async ({ as }) => {
    const tomek = await as('tomek')
    await tomek.goto('/rules')
    await tomek.getByRole('link', { name: 'How we are' }).click()
    await expect(tomek.getByRole('heading', { level: 1, name: 'How we are' })).toBeVisible()

    const talk = tomek.getByRole('region', { name: 'Conversations', exact: true })
    await expect(talk).toContainText('went both ways: somebody answered, and the other came back to it.')
    await expect(talk.getByRole('img', { name: 'Conversations that went both ways, month by month' })).toBeVisible()
    await talk.getByText('The figures as a table').click()
    const table = talk.getByRole('table', { name: 'Conversations, month by month' })
    await expect(table.getByRole('row')).toHaveCount(13)
    await expect(table.getByRole('columnheader')).toHaveText(['Month', 'Conversations', 'People who wrote', 'Spoke with somebody'])

    // What the picture shows is what the table says.
    const numbers = await talk.locator('.chart-number').allTextContents()
    const cells = await table.getByRole('row').locator('td:nth-of-type(1)').allTextContents()
    expect(cells.map((cell) => (cell === 'too few to say' ? '–' : cell))).toEqual(numbers)

    const met = tomek.getByRole('region', { name: 'Get-togethers' })
    await expect(met.getByRole('img', { name: 'People who came to something, month by month' })).toBeVisible()
    await expect(met.getByRole('link', { name: 'Thursday drawing party' })).toBeVisible()
    await expect(tomek.getByRole('main')).not.toContainText('Marco')
    expect(await flaws(tomek, 'how we are')).toEqual([])
})

test('everybody reads their own time here', async ({ as }) => {
    const tomek = await as('tomek')
    await tomek.goto('/pulse')
    await tomek.getByRole('link', { name: 'stands on a page of your own' }).click()
    await expect(tomek.getByRole('heading', { level: 1, name: 'Your time here' })).toBeVisible()
    await expect(tomek.getByRole('region', { name: 'Whom you have spoken with' }).getByRole('listitem')).not.toHaveCount(0)
    expect(await flaws(tomek, 'one’s own time here')).toEqual([])
})

test('a host sees who has not been here for a while, leaves one be, and writes to the other', async ({ as }) => {
    const marco = await as('marco')
    await marco.goto('/hosting')
    const row = marco.getByRole('main').getByRole('listitem').filter({ hasText: 'Not here for a while' })
    await expect(row).toContainText('Nadia')
    await row.getByRole('link', { name: 'See who' }).click()

    const away = marco.getByRole('region', { name: 'Not here for a while' })
    const nadia = away.getByRole('listitem').filter({ hasText: 'Nadia' })
    await expect(nadia).toContainText(/Used to come .*, and was last seen on/)
    await expect(nadia).toContainText('Last wrote on')
    expect(await flaws(marco, 'the hosts’ pulse')).toEqual([])

    await test.step('left be, she stands there no more, for no host', async () => {
        await nadia.getByRole('button', { name: /^Leave them be/ }).click()
        await expect(marco.getByRole('status')).toContainText('They are left be for two months')
        const ines = await as('ines')
        await ines.goto('/hosting/pulse')
        const left = ines.getByRole('button', { name: /^Look out for them ?: Nadia/ })
        await expect(ines.getByRole('button', { name: /^Leave them be ?: Nadia/ })).toHaveCount(0)
        await left.click()
        await expect(ines.getByRole('button', { name: /^Leave them be ?: Nadia/ })).toBeVisible()
    })

    await test.step('what is written to her is for her alone', async () => {
        await marco.goto('/hosting/pulse')
        await marco.getByRole('link', { name: /^Write to them ?: Nadia/ }).click()
        await expect(marco.getByLabel('Your words')).toHaveValue('Hello Nadia, ')
        expect(await flaws(marco, 'a word to somebody')).toEqual([])
        await marco.getByLabel('Your words').fill('Hello Nadia, the kettle misses you.')
        await marco.getByRole('button', { name: 'Send it' }).click()
        await expect(marco.getByRole('status')).toHaveText('Your words are on their way, for nobody else to see.')
        const [hers, his] = [await as('nadia'), await as('tomek')]
        await hers.goto('/')
        await expect(hers.getByText('the kettle misses you')).toBeVisible()
        await his.goto('/')
        await expect(his.getByText('the kettle misses you')).toHaveCount(0)
        await expectNothingAt(his, '/hosting/pulse', '/hosting/nothing')
    })
})

test('the pulse fits a narrow screen, and needs no script', async ({ as }) => {
    const marco = await as('marco', { viewport: { width: 320, height: 640 }, javaScriptEnabled: false })
    for (const address of ['/pulse', '/pulse/mine', '/hosting/pulse', '/hosting/pulse/nadia']) {
        await marco.goto(address)
        await expect(marco.getByRole('heading', { level: 1 })).toBeVisible()
        expect(await marco.evaluate(() => document.documentElement.scrollWidth), address).toBeLessThanOrEqual(320)
    }
    await marco.goto('/pulse')
    // Text in a picture shrinks with it.
    const small = await marco.locator('.chart text').first().evaluate((text) => (text as SVGTextElement).getBoundingClientRect().height)
    expect(small).toBeGreaterThan(11)
})
