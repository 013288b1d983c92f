import { expect, open, test, type Page } from '../porchlight'
import { answer, clockThere, dayThere, daysLater, expectNothingAt, flaws, instant, inWords, nextWeekday, plan, slip, type Wish } from '../steps'

test.use({ place: 'demo' })

const thursday = nextWeekday(4)
/** The first Thursdays on which glue is on the table. */
const thursdays = Array.from({ length: 8 }, (_, at) => daysLater(thursday, 7 * at))
const link = 'https://meet.example.org/glue'
const late = 'Answers were needed earlier. Write to whoever keeps it: there may still be a way.'

test.describe('room', () => {
    test('who finds it full waits, and moves up by themselves when there are seats for all of them', async ({ as }) => {
        const [kofi, tomek, leila, carlos] = [await as('kofi'), await as('tomek'), await as('leila'), await as('carlos')]
        const address = await glueEvening(kofi, { room: 3, guests: 'one guest' })
        await expect(kofi.getByRole('definition').filter({ hasText: 'For 3, and each may bring a guest' })).toBeVisible()
        const session = `${address}/${thursday}`
        await open(tomek, session)
        await expect(tomek.getByText('There is room for 3 more.')).toBeVisible()
        await say(tomek, 'Yes', { guests: 1 })
        await expect(tomek.getByText('There is room for one more.')).toBeVisible()
        await expect(lines(group(tomek, 'Coming'))).toContainText('Tomek Zieliński and one more')

        await open(leila, session)
        await say(leila, 'Yes', { guests: 1 })
        await expect(leila.getByText('You are on the waiting list, and are told when you move up.')).toBeVisible()
        await answer(await as('ravi'), session, 'yes')
        await open(carlos, session)
        await expect(carlos.getByText('It is full. Whoever says yes now waits, and moves up when somebody can’t come.')).toBeVisible()
        await say(carlos, 'Yes')
        for (const page of [tomek, leila, carlos]) {
            await expect(lines(group(page, 'Coming'))).toHaveText([/Ravi Desai/, /Tomek Zieliński/])
            await expect(lines(group(page, 'On the waiting list'))).toHaveText([/Leila Haddad and one more/, /Carlos Medina/])
        }

        await test.step('one seat is enough for Carlos, not for Leila and her guest, who stay first', async () => {
            await say(tomek, 'Yes', { guests: 0 })
            await expect(lines(group(leila, 'Coming'))).toHaveText([/Carlos Medina/, /Ravi Desai/, /Tomek Zieliński/])
            await expect(lines(group(leila, 'On the waiting list'))).toHaveText([/Leila Haddad and one more/])
            await expect(carlos.getByText('You are on the waiting list')).toHaveCount(0)
            await expect(leila.getByText('You are on the waiting list')).toBeVisible()
        })

        await test.step('two seats are enough for Leila, who is told', async () => {
            await open(leila, '/notifications')
            await say(tomek, 'Not this time')
            await answer(carlos, session, 'no')
            await expect(lines(leila.getByRole('main')).first()).toContainText(`Kofi Mensah has room for you at Glue evening on ${inWords(thursday)}`)
            await lines(leila.getByRole('main')).first().getByRole('link').click()
            await expect(leila.getByRole('heading', { level: 1, name: inWords(thursday) })).toBeVisible()
            await expect(lines(group(leila, 'Coming'))).toHaveText([/Leila Haddad and one more/, /Ravi Desai/])
            await expect(leila.getByText('You are on the waiting list')).toHaveCount(0)
            await expect(group(leila, 'On the waiting list')).toHaveCount(0)
        })
    })

    test('more guests than one may bring are refused, and more room lets those in who wait', async ({ as }) => {
        const [kofi, tomek, leila] = [await as('kofi'), await as('tomek'), await as('leila')]
        const address = await glueEvening(kofi, { room: 1, guests: 'two guests' })
        const session = `${address}/${thursday}`
        const refused = await slip(tomek, '/api/gatherings/rsvp', { slug: 'glue-evening', date: thursday, answer: 'yes', 'form[guests]': '3' })
        expect(await refused.text()).toContain('You can bring up to 2 guests.')
        await answer(tomek, session, 'yes')
        await answer(leila, session, 'yes', 'With the small brushes.', 2)
        await open(leila, session)
        await expect(leila.getByText('You are on the waiting list')).toBeVisible()
        await expect(leila.getByLabel('Guests')).toHaveValue('2')
        await open(tomek, '/gatherings/glue-evening')

        await kofi.getByRole('link', { name: 'Change it' }).click()
        await expect(kofi.getByLabel('Room for how many?')).toHaveValue('1')
        await kofi.getByLabel('Room for how many?').fill('4')
        await kofi.getByRole('button', { name: 'Save' }).click()
        await expect(lines(group(leila, 'Coming'))).toHaveText([/Leila Haddad and two more.*With the small brushes\./, /Tomek Zieliński/])
        await expect(leila.getByText('You are on the waiting list')).toHaveCount(0)
        await expect(lines(next(tomek)).first()).toContainText('Leila Haddad, you and two others are coming.')
    })

    test('whoever comes is shown with their own line about themselves, and whoever does not is not', async ({ as }) => {
        const [kofi, tomek, carlos] = [await as('kofi'), await as('tomek'), await as('carlos')]
        const session = `${await glueEvening(kofi)}/${thursday}`
        await answer(tomek, session, 'yes', 'With the long clamps.')
        await answer(carlos, session, 'no')
        await open(kofi, session)
        const tomeks = lines(group(kofi, 'Coming'))
        await expect(tomeks).toContainText('I fix bicycles and most other things that turn.')
        await expect(tomeks).toContainText('With the long clamps.')
        await expect(lines(group(kofi, 'Not this time'))).toContainText('Carlos Medina')
        await expect(kofi.getByText('I sweep this street at six')).toHaveCount(0)
    })
})

test.describe('an answer', () => {
    test('for every one is a yes to each of the next weeks, of which one can be answered otherwise, and is taken back', async ({ as }) => {
        const [tomek, leila] = [await as('tomek'), await as('leila')]
        const address = await glueEvening(await as('kofi'))
        await open(leila, `${address}/${thursdays[4]}`)
        await open(tomek, `${address}/${thursdays[0]}`)
        await say(tomek, 'Yes', { always: true })
        await expect(lines(group(leila, 'Coming'))).toContainText('Tomek Zieliński')
        const said = (answers: string[]) => expect(lines(next(tomek)).getByText(/^(Only you so far|You said)/)).toHaveText(answers)
        const yes = thursdays.map(() => 'Only you so far.')
        await open(tomek, address)
        await said(yes)
        await open(tomek, '/gatherings')
        await expect(lines(tomek.getByRole('main')).filter({ hasText: 'Glue evening' }).filter({ hasText: 'Only you so far.' })).toHaveCount(8)

        await open(tomek, `${address}/${thursdays[2]}`)
        await expect(tomek.getByRole('checkbox', { name: 'Count me in for every one' })).toBeChecked()
        await say(tomek, 'Not this time')
        await open(tomek, address)
        await said(yes.map((yes, at) => (at === 2 ? 'You said not this time.' : yes)))

        await open(tomek, `${address}/${thursdays[1]}`)
        await say(tomek, 'Yes', { always: false })
        await expect(lines(coming(leila))).toHaveCount(0)
        await open(tomek, address)
        await said(['Only you so far.', 'Only you so far.', 'You said not this time.'])
    })

    test('for every one brings its guest along each time, also after a no to one of them', async ({ as }) => {
        const [kofi, tomek] = [await as('kofi'), await as('tomek')]
        const address = await glueEvening(kofi, { guests: 'one guest' })
        await open(tomek, `${address}/${thursdays[0]}`)
        await say(tomek, 'Yes', { guests: 1, always: true })
        await open(tomek, `${address}/${thursdays[1]}`)
        await say(tomek, 'Not this time')

        await kofi.goto(`${address}/edit`)
        const saturday = daysLater(thursday, 2)
        await kofi.getByLabel('On', { exact: true }).fill(saturday)
        await kofi.getByRole('button', { name: 'Add it' }).click()
        await expect(kofi.getByRole('heading', { level: 1, name: inWords(saturday) })).toBeVisible()
        // Whenever somebody is counted in, those who come each time are counted in for what is new.
        await open(kofi, `${address}/${thursdays[3]}`)
        await say(kofi, 'Yes', { always: true })
        await open(tomek, `${address}/${saturday}`)
        await expect(lines(group(tomek, 'Coming'))).toHaveText([/Kofi Mensah/, /Tomek Zieliński and one more/])
    })

    test('for every one is none to those for which it comes too late', async ({ as }) => {
        const tomek = await as('tomek')
        const soon = daysLater(new Date().toISOString().slice(0, 10), 3)
        const address = await glueEvening(await as('kofi'), { date: soon, answerBy: 'a week before' })
        await open(tomek, `${address}/${daysLater(soon, 14)}`)
        await say(tomek, 'Yes', { always: true })
        await open(tomek, address)
        await expect(lines(next(tomek)).nth(2)).toContainText('Only you so far.')
        await expect(lines(next(tomek)).nth(3)).toContainText('Only you so far.')
        await expect(lines(next(tomek)).nth(0)).toContainText('Nobody has said yes yet.')
    })

    test('that comes after the day by which it was needed is only taken as a no', async ({ as }) => {
        const [kofi, tomek, leila] = [await as('kofi'), await as('tomek'), await as('leila')]
        const soon = daysLater(new Date().toISOString().slice(0, 10), 3)
        const address = await glueEvening(kofi, { date: soon })
        await answer(tomek, `${address}/${soon}`, 'yes')
        await kofi.getByRole('link', { name: 'Change it' }).click()
        await kofi.getByText('For whom, how many, and who else keeps it').click()
        await kofi.getByLabel('They can say yes').selectOption('a week before')
        await kofi.getByRole('button', { name: 'Save' }).click()
        await expect(kofi.getByRole('definition').filter({ hasText: '7 days before it begins' })).toBeVisible()

        await open(leila, `${address}/${soon}`)
        await expect(leila.getByText('It is too late to say yes.')).toBeVisible()
        for (const word of ['Yes', 'Maybe']) {
            await expect(leila.getByRole('radio', { name: word })).toBeDisabled()
            const refused = await slip(leila, '/api/gatherings/rsvp', { slug: address.split('/')[2], date: soon, answer: word.toLowerCase() })
            expect(refused.status()).toBe(422)
            expect(await refused.text()).toContain(late)
        }
        await expect(lines(coming(leila))).toHaveText([/Tomek Zieliński/])

        await open(tomek, `${address}/${soon}`)
        await say(tomek, 'Not this time')
        await expect(group(leila, 'Coming')).toHaveCount(0)
        await expect(lines(group(leila, 'Not this time'))).toContainText('Tomek Zieliński')
        const inTwoWeeks = daysLater(soon, 14)
        await open(leila, `${address}/${inTwoWeeks}`)
        await expect(leila.getByRole('definition').filter({ hasText: `${inWords(daysLater(inTwoWeeks, -7))}, 19:30` })).toBeVisible()
        await expect(leila.getByText('It is too late to say yes.')).toHaveCount(0)
        await say(leila, 'Yes')
        await expect(lines(group(leila, 'Coming'))).toContainText('Leila Haddad')
    })
})

test.describe('the link', () => {
    test('is found by those who come or might, as long before it begins as its host says, by whoever keeps it always, and in no calendar', async ({ as, visitor }) => {
        const [kofi, tomek, leila, stranger] = [await as('kofi'), await as('tomek'), await as('leila'), await visitor()]
        // In three quarters of an hour, when the page of the session is not its room yet; and then in a week.
        const begins = new Date(Math.ceil(Date.now() / 60_000) * 60_000 + 45 * 60_000).toISOString()
        const date = new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/Lisbon' }).format(new Date(begins))
        const time = clockThere(begins, 'Europe/Lisbon')
        const address = await plan(kofi, { title: 'Glue on screen', date, time, often: 'Every week', link, public: true, opens: 'an hour before' })
        const opens = new Date(Date.parse(instant(daysLater(date, 7), time, 'Europe/Lisbon')) - 60 * 60_000).toISOString()

        await open(leila, `${address}/${date}`)
        await expect(leila.getByText('Those who come find the link here', { exact: true })).toBeVisible()
        await expect(theLink(leila)).toHaveCount(0)
        await say(leila, 'Maybe')
        await expect(theLink(leila)).toHaveAttribute('href', link)
        await say(leila, 'Not this time')
        await expect(theLink(leila)).toHaveCount(0)

        await open(tomek, `${address}/${daysLater(date, 7)}`)
        await say(tomek, 'Yes')
        await expect(tomek.getByText(`Those who come find the link here from ${dayThere(opens, 'Europe/Lisbon')}, ${clockThere(opens, 'Europe/Lisbon')} on`)).toBeVisible()
        await expect(theLink(tomek)).toHaveCount(0)
        await open(tomek, address)
        await expect(tomek.getByText('Those who come find the link on the page of each, an hour before it begins')).toBeVisible()
        for (const page of [`${address}/${date}`, `${address}/${daysLater(date, 7)}`, address]) {
            await open(kofi, page)
            await expect(theLink(kofi), page).toHaveAttribute('href', link)
        }

        await answer(tomek, `${address}/${date}`, 'yes')
        await tomek.goto('/settings/calendar')
        const own = await tomek.getByRole('textbox', { name: 'Calendar address' }).inputValue()
        await kofi.goto('/settings/calendar')
        const hosts = await kofi.getByRole('textbox', { name: 'Calendar address' }).inputValue()
        for (const calendar of [own, hosts, '/gatherings.ics', `${address}.ics`]) {
            const text = (await (await stranger.request.get(calendar)).text()).replaceAll('\r\n ', '')
            expect(text, calendar).toContain('Glue on screen')
            expect(text, calendar).not.toContain('meet.example.org')
        }
        for (const page of [address, `${address}/${date}`, '/gatherings', `/gatherings?month=${date.slice(0, 7)}`]) {
            const text = await (await stranger.request.get(page)).text()
            expect(text, page).toContain('Glue on screen')
            expect(text, page).not.toContain('meet.example.org')
        }
    })

    test('stands there as soon as somebody says that they come, where its host wants it so, but not for those who wait', async ({ as }) => {
        const [kofi, tomek, leila] = [await as('kofi'), await as('tomek'), await as('leila')]
        const address = await plan(kofi, { title: 'Glue on screen', date: thursday, time: '19:30', link, room: 1, opens: 'as soon as somebody says that they come' })
        await open(tomek, `${address}/${thursday}`)
        await expect(tomek.getByText('Those who come find the link here', { exact: true })).toBeVisible()
        await say(tomek, 'Yes')
        await expect(theLink(tomek)).toHaveAttribute('href', link)
        await open(leila, `${address}/${thursday}`)
        await say(leila, 'Yes')
        await expect(leila.getByText('You are on the waiting list')).toBeVisible()
        expect(await (await leila.request.get(`${address}/${thursday}`)).text()).not.toContain('meet.example.org')
        await say(tomek, 'Not this time')
        await expect(theLink(leila)).toHaveAttribute('href', link)
        await expect(theLink(tomek)).toHaveCount(0)
    })
})

test.describe('for named people', () => {
    test('it is, for all others, as if it had never been', async ({ as, visitor, porchlight }) => {
        const headers = { origin: porchlight.url }
        const [kofi, carlos, marco, stranger] = [await as('kofi'), await as('carlos'), await as(porchlight.names.host), await visitor()]
        for (const page of [carlos, marco]) await open(page, '/')
        const address = await surprise(kofi)
        const session = `${address}/${thursday}`
        // The number that another of its name would get would tell that there is one.
        const slug = address.split('/')[2]
        expect(slug).toMatch(/^a-song-for-teresa-\d{6}$/)
        const post = await kofi.goto('/').then(() => announced(kofi).getByRole('link').filter({ has: kofi.locator('time') }).first().getAttribute('href'))
        expect(post).toMatch(/^\/posts\/\d+/)
        await answer(await as('tomek'), session, 'yes')

        for (const page of [carlos, marco, stranger]) {
            for (const [hidden, nothing] of [
                [address, '/gatherings/never-planned'],
                [`${address}.ics`, '/gatherings/never-planned.ics'],
                [`${address}/edit`, '/gatherings/never-planned/edit'],
                [session, `/gatherings/never-planned/${thursday}`],
                [`${session}/edit`, `/gatherings/never-planned/${thursday}/edit`],
                [post!.split('#')[0], '/posts/99999999999999'],
            ]) {
                // The forms ask whoever is not signed in to sign in, whatever there is.
                if (page === stranger && hidden.endsWith('/edit')) continue
                await expectNothingAt(page, hidden, nothing)
            }
            const ask = async (of: string) => (await page.request.get(`/api/page?address=/gatherings/${of}`, { headers })).text()
            expect(await ask(slug)).toBe(await ask('never-planned'))
            expect(await ask(`${slug}/${thursday}`)).toBe(await ask(`never-planned/${thursday}`))
            const dates = async (of: string) => (await page.request.get(`/gatherings/new/dates?slug=${of}`, { maxRedirects: 0 })).text()
            const plain = (text: string) => text.replaceAll(new RegExp(`nonce="[^"]*"|nonce-[\\w-]+|${slug}|never-planned`, 'g'), '')
            expect(plain(await dates(slug))).toBe(plain(await dates('never-planned')))
            for (const list of ['/', '/gatherings', `/gatherings?month=${thursday.slice(0, 7)}`, '/gatherings.ics', '/people/kofi', '/notifications', '/api/page?address=/gatherings', '/api/page?address=/']) {
                expect(await (await page.request.get(list, { headers })).text(), list).not.toMatch(/song for Teresa/i)
            }
        }
        for (const page of [carlos, marco]) {
            await expect(page.getByText('A song for Teresa')).toHaveCount(0)
            await page.goto('/settings/calendar')
            const feed = await page.getByRole('textbox', { name: 'Calendar address' }).inputValue()
            expect(await (await stranger.request.get(feed)).text()).not.toContain('Teresa')
            for (const [to, fields] of [['rsvp', { date: thursday, answer: 'yes' }], ['write', { session: thursday, text: 'Who comes?' }], ['cancel', { why: 'No.' }]] as const) {
                const send = async (slug: string) => {
                    const answer = await slip(page, `/api/gatherings/${to}`, { slug, ...fields })
                    return [answer.status(), await answer.text()]
                }
                expect(await send(slug), to).toEqual(await send('never-planned'))
            }
        }
    })

    test('they are told, find it, answer it, and whoever keeps it too can change it', async ({ as }) => {
        const [kofi, tomek, hannah, leila] = [await as('kofi'), await as('tomek'), await as('hannah'), await as('leila')]
        await open(tomek, '/notifications')
        const address = await surprise(kofi)
        await expect(kofi.getByRole('definition').filter({ hasText: 'Leila Haddad and Tomek Zieliński' })).toBeVisible()
        await expect(lines(tomek.getByRole('main')).first()).toContainText('Kofi Mensah')
        await expect(lines(tomek.getByRole('main')).first()).toContainText('A song for Teresa')
        await open(leila, '/')
        await expect(announced(leila)).toBeVisible()
        await open(tomek, '/gatherings')
        await lines(tomek.getByRole('main')).filter({ hasText: 'A song for Teresa' }).getByRole('link').click()
        await say(tomek, 'Yes')
        await expect(lines(group(tomek, 'Coming'))).toContainText('Tomek Zieliński')
        await open(leila, `${address}/${thursday}`)
        await expect(leila.getByRole('link', { name: 'Change it' })).toHaveCount(0)

        await open(hannah, '/gatherings?show=hosted')
        await lines(hannah.getByRole('main')).filter({ hasText: 'A song for Teresa' }).getByRole('link').click()
        await hannah.getByRole('link', { name: 'A song for Teresa' }).click()
        await expect(hannah.getByRole('definition').filter({ hasText: 'Kofi Mensah, Hannah Weiss' })).toBeVisible()
        await hannah.getByRole('link', { name: 'Change it' }).click()
        await expect(hannah.getByRole('radio', { name: 'Only those I name' })).toBeChecked()
        await expect(hannah.getByLabel('Who keeps it with you?')).toHaveValue('@hannah')
        await hannah.getByLabel('Place', { exact: true }).fill('The kitchen of number 13')
        await hannah.getByRole('button', { name: 'Save' }).click()
        await expect(hannah.getByRole('definition').filter({ hasText: 'The kitchen of number 13' })).toBeVisible()
        await expect(leila.getByRole('definition').filter({ hasText: 'The kitchen of number 13' })).toBeVisible()
    })

    test('whoever is named later is told as well', async ({ as }) => {
        const [kofi, carlos] = [await as('kofi'), await as('carlos')]
        await open(carlos, '/notifications')
        const address = await surprise(kofi)
        await kofi.getByRole('link', { name: 'Change it' }).click()
        await kofi.getByLabel('Whom?').fill('@tomek @leila @carlos')
        await kofi.getByRole('button', { name: 'Save' }).click()
        await expect(kofi.getByRole('definition').filter({ hasText: 'Carlos Medina, Leila Haddad and Tomek Zieliński' })).toBeVisible()
        expect((await carlos.request.get(address)).status()).toBe(200)
        await expect(lines(carlos.getByRole('main')).first()).toContainText('A song for Teresa')
    })

    test('somebody has to be named, by a name that there is', async ({ as }) => {
        const kofi = await as('kofi')
        await kofi.goto('/gatherings/new')
        await kofi.getByLabel('What is it called?').fill('A song for Teresa')
        await kofi.getByLabel('First day').fill(thursday)
        await kofi.getByLabel('At', { exact: true }).fill('19:30')
        await kofi.getByLabel('Place', { exact: true }).fill('Number 13')
        await kofi.getByText('For whom, how many, and who else keeps it').click()
        await expect(kofi.getByLabel('Whom?')).toBeHidden()
        await kofi.getByRole('radio', { name: 'Only those I name' }).check()
        for (const { typed, sentence } of [
            { typed: '', sentence: 'For whom is it? Name them, such as @ana, or choose everybody here.' },
            { typed: '@tomek @nobody', sentence: 'Nobody here is called nobody. Names are those after the @, such as @ana.' },
        ]) {
            await kofi.getByLabel('Whom?').fill(typed)
            await kofi.getByRole('button', { name: 'Put it on the agenda' }).click()
            await expect(kofi.getByRole('alert')).toHaveText(sentence)
            await expect(kofi.getByLabel('Whom?')).toHaveValue(typed)
            await expect(kofi.getByLabel('Whom?')).toBeFocused()
            await expect(kofi.getByRole('radio', { name: 'Only those I name' })).toBeChecked()
        }
        expect(await (await kofi.request.get('/gatherings?show=hosted')).text()).not.toContain('A song for Teresa')
    })
})

test('what is written to those who come is read by them alone, and they answer it', async ({ as, visitor }) => {
    const [kofi, tomek, leila, carlos, hannah] = [await as('kofi'), await as('tomek'), await as('leila'), await as('carlos'), await as('hannah')]
    const session = `${await glueEvening(kofi)}/${thursday}`
    await kofi.goto(`${session}/edit`)
    await expect(kofi.getByRole('heading', { name: 'Write to those who answered' })).toHaveCount(0)
    await answer(tomek, session, 'yes')
    await answer(leila, session, 'maybe')
    await answer(carlos, session, 'no')
    await open(leila, '/notifications')
    await kofi.goto(`${session}/edit`)
    const whom = kofi.getByRole('group', { name: 'To whom?' })
    await expect(whom.getByRole('radio', { name: 'Those who come or might' })).toBeChecked()
    await expect(whom.getByRole('radio', { name: 'Everyone who answered, also those who can’t come' })).not.toBeChecked()
    expect(await flaws(kofi, 'writing to those who answered')).toEqual([])
    await kofi.getByLabel('What do you want to tell them?').fill('The bell is **broken**: knock at the window.')
    await kofi.getByRole('button', { name: 'Send it' }).click()
    await expect(kofi).toHaveURL(/\/posts\/\d+$/)
    const post = new URL(kofi.url()).pathname
    await expect(kofi.getByText('The bell is broken: knock at the window.')).toBeVisible()
    await expect(kofi.getByRole('article').first().getByRole('link', { name: `Glue evening, ${inWords(thursday)}` })).toHaveAttribute('href', new RegExp(`${session}$`))

    await expect(lines(leila.getByRole('main')).first()).toContainText('Kofi Mensah wrote to you')
    await expect(lines(leila.getByRole('main')).first()).toContainText('Glue evening')
    await open(leila, post)
    await open(tomek, post)
    await tomek.getByRole('textbox', { name: 'Write a reply' }).fill('I bring a bell.')
    await tomek.getByRole('button', { name: 'Send', exact: true }).click()
    await expect(leila.getByText('I bring a bell.')).toBeVisible()
    for (const other of [carlos, hannah, await visitor()]) await expectNothingAt(other, post, '/posts/99999999999999')
})

test.describe('what is on', () => {
    test('is shown as I come, as I host, in person or online', async ({ as }) => {
        const [kofi, tomek] = [await as('kofi'), await as('tomek')]
        await glueEvening(kofi, { cohosts: '@tomek' })
        await plan(kofi, { title: 'Glue on screen', date: thursday, time: '21:00', link })
        await answer(tomek, `/gatherings/glue-evening/${thursdays[1]}`, 'maybe')
        const shown = (title: string) => lines(tomek.getByRole('main')).filter({ hasText: title })
        const choose = async (name: string) => {
            await tomek.getByRole('navigation', { name: 'What is shown' }).getByRole('link', { name, exact: true }).click()
            await expect(tomek.getByRole('link', { name, exact: true })).toHaveAttribute('aria-current', 'page')
        }
        await open(tomek, '/gatherings')
        await expect(tomek.getByRole('link', { name: 'Everything' })).toHaveAttribute('aria-current', 'page')
        await choose('I come')
        await expect(shown('Glue evening')).toHaveText([/You said maybe\./])
        await choose('I host')
        await expect(shown('Glue evening').first()).toBeVisible()
        await expect(shown('Glue on screen')).toHaveCount(0)
        await expect(shown('Soup night')).toHaveCount(0)
        await choose('In person')
        await expect(shown('Soup night').first()).toBeVisible()
        await expect(shown('Glue on screen')).toHaveCount(0)
        await choose('Online')
        await expect(shown('Glue on screen')).toHaveCount(1)
        await expect(shown('Thursday drawing party').first()).toBeVisible()
        await expect(shown('Glue evening')).toHaveCount(0)
        await choose('Everything')
        await expect(shown('Kitchen choir').first()).toBeVisible()
    })

    test('stands in its month on its day, with the months before and after a step away, without script as well', async ({ as }) => {
        for (const javaScriptEnabled of [true, false]) {
            await test.step(javaScriptEnabled ? 'with script' : 'without script', async () => {
                const tomek = await as('tomek', { javaScriptEnabled })
                const title = javaScriptEnabled ? 'Glue with script' : 'Glue without script'
                const third = monthsAhead(1, 3)
                await plan(tomek, { title, date: third, time: '19:30', place: 'Number 13' })
                await tomek.goto('/gatherings?show=hosted')
                await tomek.getByRole('link', { name: 'As a month' }).click()
                await expect(tomek.getByRole('heading', { level: 1, name: named(monthsAhead(0, 1)) })).toBeVisible()
                await expect(tomek.getByRole('link', { name: 'I host' })).toHaveAttribute('aria-current', 'page')
                const steps = tomek.getByRole('navigation', { name: 'Other months' })
                await steps.getByRole('link', { name: named(third).split(' ')[0] }).click()
                await expect(tomek.getByRole('table', { name: named(third) })).toBeVisible()
                const day = tomek.getByRole('cell').filter({ has: tomek.getByText(`${inWords(third).split(' ').slice(0, 2).join(' ')}`, { exact: true }) })
                await expect(day.getByRole('link', { name: `19:30 ${title}` })).toHaveAttribute('href', new RegExp(`/${third}$`))
                await expect(tomek.getByRole('link', { name: new RegExp(title) })).toHaveCount(1)
                await expect(tomek.getByRole('link', { name: /Kitchen choir/ })).toHaveCount(0)
                await steps.getByRole('link').first().click()
                await expect(tomek.getByRole('heading', { level: 1, name: named(monthsAhead(0, 1)) })).toBeVisible()
                await steps.getByRole('link').last().click()
                await steps.getByRole('link').last().click()
                await expect(tomek.getByRole('heading', { level: 1, name: named(monthsAhead(2, 1)) })).toBeVisible()
                await tomek.getByRole('link', { name: 'As a list' }).click()
                await expect(tomek.getByRole('heading', { level: 1, name: 'Get-togethers' })).toBeVisible()
                await expect(tomek.getByRole('link', { name: 'I host' })).toHaveAttribute('aria-current', 'page')
                await expect(tomek.getByRole('link', { name: title })).toBeVisible()
            })
        }
    })

    test('stands in one month for a visitor too, when it is on the first of a month by its own clock and not by the street’s', async ({ as, visitor }) => {
        const [tomek, stranger] = [await as('tomek'), await visitor()]
        const first = monthsAhead(2, 1)
        const months = [daysLater(first, -1), first].map((day) => `/gatherings?month=${day.slice(0, 7)}`)
        await plan(tomek, { title: 'Glue for early birds', date: first, time: '06:00', clock: 'Asia/Tokyo', place: 'Nagoya station', public: true })
        for (const page of [tomek, stranger]) {
            const found = []
            for (const month of months) {
                await page.goto(month)
                await expect(page.getByRole('table')).toBeVisible()
                found.push(...(await page.getByRole('table').getByRole('link', { name: /Glue for early birds/ }).all()))
            }
            expect(found.length, page === tomek ? 'for a member' : 'for a visitor').toBe(1)
        }
    })
})

test('without script, one is on the waiting list, counts oneself in for every one, and is told that one moved up', async ({ as }) => {
    const [kofi, tomek, leila] = [await as('kofi'), await as('tomek', { javaScriptEnabled: false }), await as('leila', { javaScriptEnabled: false })]
    const address = await glueEvening(kofi, { room: 2, guests: 'one guest', door: 'The blue lamp; ring twice' })
    await tomek.goto(`${address}/${thursday}`)
    await expect(tomek.getByRole('definition').filter({ hasText: 'The blue lamp; ring twice' })).toBeVisible()
    await tomek.getByRole('radio', { name: 'Yes' }).check()
    await tomek.getByLabel('Guests').fill('1')
    await tomek.getByRole('checkbox', { name: 'Count me in for every one' }).check()
    await tomek.getByRole('button', { name: 'Tell them' }).click()
    await tomek.goto(`${address}/${thursdays[3]}`)
    await expect(lines(group(tomek, 'Coming'))).toContainText('Tomek Zieliński and one more')
    await expect(tomek.getByRole('radio', { name: 'Yes' })).toBeChecked()
    await leila.goto(`${address}/${thursdays[3]}`)
    await leila.getByRole('radio', { name: 'Yes' }).check()
    await leila.getByRole('button', { name: 'Tell them' }).click()
    await expect(leila.getByText('You are on the waiting list, and are told when you move up.')).toBeVisible()
    await expect(lines(group(leila, 'On the waiting list'))).toContainText('Leila Haddad')
    await tomek.getByRole('radio', { name: 'Not this time' }).check()
    await tomek.getByRole('button', { name: 'Change my answer' }).click()
    await leila.goto('/notifications')
    await expect(lines(leila.getByRole('main')).first()).toContainText(`Kofi Mensah has room for you at Glue evening on ${inWords(thursdays[3])}`)
})

test('axe finds nothing where one says whether one comes, nor in a month, and they fit a narrow screen', async ({ as, visitor }) => {
    test.setTimeout(240_000)
    const [kofi, tomek, stranger] = [await as('kofi'), await as('tomek'), await visitor()]
    const address = await glueEvening(kofi, { room: 2, guests: 'one guest', answerBy: 'a day before', door: 'The blue lamp; ring twice', named: '@tomek @leila', cohosts: '@hannah' })
    await answer(await as('leila'), `${address}/${thursday}`, 'yes', 'With the small brushes.', 1)
    await answer(tomek, `${address}/${thursday}`, 'yes')
    await tomek.goto(`${address}/${thursday}`)
    await expect(tomek.getByText('You are on the waiting list')).toBeVisible()
    const found = await flaws(tomek, 'a session for which one waits')
    for (const [page, at] of [
        [kofi, `${address}/edit`],
        [kofi, `${address}/${thursday}/edit`],
        [tomek, `/gatherings?month=${thursday.slice(0, 7)}`],
        [tomek, '/gatherings?month=1990-01&show=online'],
        [tomek, '/gatherings?show=mine'],
        [stranger, `/gatherings?month=${thursday.slice(0, 7)}`],
    ] as const) {
        await page.setViewportSize({ width: 1280, height: 800 })
        await page.goto(at)
        found.push(...(await flaws(page, at)))
    }
    expect(found).toEqual([])
})

/** Plans what is every Thursday at half past seven, on such terms, and returns its address. */
function glueEvening(page: Page, terms: Partial<Wish> = {}): Promise<string> {
    return plan(page, { title: 'Glue evening', date: thursday, time: '19:30', often: 'Every week', place: 'Number 13', ...terms })
}

/** Plans what Teresa is not to hear of: for Tomek and Leila, kept with Hannah. Returns its address. */
function surprise(page: Page): Promise<string> {
    return plan(page, { title: 'A song for Teresa', date: thursday, time: '19:30', place: 'Number 13', named: '@tomek @leila', cohosts: '@hannah' })
}

/** Says by the form whether one comes. */
async function say(page: Page, answer: string, more: { guests?: number; always?: boolean } = {}): Promise<void> {
    await page.getByRole('radio', { name: answer, exact: true }).check()
    if (more.guests !== undefined) await page.getByLabel('Guests').fill(String(more.guests))
    if (more.always !== undefined) await page.getByRole('checkbox', { name: 'Count me in for every one' }).setChecked(more.always)
    const taken = page.waitForResponse('**/api/gatherings/rsvp')
    await page.getByRole('button', { name: /^(Tell them|Change my answer)$/ }).click()
    expect((await taken).status()).toBe(200)
    await expect(page.getByText(/^Thank you\. (They know|There is no room yet)/)).toBeVisible()
}

/** The post that announces the surprise. */
function announced(page: Page) {
    return page.getByRole('article').filter({ hasText: 'A song for Teresa' })
}

function coming(page: Page) {
    return page.getByRole('region', { name: 'Who’s coming' })
}

/** Those of one answer, among who is coming. */
function group(page: Page, name: string) {
    return coming(page).getByRole('heading', { name, exact: true }).locator('xpath=following-sibling::ul[1]')
}

function next(page: Page) {
    return page.getByRole('region', { name: 'Next' })
}

function lines(list: ReturnType<Page['getByRole']>) {
    return list.getByRole('listitem')
}

function theLink(page: Page) {
    return page.getByRole('link', { name: 'meet.example.org/glue' })
}

/** A day of a month that is so many after this one, as yyyy-mm-dd. */
function monthsAhead(months: number, day: number): string {
    const now = new Date()
    return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + months, day)).toISOString().slice(0, 10)
}

/** `December 2026`, of a date. */
function named(date: string): string {
    return new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', month: 'long', year: 'numeric' }).format(new Date(date))
}
