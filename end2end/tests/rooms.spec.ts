import { expect, open, test, type Page } from '../porchlight'
import { answer, clockThere, daysLater, expectNothingAt, flaws, inWords, picture, plan, slip, type Wish } from '../steps'

test.use({ place: 'demo' })

const city = 'Europe/Lisbon'
const prompts = ['Hands', 'A window at night', 'The kettle, without lifting the pen', 'Each other']
/** That the server goes and comes is what the stories are about, and the browsers report it. */
const absence = /ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED_ENCODING|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE|Failed to fetch/

test('three people hold a drawing party, from the plan to the keepsake', async ({ as, porchlight, troubles }) => {
    test.setTimeout(300_000)
    const [kofi, leila, tomek] = [await as('kofi'), await as('leila', { viewport: { width: 390, height: 844 } }), await as('tomek')]
    // Tomorrow, ten minutes before this time.
    const begins = Math.ceil(Date.now() / 60_000) * 60_000 + (24 * 60 + 50) * 60_000
    const date = new Intl.DateTimeFormat('sv-SE', { timeZone: city }).format(begins)
    let ahead = 0
    const at = async (minutes: number) => {
        await porchlight.kill()
        ahead = (begins + minutes * 60_000 - Date.now()) / 1000
        await porchlight.serve(ahead)
    }
    let series = ''

    await test.step('Kofi plans it', async () => {
        await kofi.goto('/gatherings/new')
        await kofi.getByLabel('What is it called?').fill('Thursday pens')
        await kofi.getByLabel('First day').fill(date)
        await kofi.getByLabel('At', { exact: true }).fill(clockThere(new Date(begins).toISOString(), city))
        await kofi.getByRole('radio', { name: 'Every week', exact: true }).check()
        await kofi.getByRole('radio', { name: 'Online' }).check()
        await kofi.getByLabel('Link', { exact: true }).fill('https://meet.example.org/pens')
        await kofi.getByText('What happens in its room').first().click()
        await kofi.getByRole('radio', { name: /^Rounds/ }).check()
        await kofi.getByLabel('Prompts').fill(prompts.join('\n'))
        await kofi.getByLabel('Opening words').fill('Four rounds of ten minutes. Any pen will do.')
        await kofi.getByRole('button', { name: 'Put it on the agenda' }).click()
        await expect(kofi.getByRole('heading', { level: 1, name: 'Thursday pens' })).toBeVisible()
        series = new URL(kofi.url()).pathname
    })
    const session = `${series}/${date}`

    await test.step('two say that they come, and are reminded a day before', async () => {
        for (const page of [leila, tomek]) {
            await open(page, session)
            await page.getByRole('radio', { name: 'Yes' }).check({ force: true })
            await page.getByRole('button', { name: 'Tell them' }).click()
            await expect(page.getByText('Thank you. They know.')).toBeVisible()
        }
        await at(-24 * 60 + 10)
        await open(leila, '/notifications')
        await expect(leila.getByRole('link', { name: /Thursday pens is on / })).toBeVisible({ timeout: 100_000 })
        await expect(leila.getByRole('link', { name: /Thursday pens is on / })).toHaveCount(1)
    })

    await test.step('shortly before, the page of the session is its room', async () => {
        await at(-5)
        for (const page of [kofi, leila]) await enter(page, session)
        await expect(kofi.getByRole('heading', { name: 'Begins in' })).toBeVisible()
        await expect(kofi.getByText('4 rounds of 10 minutes.')).toBeVisible()
        await expect(kofi.getByText('Any pen will do.')).toBeVisible()
        await expect(leila.getByRole('link', { name: 'Join the call' })).toHaveAttribute('href', 'https://meet.example.org/pens')
        await expect(here(leila)).toContainText(['Kofi Mensah', 'Leila Haddad'])
        await expect(leila.getByRole('button', { name: 'Begin the first round' })).toHaveCount(0)
    })

    await test.step('Kofi begins, and Leila, who wants the bell, hears it', async () => {
        await leila.getByRole('button', { name: 'Let a bell ring here at each turn' }).click()
        const rung = Number(await leila.getByRole('main').getAttribute('data-rang'))
        expect(rung, 'it is heard once when it is turned on').toBe(1)
        await kofi.getByRole('button', { name: 'Begin the first round' }).press('Enter')
        await expect(leila.getByRole('heading', { name: 'Round 1 of 4' })).toBeVisible()
        await expect(leila.locator('#prompt')).toHaveText('Hands')
        await expect(leila.getByRole('status').filter({ hasText: 'Round 1 of 4, Hands, 10 minutes' })).toBeAttached()
        await expect(leila.getByRole('main')).toHaveAttribute('data-rang', '2')
        await expect(kofi.getByRole('main')).not.toHaveAttribute('data-rang')
        // Whoever presses by keyboard stays at the clock, on what does no harm when it is pressed again.
        await expect(kofi.getByRole('button', { name: 'Pause' })).toBeFocused()
    })

    await test.step('Leila hangs up what she drew, and it is on Kofi’s wall', async () => {
        await hangUp(leila, 'Two hands, one of them a glove', [120, 80, 60])
        await expect(kofi.getByRole('img', { name: 'Two hands, one of them a glove' })).toBeVisible()
        await expect(kofi.getByRole('listitem').filter({ has: kofi.getByRole('img', { name: 'Two hands, one of them a glove' }) })).toContainText('Round 1: Hands')
    })

    await test.step('in the second round the power goes, and the clock goes on', async () => {
        await kofi.getByRole('button', { name: 'On to the next' }).click()
        await expect(leila.getByRole('heading', { name: 'Round 2 of 4' })).toBeVisible()
        await expect(leila.locator('#prompt')).toHaveText('A window at night')
        const ends = await endOfTurn(leila)
        await porchlight.kill('SIGKILL')
        await porchlight.serve(ahead)
        expect(await endOfTurn(leila)).toBe(ends)
        // The pages that were open all the while go on, and hear of what comes.
        await expect(kofi.getByRole('heading', { name: 'Round 2 of 4' })).toBeVisible()
        await expect.poll(() => stopped(kofi, leila), { timeout: 20_000 }).toBe(true)
        await kofi.getByRole('button', { name: 'Go on' }).click()
        await expect(leila.getByRole('timer')).toHaveText(/^\d:\d\d$/)
    })

    await test.step('Tomek comes late, and sees the second that the others see', async () => {
        // His own clock is a minute and a half wrong, which is his own affair.
        await tomek.addInitScript(() => {
            const right = Date.now
            Date.now = () => right() + 90_000
        })
        await enter(tomek, session)
        await expect(tomek.getByRole('heading', { name: 'Round 2 of 4' })).toBeVisible()
        await expect(tomek.getByRole('timer')).toHaveText(/^\d:\d\d$/)
        // When the second on each page changes, by the one clock of this machine that nobody sets.
        const changes = await Promise.all([kofi, leila, tomek].map(secondChanges))
        const alike = Object.keys(changes[0]!).filter((second) => changes.every((page) => second in page))
        expect(alike.length, JSON.stringify(changes)).toBeGreaterThan(1)
        for (const second of alike) {
            const moments = changes.map((page) => page[second]!)
            expect(Math.max(...moments) - Math.min(...moments), `${second}: ${moments}`).toBeLessThan(250)
        }
        await expect(here(kofi)).toContainText(['Kofi Mensah', 'Leila Haddad', 'Tomek Zieliński'])
    })

    await test.step('they go on, with a pause, a minute more, and something said', async () => {
        await kofi.getByRole('button', { name: 'Pause' }).click()
        await expect(tomek.getByRole('timer')).toContainText('paused')
        await kofi.getByRole('button', { name: 'A minute more' }).click()
        await kofi.getByRole('button', { name: 'Go on' }).click()
        await expect(tomek.getByRole('timer')).toHaveText(/^1\d:\d\d$/)
        await tomek.getByLabel('Say something').fill('I came for the kettle.')
        await tomek.getByLabel('Say something').press('Control+Enter')
        await expect(leila.getByText('I came for the kettle.', { exact: true })).toBeVisible()
        await expect(leila.getByRole('status').filter({ hasText: 'Tomek Zieliński: I came for the kettle.' })).toBeAttached()
        await expect(tomek.getByLabel('Say something')).toHaveValue('')
        await kofi.getByRole('button', { name: 'On to the next' }).click()
        await expect(tomek.locator('#prompt')).toHaveText('The kettle, without lifting the pen')
        await hangUp(tomek, 'A kettle in one line', [40, 60, 90])
        await expect(leila.getByRole('img', { name: 'A kettle in one line' })).toBeVisible()
        await drop(leila, [200, 170, 90])
        await expect(kofi.getByRole('img', { name: 'A picture by Leila Haddad' })).toBeVisible()
        await kofi.getByRole('button', { name: 'On to the next' }).click()
        await expect(leila.getByRole('heading', { name: 'Round 4 of 4' })).toBeVisible()
        await kofi.getByRole('button', { name: 'On to the next' }).click()
        await expect(leila.getByRole('heading', { name: 'The rounds are over' })).toBeVisible()
    })

    await test.step('while it is on, being there is being counted', async () => {
        await at(30)
        await enter(leila, session)
        await expect.poll(async () => (await leila.reload(), leila.getByText('You are counted among those who are there.').count())).toBe(1)
        await enter(tomek, session)
        await expect.poll(async () => (await tomek.reload(), tomek.getByText('You are counted among those who are there.').count())).toBe(1)
    })

    await test.step('Kofi gives the next one a day and prompts of its own', async () => {
        const next = daysLater(date, 7)
        await kofi.goto(`${series}/${next}/edit`)
        await kofi.getByLabel('Day', { exact: true }).fill(daysLater(next, 1))
        await kofi.getByLabel('Prompts').fill('Shoes\nHats')
        await kofi.getByLabel('Rounds', { exact: true }).fill('2')
        await kofi.getByRole('button', { name: 'Save' }).click()
        await expect(kofi.getByRole('heading', { level: 1, name: inWords(daysLater(next, 1)) })).toBeVisible()
        await kofi.goto(`${series}/edit`)
        await expect(kofi.getByLabel('Prompts')).toHaveValue(prompts.join('\n'))
        await kofi.goto(`${series}/${next}/edit`)
        await expect(kofi.getByLabel('Prompts')).toHaveValue('Shoes\nHats')
    })

    await test.step('what is left of it is there for those who may see it', async () => {
        await at(4 * 60)
        await leila.goto(session)
        await expect(leila.getByRole('heading', { name: 'What was made' })).toBeVisible()
        await expect(leila.getByRole('img', { name: 'Two hands, one of them a glove' })).toBeVisible()
        await expect(leila.getByRole('img', { name: 'A kettle in one line' })).toBeVisible()
        await expect(leila.getByText('I came for the kettle.')).toBeVisible()
        await expect(leila.getByText('You were there.')).toBeVisible()
        const who = leila.getByRole('region', { name: 'Who was there' }).getByRole('listitem')
        await expect(who).toContainText(['Leila Haddad', 'Tomek Zieliński'])

        await kofi.goto(`${session}/who`)
        await expect(kofi.getByRole('checkbox', { name: 'Leila Haddad' })).toBeChecked()
        await kofi.getByRole('checkbox', { name: 'Kofi Mensah' }).check()
        await kofi.getByLabel('Who else?').fill('Oma Lise')
        await kofi.getByRole('button', { name: 'Keep the list' }).click()
        await expect(kofi.getByRole('region', { name: 'Who was there' }).getByRole('listitem')).toContainText(['Kofi Mensah', 'Leila Haddad', 'Tomek Zieliński', 'Oma Lise'])
        // A room that stayed open by itself hears of it, and is the keepsake from then on.
        await expect(tomek.getByRole('heading', { name: 'What was made' })).toBeVisible({ timeout: 30_000 })
        await kofi.getByText('Your note on this one').click()
        await kofi.getByLabel('What stays of it?').fill('The night of the **glove**.')
        await kofi.getByRole('button', { name: 'Keep it' }).click()

        await tomek.goto(session)
        await expect(tomek.getByText('The night of the glove.')).toBeVisible()
        await tomek.getByRole('button', { name: 'I wasn’t there' }).click()
        await expect(tomek.getByText('Were you there?')).toBeVisible()
        await kofi.goto(`${session}/who`)
        await expect(kofi.getByRole('checkbox', { name: /Tomek Zieliński/ })).not.toBeChecked()
        await expect(kofi.getByRole('checkbox', { name: /Tomek Zieliński/ })).toBeDisabled()
        await kofi.goto(`${series}/who`)
        await expect(kofi.getByRole('listitem').filter({ hasText: 'Leila Haddad' })).toContainText('Came to the one there was.')
        await expectNothingAt(leila, `${series}/who`, '/gatherings/nothing-xx/who')
    })
    troubles.splice(0, troubles.length, ...troubles.filter((trouble) => !absence.test(trouble)))
})

test('without script a room is a page with the schedule, and all of it can be done', async ({ as, visitor }) => {
    const [kofi, leila] = [await as('kofi', { javaScriptEnabled: false }), await as('leila', { javaScriptEnabled: false })]
    const { series, session } = await party(kofi, -10)
    await kofi.goto(session)
    await expect(kofi.getByText('2 rounds of 10 minutes.')).toBeVisible()
    await kofi.getByRole('button', { name: 'Begin the first round' }).click()
    await expect(kofi.getByRole('heading', { name: 'Round 1 of 2' })).toBeVisible()
    await expect(kofi.getByRole('timer')).toHaveText(/^until \d\d:\d\d$/)
    await leila.goto(session)
    await expect(leila.getByRole('listitem').filter({ hasText: 'Round 2 of 2' })).toContainText(/10 min from \d\d:\d\d/)
    await leila.getByRole('button', { name: 'Say that I am here' }).click()
    await expect(here(leila)).toContainText(['Leila Haddad'])
    await leila.getByLabel('Say something').fill('By candle and by form.')
    await leila.getByRole('button', { name: 'Say it' }).click()
    await expect(leila.getByText('By candle and by form.')).toBeVisible()
    await leila.getByLabel('Hang a picture up').setInputFiles(picture('shoe.png'))
    await leila.getByLabel('What it shows').fill('A shoe')
    await leila.getByRole('button', { name: 'Hang it up' }).click()
    await expect(leila.getByRole('img', { name: 'A shoe' })).toBeVisible()
    await leila.getByRole('button', { name: 'Hang it up' }).click()
    await expect(leila.getByRole('alert')).toContainText('Choose a picture first')
    await leila.goto(session)
    await leila.getByRole('button', { name: /^Take down/ }).click()
    await expect(leila.getByRole('img', { name: 'A shoe' })).toHaveCount(0)
    await expectNothingAt(await visitor(), session, `/gatherings/nothing-xx/${session.split('/')[3]}`)
    await kofi.goto(series)
    await expect(kofi.getByRole('heading', { level: 1 })).toBeVisible()
})

test('whoever does not want to be seen in a room is not', async ({ as }) => {
    const [kofi, tomek] = [await as('kofi'), await as('tomek')]
    const { session } = await party(kofi, -10)
    for (const page of [kofi, tomek]) await enter(page, session)
    await expect(here(kofi)).toContainText(['Kofi Mensah', 'Tomek Zieliński'])
    await tomek.getByRole('button', { name: 'Don’t show that I am here' }).click()
    await expect(here(kofi)).toHaveText([/Kofi Mensah/])
    await expect(tomek.getByRole('button', { name: 'Show that I am here' })).toBeVisible()
    await tomek.reload()
    await expect(tomek.getByText('Are you there?')).toBeVisible()
    await tomek.getByRole('button', { name: 'Show that I am here' }).click()
    await expect(here(kofi)).toContainText(['Kofi Mensah', 'Tomek Zieliński'])
    await tomek.goto('/people')
    await expect(here(kofi)).toHaveText([/Kofi Mensah/])
})

test('two hosts who press at once go on once', async ({ as }) => {
    const [kofi, leila] = [await as('kofi'), await as('leila')]
    const { session } = await party(kofi, -10, '@leila')
    for (const page of [kofi, leila]) await enter(page, session)
    await kofi.getByRole('button', { name: 'Begin the first round' }).click()
    await expect(leila.getByRole('heading', { name: 'Round 1 of 2' })).toBeVisible()
    const [, , slug, date] = session.split('/')
    const press = (page: Page) => slip(page, '/api/rooms/clock', { slug: slug!, session: date!, act: 'next', seen: '1' })
    const answers = await Promise.all([press(kofi), press(leila)])
    expect(answers.map((answer) => answer.status()).sort()).toEqual([200, 422])
    await expect(leila.getByRole('heading', { name: 'Round 2 of 2' })).toBeVisible()
    await expect(kofi.getByRole('heading', { name: 'Round 2 of 2' })).toBeVisible()
})

test('a page that waits goes into the room when it opens', async ({ as, porchlight, troubles }) => {
    test.setTimeout(200_000)
    const [kofi, leila] = [await as('kofi'), await as('leila')]
    const { session, begins } = await party(kofi, 40)
    await answer(leila, session, 'yes')
    await porchlight.kill()
    // Shortly before it opens: until the next look at what opens, about a minute goes by.
    await porchlight.serve((begins - 30 * 60_000 - 30_000 - Date.now()) / 1000)
    await open(leila, session)
    await expect(leila.getByText('Will you come?')).toBeVisible()
    await expect(leila.getByRole('heading', { name: 'Begins in' })).toBeVisible({ timeout: 150_000 })
    troubles.splice(0, troubles.length, ...troubles.filter((trouble) => !absence.test(trouble)))
})

test('whoever is on the way reads where it is, and whoever falls ill says so in the room and another moves up', async ({ as }) => {
    const phone = { viewport: { width: 390, height: 844 } }
    const [kofi, leila, tomek] = [await as('kofi'), await as('leila', phone), await as('tomek', phone)]
    const { session } = await evening(kofi, 20, { place: 'Rua da Lanterna 12, third floor', door: 'The blue lamp; ring twice', room: 1 })
    await answer(leila, session, 'yes', 'with bread')
    await answer(tomek, session, 'yes')
    for (const page of [leila, tomek]) await enter(page, session)
    await expect(leila.getByRole('definition').filter({ hasText: 'Rua da Lanterna 12, third floor' })).toBeInViewport()
    await expect(leila.getByRole('definition').filter({ hasText: 'The blue lamp; ring twice' })).toBeInViewport()
    await expect(tomek.getByText('You are on the waiting list')).toBeVisible()

    await leila.getByText('You said yes. Change my answer').click()
    await expect(leila.getByRole('radio', { name: 'Yes' })).toBeChecked()
    await expect(leila.getByLabel('A word with it')).toHaveValue('with bread')
    await leila.getByRole('radio', { name: 'Not this time' }).check({ force: true })
    await leila.getByLabel('A word with it').fill('A fever.')
    await leila.getByRole('button', { name: 'Change my answer' }).click()
    await expect(leila.getByText('You said not this time. Change my answer')).toBeFocused()
    await expect(leila.getByLabel('A word with it')).toBeHidden()
    await expect(tomek.getByText('You said yes. Change my answer')).toBeVisible()
    await expect(tomek.getByText('You are on the waiting list')).toHaveCount(0)
    await expect(tomek.getByText('Only you so far.')).toBeVisible()
    // What was written stays, for whoever is well again.
    await leila.getByText('You said not this time. Change my answer').press('Enter')
    await expect(leila.getByLabel('A word with it')).toHaveValue('A fever.')
    await leila.reload()
    await leila.getByText('You said not this time. Change my answer').click()
    await expect(leila.getByLabel('A word with it')).toHaveValue('A fever.')
})

test('the link to the call comes into an open room when it is time, and as it is by then', async ({ as, porchlight, troubles }) => {
    test.setTimeout(120_000)
    const [kofi, leila] = [await as('kofi'), await as('leila')]
    const { session, begins } = await evening(kofi, 20, { link: 'https://meet.example.org/pens', opens: '10 minutes before' })
    await answer(leila, session, 'yes')
    await porchlight.kill()
    await porchlight.serve((begins - 10 * 60_000 - 15_000 - Date.now()) / 1000)
    await enter(leila, session)
    const call = leila.getByRole('link', { name: 'Join the call' })
    await expect(leila.getByText(/^Those who come find the link here from/)).toBeVisible()
    await expect(call).toHaveCount(0)
    await expect(call).toHaveAttribute('href', 'https://meet.example.org/pens', { timeout: 40_000 })
    await expect(leila.getByRole('status').filter({ hasText: 'The link to the call is here.' })).toBeAttached()
    await call.focus()
    await kofi.goto(`${session}/edit`)
    await kofi.getByLabel('Link').fill('https://other.example.org/pens')
    await kofi.getByRole('button', { name: 'Save' }).click()
    await expect(call).toHaveAttribute('href', 'https://other.example.org/pens')
    await expect(call).toBeFocused()
    troubles.splice(0, troubles.length, ...troubles.filter((trouble) => !absence.test(trouble)))
})

test('a silence rings a bell at its beginning and at its end, for those who allow it', async ({ as }) => {
    test.setTimeout(150_000)
    const [kofi, leila] = [await as('kofi'), await as('leila')]
    const { session } = await evening(kofi, -5, { link: 'https://meet.example.org/quiet' })
    await kofi.goto(`${session}/edit`)
    await kofi.getByText('What happens in the room this time').click()
    await kofi.getByRole('radio', { name: /^A silence/ }).check()
    await kofi.getByLabel('How many minutes of silence?').fill('1')
    await kofi.getByLabel('Opening words').fill('Sit as you like. Nothing is to be done.')
    await kofi.getByRole('button', { name: 'Save' }).click()
    for (const page of [kofi, leila]) await enter(page, session)
    await expect(leila.getByText('1 minute of silence, with a bell at the beginning and at the end.')).toBeVisible()
    await expect(leila.getByText('Sit as you like. Nothing is to be done.')).toBeVisible()
    const bell = leila.getByRole('button', { name: 'Let a bell ring here at each turn' })
    await expect(bell).toHaveAttribute('aria-pressed', 'false')
    await bell.click()
    await expect(leila.getByRole('main')).toHaveAttribute('data-rang', '1')
    await kofi.getByRole('button', { name: 'Begin the silence' }).click()
    await expect(leila.getByRole('heading', { name: 'Silence', exact: true })).toBeVisible()
    await expect(leila.getByRole('main')).toHaveAttribute('data-rang', '2')
    await expect(leila.getByRole('timer')).toHaveText(/^(1:00|0:\d\d)$/)
    await expect(leila.getByRole('status').filter({ hasText: 'Silence, 1 minute' })).toBeAttached()
    await expect(leila.getByRole('heading', { name: 'The silence is over' })).toBeVisible({ timeout: 75_000 })
    await expect(leila.getByRole('main')).toHaveAttribute('data-rang', '3')
    await expect(leila.getByRole('status').filter({ hasText: 'The silence is over' })).toBeAttached()
    await expect(kofi.getByRole('main')).not.toHaveAttribute('data-rang')
})

test('to whoever wants little motion, nothing in a room moves but the seconds', async ({ as }) => {
    const [kofi, leila] = [await as('kofi'), await as('leila', { reducedMotion: 'reduce' })]
    const { session } = await party(kofi, -10)
    for (const page of [kofi, leila]) await enter(page, session)
    // What ever begins to move is written down, as well as what would if it were touched.
    await leila.evaluate(() => {
        for (const kind of ['animationstart', 'transitionrun']) {
            document.addEventListener(kind, () => (document.documentElement.dataset.moved = kind), true)
        }
    })
    await kofi.getByRole('button', { name: 'Begin the first round' }).click()
    await expect(leila.getByRole('heading', { name: 'Round 1 of 2' })).toBeVisible()
    await leila.getByRole('button', { name: 'Let a bell ring here at each turn' }).click()
    await hangUp(kofi, 'A cup', [90, 90, 200])
    await expect(leila.getByRole('img', { name: 'A cup' })).toBeVisible()
    await leila.getByText('Say whether you come').click()
    await kofi.getByRole('button', { name: 'On to the next' }).click()
    await expect(leila.getByRole('heading', { name: 'Round 2 of 2' })).toBeVisible()
    const moves = await leila.evaluate(() => {
        const lasts = (style: CSSStyleDeclaration) => [style.transitionDuration, style.animationDuration].join().split(',').some((one) => parseFloat(one) > 0)
        const would = [...document.querySelectorAll('body *')].filter((element) => lasts(getComputedStyle(element)))
        return {
            would: would.map((element) => element.outerHTML.slice(0, 80)),
            now: document.getAnimations().length,
            moved: document.documentElement.dataset.moved,
            scroll: getComputedStyle(document.documentElement).scrollBehavior,
        }
    })
    expect(moves).toEqual({ would: [], now: 0, moved: undefined, scroll: 'auto' })
    // Elsewhere they do, so there is something to leave out.
    expect(await kofi.getByRole('button', { name: 'Pause' }).evaluate((button) => parseFloat(getComputedStyle(button).transitionDuration))).toBeGreaterThan(0)
})

test('rooms, keepsakes and the lists of who came have no flaws that a machine finds', async ({ as, visitor }) => {
    test.setTimeout(180_000)
    const [kofi, ines] = [await as('kofi'), await as('ines')]
    const { session, series } = await party(kofi, -10)
    await answer(ines, session, 'yes')
    const found: string[] = []
    await enter(kofi, session)
    await kofi.getByRole('button', { name: 'Begin the first round' }).click()
    await expect(kofi.getByRole('heading', { name: 'Round 1 of 2' })).toBeVisible()
    found.push(...(await flaws(kofi, 'the room')))
    for (const address of [`${session}/who`, `${series}/who`, `${series}/edit`]) {
        await kofi.goto(address)
        found.push(...(await flaws(kofi, address)))
    }
    const kept = await pastThursday(ines)
    const guest = await visitor()
    for (const [page, address] of [[ines, kept], [guest, kept], [ines, '/gatherings/thursday-drawing-party/who'], [ines, '/settings/calendar']] as const) {
        await page.goto(address)
        found.push(...(await flaws(page, address)))
    }
    expect(found).toEqual([])
})

/** A gathering of one evening that begins in so many minutes, or began so many ago. */
async function evening(host: Page, minutes: number, wish: Partial<Wish>): Promise<{ session: string; begins: number }> {
    const begins = new Date(Math.floor((Date.now() + minutes * 60_000) / 60_000) * 60_000)
    const date = new Intl.DateTimeFormat('sv-SE', { timeZone: city }).format(begins)
    const series = await plan(host, { title: 'Soup and pens', date, time: clockThere(begins.toISOString(), city), ...wish })
    return { session: `${series}/${date}`, begins: begins.getTime() }
}

/** Goes into a room, and waits until its script is at work. */
async function enter(page: Page, session: string): Promise<void> {
    const live = page.waitForRequest((request) => new URL(request.url()).pathname === '/live')
    const arrived = page.waitForResponse((response) => new URL(response.url()).pathname === '/api/rooms/here')
    await page.goto(session)
    await live
    await arrived
}

/** Who is here, as the page of a room names them. */
function here(page: Page) {
    return page.getByRole('region', { name: 'Here now' }).getByRole('listitem')
}

/** Drops a file on the wall, as from a folder beside the window. */
async function drop(page: Page, colour: [number, number, number]): Promise<void> {
    const { buffer } = picture('dropped.png', colour)
    const carried = await page.evaluateHandle((bytes) => {
        const data = new DataTransfer()
        data.items.add(new File([Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0))], 'dropped.png', { type: 'image/png' }))
        return data
    }, buffer.toString('base64'))
    for (const event of ['dragover', 'drop']) await page.locator('#wall').dispatchEvent(event, { dataTransfer: carried })
}

async function hangUp(page: Page, shows: string, colour: [number, number, number]): Promise<void> {
    await page.getByLabel('Hang a picture up').setInputFiles(picture('drawing.png', colour))
    await page.getByLabel('What it shows').fill(shows)
    await page.getByRole('button', { name: 'Hang it up' }).click()
    await expect(page.getByRole('img', { name: shows })).toBeVisible()
}

/** Whether a pause of the host's reaches an open page; where it does not yet, the clock goes on and it is tried again. */
async function stopped(host: Page, other: Page): Promise<boolean> {
    const pause = host.getByRole('button', { name: 'Pause' })
    if (await pause.isVisible()) await pause.click()
    const reached = await expect(other.getByRole('timer')).toContainText('paused', { timeout: 2000 }).then(() => true, () => false)
    if (!reached) await host.getByRole('button', { name: 'Go on' }).click()
    return reached
}

/** When the turn that is on ends, as the server says it. */
async function endOfTurn(page: Page): Promise<number> {
    return page.evaluate(async () => {
        const text = await (await fetch(`${location.pathname}/room/clock`)).text()
        const clock = new DOMParser().parseFromString(text, 'text/html').getElementById('clock')!
        return JSON.parse(clock.dataset.clock!).running.ends_at
    })
}

/** When the seconds of a page's clock changed, five times in a row: by what it then showed. */
async function secondChanges(page: Page): Promise<Record<string, number>> {
    return page.evaluate(
        () =>
            new Promise<Record<string, number>>((done) => {
                const seen: Record<string, number> = {}
                const left = document.getElementById('left')!
                const watcher = new MutationObserver(() => {
                    seen[left.textContent!] ??= performance.timeOrigin + performance.now()
                    if (Object.keys(seen).length < 5) return
                    watcher.disconnect()
                    done(seen)
                })
                watcher.observe(left, { childList: true, characterData: true, subtree: true })
            }),
    )
}

/** A drawing party of two rounds for the community, which began so many minutes ago (or begins in so many). */
async function party(host: Page, began: number, cohosts = ''): Promise<{ series: string; session: string; begins: number }> {
    const begins = new Date(Math.floor((Date.now() + began * 60_000) / 60_000) * 60_000)
    const date = new Intl.DateTimeFormat('sv-SE', { timeZone: city }).format(begins)
    await host.goto('/gatherings/new')
    await host.getByLabel('What is it called?').fill('Pens and tea')
    await host.getByLabel('First day').fill(date)
    await host.getByLabel('At', { exact: true }).fill(clockThere(begins.toISOString(), city))
    await host.getByRole('radio', { name: 'Every week', exact: true }).check()
    await host.getByRole('radio', { name: 'Online' }).check()
    await host.getByLabel('Link', { exact: true }).fill('https://meet.example.org/tea')
    await host.getByText('What happens in its room').first().click()
    await host.getByRole('radio', { name: /^Rounds/ }).check()
    await host.getByLabel('Prompts').fill('Cups\nSpoons')
    if (cohosts) {
        await host.getByText('For whom, how many, and who else keeps it').click()
        await host.getByLabel('Who keeps it with you?').fill(cohosts)
    }
    await host.getByRole('button', { name: 'Put it on the agenda' }).click()
    await expect(host.getByRole('heading', { level: 1, name: 'Pens and tea' })).toBeVisible()
    const series = new URL(host.url()).pathname
    return { series, session: `${series}/${date}`, begins: begins.getTime() }
}

/** The address of the last Thursday drawing party. */
async function pastThursday(page: Page): Promise<string> {
    const day = new Date()
    do day.setUTCDate(day.getUTCDate() - 1)
    while (day.getUTCDay() !== 4)
    const address = `/gatherings/thursday-drawing-party/${day.toISOString().slice(0, 10)}`
    expect((await page.request.get(address)).status(), address).toBe(200)
    return address
}
