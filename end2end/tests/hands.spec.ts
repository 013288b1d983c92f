import { expect, test, type Page } from '../porchlight'
import { expectNothingAt, flaws } from '../steps'

test.use({ place: 'demo' })

const PASSWORD = 'soup and sketchbooks'

/** The rows of the rota. */
const weeks = (page: Page) => page.getByRole('region', { name: 'Whose week it is' }).getByRole('listitem')

/** Whether the page fits a narrow phone. */
async function fits(page: Page, name: string): Promise<void> {
    await page.setViewportSize({ width: 320, height: 700 })
    expect(await page.evaluate(() => document.documentElement.scrollWidth), name).toBeLessThanOrEqual(320)
    await page.setViewportSize({ width: 1280, height: 800 })
}

test('hosts take turns, swap, and take what somebody who is away can not', async ({ as }) => {
    const [marco, ines, tomek] = [await as('marco', { javaScriptEnabled: false }), await as('ines', { javaScriptEnabled: false }), await as('tomek')]
    await test.step('the desk says whose week it is, and who is away', async () => {
        await marco.goto('/hosting')
        await expect(marco.getByRole('main')).toContainText(/This week is yours; next week is .Amara Okafor.’s\./)
        await expect(marco.getByRole('main')).toContainText('At my sister’s, without a screen.')
        await marco.getByRole('navigation', { name: 'Hosting' }).getByRole('link', { name: 'Many hands' }).click()
        await expect(marco.getByRole('heading', { level: 1, name: 'Many hands' })).toBeVisible()
        await expect(weeks(marco)).toHaveCount(12)
        await fits(marco, 'many hands')
    })
    await test.step('a week that is offered is taken', async () => {
        await expect(weeks(marco).nth(1)).toContainText('Away then')
        await weeks(marco).nth(1).getByRole('button', { name: /^Take it/ }).click()
        await expect(marco.getByRole('status')).toHaveText('It is yours. You are told when it begins.')
        await expect(weeks(marco).nth(1)).toContainText('You')
    })
    await test.step('a swap holds when the other agrees', async () => {
        await marco.getByRole('region', { name: 'To be swapped' }).getByRole('button', { name: 'Swap' }).click()
        await expect(marco.getByRole('status')).toHaveText('Swapped. They are told.')
        await expect(weeks(marco).nth(2)).toContainText('You')
        await expect(weeks(marco).nth(3)).toContainText('Inês Carvalho')
        await ines.goto('/notifications')
        await expect(ines.getByRole('main')).toContainText('Marco Bellini swaps weeks with you')
        await ines.goto('/hosting/hands')
        await weeks(ines).nth(3).getByText('Swap it').click()
        await weeks(ines).nth(3).getByLabel('For which?').selectOption({ index: 0 })
        await weeks(ines).nth(3).getByRole('button', { name: 'Ask them' }).click()
        await expect(ines.getByRole('region', { name: 'To be swapped' })).toContainText(/You asked .Marco Bellini./)
        await ines.getByRole('button', { name: 'Never mind' }).click()
        await expect(ines.getByRole('region', { name: 'To be swapped' })).toHaveCount(0)
    })
    await test.step('what nobody has is shared out, and given back', async () => {
        await expect(weeks(ines).nth(6)).toContainText('Nobody yet')
        await ines.getByRole('button', { name: 'Share them out' }).click()
        await expect(ines.getByRole('status')).toContainText('Shared out.')
        await expect(ines.getByText('Nobody yet')).toHaveCount(0)
        await weeks(marco).first().getByRole('button', { name: /^Give it back/ }).click()
        await expect(marco.getByRole('status')).toContainText('Given back.')
        await marco.goto('/hosting')
        await expect(marco.getByRole('main')).toContainText('Nobody has this week')
    })
    await expectNothingAt(tomek, '/hosting/hands', '/hosting/never')
})

test('a host is away, comes back, and reads their own time alone', async ({ as }) => {
    const [marco, ines] = [await as('marco'), await as('ines')]
    await marco.goto('/hosting')
    const time = marco.getByText(/^You gave .* this week\. Two hours are plenty\. Only you see this\./)
    await expect(time).toBeVisible()
    expect(await flaws(marco, 'the desk with many hands')).toEqual([])
    await time.getByRole('link', { name: 'Where this comes from' }).click()
    expect(await flaws(marco, 'many hands')).toEqual([])
    await marco.getByLabel('Up to and with').fill('2001-01-01')
    await marco.getByLabel('A word to the other hosts').fill('Back with bread.')
    await marco.evaluate(() => document.querySelectorAll('form').forEach((form) => (form.noValidate = true)))
    await marco.getByRole('button', { name: 'I am away then' }).click()
    await expect(marco.getByRole('alert')).toContainText('The last day is before the first one, or over.')
    await expect(marco.getByLabel('A word to the other hosts')).toHaveValue('Back with bread.')
    const next = new Date(Date.now() + 9 * 86_400_000).toISOString().slice(0, 10)
    await marco.getByLabel('Up to and with').fill(next)
    await marco.getByRole('button', { name: 'I am away then' }).click()
    await expect(marco.getByRole('status')).toHaveText('Go well. Only the hosts know; it ends by itself.')
    await ines.goto('/hosting')
    await expect(ines.getByRole('main')).toContainText('Back with bread.')
    await expect(ines.getByRole('main')).toContainText(/.Marco Bellini. has the week from .*, and is away\./)
    await marco.getByRole('button', { name: 'I am back' }).click()
    await expect(marco.getByRole('status')).toHaveText('Good that you are here.')
    await ines.reload()
    await expect(ines.getByRole('main')).not.toContainText('Back with bread.')
    await marco.getByRole('button', { name: 'Don’t count, and forget it' }).click()
    await expect(marco.getByRole('region', { name: 'Your time' })).toContainText('It is not counted, and nothing of it is kept.')
})

test('the place is handed over in three steps, and either can stop', async ({ as }) => {
    const [ines, marco, tomek] = [await as('ines', { javaScriptEnabled: false }), await as('marco', { javaScriptEnabled: false }), await as('tomek')]
    const choose = async (name: string, becomes: string) => {
        await ines.goto('/admin')
        await ines.getByRole('navigation', { name: 'The place' }).getByRole('link', { name: 'Hand over' }).click()
        await ines.getByLabel('Name').fill(name)
        await ines.getByRole('radio', { name: becomes }).check()
        await ines.getByRole('button', { name: 'Ask them' }).click()
        await expect(ines.getByRole('status')).toContainText('Asked. They are told what it means')
    }
    await test.step('somebody would rather not, and the admin thinks better of it', async () => {
        await choose('tomek', 'An admin')
        await tomek.goto('/settings/hand-over')
        await expect(tomek.getByRole('heading', { level: 2 })).toContainText('would hand')
        expect(await flaws(tomek, 'an offer of the place')).toEqual([])
        await fits(tomek, 'an offer')
        await tomek.getByRole('button', { name: 'I’d rather not' }).click()
        await expect(tomek.getByRole('status')).toContainText('Nobody is told')
        await expectNothingAt(tomek, '/settings/hand-over', '/settings/never')
        await ines.reload()
        await expect(ines.getByRole('heading', { name: 'Tomek Zieliński is asked' })).toBeVisible()
        await ines.getByRole('button', { name: 'Stop, and leave everything as it is' }).click()
        await expect(ines.getByRole('status')).toHaveText('Taken back. Everything is as it was.')
    })
    await choose('marco', 'A host')
    await test.step('the second step is at their own page', async () => {
        await marco.goto('/notifications')
        await marco.getByRole('link', { name: /Inês Carvalho would hand the place to you/ }).click()
        await marco.getByRole('button', { name: 'Yes, I would' }).click()
        await expect(marco.getByRole('main')).toContainText('You said yes. The last step is theirs')
    })
    await test.step('the last one takes the password', async () => {
        await ines.goto('/notifications')
        await ines.getByRole('link', { name: /Marco Bellini would look after the place/ }).click()
        await fits(ines, 'the last step')
        await ines.getByLabel('Your password').fill('not this one at all')
        await ines.getByRole('button', { name: 'Hand it over' }).click()
        await expect(ines.getByRole('alert')).toContainText('Your present password is not that one.')
        await ines.getByLabel('Your password').fill(PASSWORD)
        await ines.getByRole('button', { name: 'Hand it over' }).click()
        await expect(ines.getByRole('status')).toContainText('Thank you for having kept the light on.')
        await expectNothingAt(ines, '/admin/hand-over', '/admin/never')
        await ines.goto('/hosting')
        await expect(ines.getByRole('heading', { level: 1, name: 'Hosting' })).toBeVisible()
    })
    await marco.goto('/admin/hand-over')
    await expect(marco.getByRole('region', { name: 'What an admin here should know' })).toContainText('No mail server is set up.')
})

test('what an admin should know is read without a flaw', async ({ as }) => {
    const ines = await as('ines')
    await ines.goto('/admin/hand-over')
    expect(await flaws(ines, 'handing over')).toEqual([])
})
