import { expect, test, type Page } from '../porchlight'
import { daysLater, expectNothingAt, flaws, invite, reply, slip } from '../steps'

test.use({ place: 'demo' })

const nell = { name: 'nell', called: 'Nell Harrow', password: 'paper boats in the gutter' }

/** A step that waits on the welcome path. */
const step = (page: Page, name: string) => page.getByRole('main').getByRole('listitem').filter({ has: page.getByRole('heading', { level: 2, name }) })
/** A stage of the board. */
const stage = (page: Page, name: string) => page.getByRole('region', { name, exact: true })
/** Somebody's card on the board. */
const card = (page: Page, who: string) => page.getByRole('main').getByRole('listitem').filter({ has: page.getByRole('heading', { level: 3, name: who }) })

/** Comes in by an invitation, as somebody who reads what is there. */
async function moveIn(page: Page, link: string): Promise<void> {
    await page.goto(link)
    await page.getByLabel('Display name').fill(nell.called)
    await page.getByLabel('Name to sign in with').fill(nell.name)
    await page.getByLabel('Password').fill(nell.password)
    await page.getByRole('checkbox', { name: 'I have read the house rules and will keep them.' }).check()
    await page.getByRole('button', { name: 'Move in' }).click()
    await expect(page.getByRole('heading', { level: 1, name: 'Welcome, Nell Harrow' })).toBeVisible()
}

for (const javaScriptEnabled of [true, false]) {
    test(`a newcomer walks from the invitation to the first session, and a host sees them move over the board, ${javaScriptEnabled ? 'with' : 'without'} script`, async ({ as, visitor, porchlight }) => {
        test.setTimeout(120_000)
        const [marco, kofi, guest] = [await as('marco', { javaScriptEnabled }), await as('kofi', { javaScriptEnabled }), await visitor({ javaScriptEnabled })]
        const link = await invite(marco, { name: 'Nell' })
        let session = ''
        await marco.goto('/hosting/newcomers')
        await expect(stage(marco, 'Invited').getByRole('heading', { name: 'Nell' })).toBeVisible()

        await test.step('they come in and are met', async () => {
            await moveIn(guest, link)
            await expect(guest.getByRole('region', { name: 'Who looks forward to you' })).toContainText('Marco Bellini asked you to come.')
            await expect(step(guest, 'How we are with each other')).toHaveCount(0)
            await marco.reload()
            await expect(stage(marco, 'Invited').getByRole('heading', { name: 'Nell', exact: true })).toHaveCount(0)
            await expect(stage(marco, 'Joined').getByRole('link', { name: 'Nell Harrow', exact: true })).toBeVisible()
        })

        await test.step('a line and what they care about', async () => {
            await guest.getByLabel('Who you are in one line').fill('I fold what I cannot draw.')
            await guest.getByRole('button', { name: 'That is me' }).click()
            await expect(guest.getByText('I fold what I cannot draw.')).toBeVisible()
            await guest.getByLabel('A few words, with commas between them').fill('boats, soup')
            await guest.getByRole('button', { name: 'Keep them' }).click()
            await expect(step(guest, 'What you care about')).toHaveCount(0)
            await expect(guest.getByText('You both like').first()).toBeVisible()
        })

        await test.step('hello, which moves them on', async () => {
            await expect(guest.getByText('What brought you here?')).toBeVisible()
            await guest.getByLabel('Your hello').fill('Hello, I am Nell. Which of you knows boats?')
            await guest.getByRole('button', { name: 'Say hello', exact: true }).click()
            await expect(guest.getByRole('status')).toHaveText('Said. They will see it on the timeline, and you are told when somebody answers.')
            await marco.reload()
            await expect(stage(marco, 'Said hello').getByRole('link', { name: 'Nell Harrow', exact: true })).toBeVisible()
        })

        await test.step('an answer, and one back', async () => {
            const address = await card(marco, 'Nell Harrow').getByRole('link', { name: 'Answer it (Nell Harrow)' }).getAttribute('href')
            // An id is longer than JavaScript’s numbers are exact.
            const hello = address?.split('/').at(-1)
            const answer = await reply(kofi, hello as unknown as number, 'Marco does. Welcome!')
            await guest.reload()
            await expect(guest.getByRole('region', { name: 'Who looks forward to you' })).toContainText('Kofi')
            await marco.reload()
            await expect(stage(marco, 'Was answered').getByRole('link', { name: 'Nell Harrow', exact: true })).toBeVisible()
            await reply(guest, answer, 'Thank you, Kofi!')
            await marco.reload()
            await expect(stage(marco, 'Met someone').getByRole('link', { name: 'Nell Harrow', exact: true })).toBeVisible()
        })

        await test.step('and the first session is answered', async () => {
            await guest.goto('/welcome')
            const next = guest.getByRole('group', { name: 'Will you come?' })
            session = (await guest.getByRole('main').locator('a[href^="/gatherings/"]').first().getAttribute('href')) ?? ''
            await next.getByRole('radio', { name: 'Yes', exact: true }).check()
            await guest.getByRole('button', { name: 'Tell them' }).click()
            await expect(guest.getByText('You know your way.')).toBeVisible()
            await expect(guest.getByRole('main')).not.toContainText('%')
        })

        await test.step('they come to it, which the board sees when it is over', async () => {
            await guest.goto(session)
            await expect(guest.getByRole('main')).toContainText('Nell Harrow')
            await porchlight.kill()
            const after = Date.parse(`${daysLater(session.split('/').at(-1)!, 1)}T12:00:00Z`)
            await porchlight.serve((after - Date.now()) / 1000)
            await guest.goto(session)
            await guest.getByRole('button', { name: 'I was there' }).click()
            await expect(guest.getByText('You were there.')).toBeVisible()
            await marco.goto('/hosting/newcomers')
            const came = stage(marco, 'Came to a get-together')
            await expect(came.getByRole('link', { name: 'Nell Harrow', exact: true })).toBeVisible()
            await expect(came.getByRole('link', { name: 'See how they are (Nell Harrow)' })).toBeVisible()
            await expect(came.getByText(/^For .+ \(Nell Harrow\)$/)).toBeVisible()
        })

        await test.step('a host sets them aside by keyboard, and takes that back', async () => {
            await marco.getByRole('button', { name: 'Knows their way (Nell Harrow)' }).press('Enter')
            await expect(card(marco, 'Nell Harrow')).toHaveCount(0)
            const back = marco.getByRole('button', { name: 'Back on the board (Nell Harrow)' })
            await expect(back).toBeVisible()
            await back.press('Enter')
            await expect(card(marco, 'Nell Harrow')).toBeVisible()
        })
    })
}

test('a step can wait, and the whole can be put away and found again in the settings', async ({ as, visitor }) => {
    const [marco, guest] = [await as('marco'), await visitor({ javaScriptEnabled: false })]
    await moveIn(guest, await invite(marco, { name: 'Nell' }))
    const later = guest.getByRole('button', { name: /^Later \(/ }).first()
    const name = (await later.textContent())?.match(/\((.*)\)/)?.[1] ?? ''
    await later.click()
    await expect(guest.getByRole('region', { name: 'For later' })).toContainText(name)
    await guest.getByRole('button', { name: `Now is fine (${name})` }).click()
    await expect(guest.getByRole('region', { name: 'For later' })).toHaveCount(0)
    await guest.getByRole('button', { name: 'I know my way' }).click()
    await guest.goto('/settings/greeting')
    await guest.getByRole('button', { name: 'Take it up again' }).click()
    await expect(guest.getByRole('heading', { level: 1, name: /^Welcome, / })).toBeVisible()
})

test('a greeter is proposed with the reasons, accepts, and the newcomer reads who will show them round', async ({ as, visitor }) => {
    const [marco, teresa, guest] = [await as('marco'), await as('teresa'), await visitor()]
    await moveIn(guest, await invite(marco, { name: 'Nell' }))
    await marco.goto('/hosting/newcomers/nell')
    await expect(marco.getByRole('region', { name: 'A greeter' })).toContainText('looks after nobody now.')
    await marco.getByRole('button', { name: /^Ask Teresa/ }).click()
    await expect(marco.getByRole('status')).toContainText('Asked.')
    await expect(card(marco, 'Nell Harrow')).toContainText('was asked to show them round.')
    await teresa.goto('/welcome/greeting')
    await teresa.getByRole('button', { name: 'Yes, gladly (Nell Harrow)' }).click()
    await expect(teresa.getByLabel('A line to start with')).toHaveValue(/^Hello Nell Harrow, I am Teresa/)
    await guest.goto('/welcome')
    await expect(guest.getByRole('region', { name: 'Who looks forward to you' })).toContainText('will show you round.')
    const found = await flaws(guest, 'the welcome of somebody who is greeted')
    found.push(...(await flaws(teresa, 'greeting')))
    expect(found).toEqual([])
})

test('the board is for hosts, and nobody learns from it where they stand', async ({ as }) => {
    const tomek = await as('tomek')
    for (const address of ['/hosting/newcomers', '/hosting/newcomers/tomek', '/hosting/newcomers/nobody']) await expectNothingAt(tomek, address, '/hosting/never')
    const refused = await slip(tomek, '/api/newcomers/aside', { name: 'tomek', aside: 'yes' })
    expect(refused.status()).toBe(404)
})

test('axe finds nothing on the screens of a welcome, and they fit a small phone', async ({ as }) => {
    test.setTimeout(150_000)
    const found: string[] = []
    const [marco, ines, tomek] = [await as('marco'), await as('ines'), await as('tomek')]
    await marco.goto('/hosting/newcomers')
    const someone = await marco.getByRole('main').getByRole('heading', { level: 3 }).getByRole('link').first().getAttribute('href')
    const screens: [Page, string][] = [
        [marco, '/hosting'], [marco, '/hosting/newcomers'], [marco, someone ?? ''], [tomek, '/welcome'], [tomek, '/welcome/greeting'],
        [tomek, '/settings/greeting'], [ines, '/admin/welcome'],
    ]
    for (const [page, address] of screens) {
        await page.setViewportSize({ width: 1280, height: 800 })
        await page.goto(address)
        found.push(...(await flaws(page, address)))
    }
    expect(found).toEqual([])
})
