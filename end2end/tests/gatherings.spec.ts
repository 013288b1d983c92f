import ICAL from 'ical.js'
import { expect, open, test, type Page } from '../porchlight'
import { clockThere, dayThere, daysLater, expectNothingAt, instant, inWords, nextWeekday, picture, plan, slip } from '../steps'

test.use({ place: 'demo' })

const HOME = 'Europe/Lisbon'

test.describe('when it is', () => {
    const saturday = nextWeekday(6)
    const wednesday = nextWeekday(3)
    const rhythms = [
        {
            wish: { title: 'Bicycle surgery', date: saturday, often: 'Every week' },
            says: 'Every Saturday, 10:00, for two hours',
            dates: Array.from({ length: 10 }, (_, at) => daysLater(saturday, 7 * at)),
        },
        {
            wish: { title: 'Bolts and nuts', date: wednesday, often: 'Every second week' },
            says: 'Every second Wednesday, 10:00, for two hours',
            dates: Array.from({ length: 10 }, (_, at) => daysLater(wednesday, 14 * at)),
        },
        {
            wish: { title: 'Breakfast on the stairs', date: weekdayOfMonth(2, 2, 1), often: 'Every month, on the same weekday' },
            says: 'On the second Tuesday of each month, 10:00, for two hours',
            dates: Array.from({ length: 10 }, (_, at) => weekdayOfMonth(2, 2, 1 + at)),
        },
    ]
    for (const { wish, says, dates } of rhythms) {
        test(`what happens ${wish.often.toLowerCase()} stands on its own page and on everybody's agenda, on the right days`, async ({ as }) => {
            const [tomek, kofi] = [await as('tomek'), await as('kofi')]
            await open(kofi, '/gatherings')
            const address = await plan(tomek, { ...wish, time: '10:00', lasts: 'two hours', place: 'In front of the hall' })
            await expect(tomek.getByText(says)).toBeVisible()
            const next = tomek.getByRole('region', { name: 'Next' }).getByRole('listitem')
            await expect(next).toHaveCount(8)
            expect(await hrefs(next)).toEqual(dates.slice(0, 8).map((date) => `${address}/${date}`))
            // To be the first to come, one is asked for the next one alone.
            const asks = (at: number) => (at === 0 ? 'Nobody has said yes yet\\. Be the first\\?' : '')
            await expect(next).toHaveText(dates.slice(0, 8).map((date, at) => new RegExp(`^${Number(date.slice(8))} ${month(date).slice(0, 3)}${inWords(date).split(' ')[0]}10:00${asks(at)}\\s*$`)))

            // His agenda was open all the time, and reaches two months ahead.
            const soon = dates.filter((date) => Date.parse(instant(date, '10:00', HOME)) <= Date.now() + 62 * 86_400_000)
            const shown = kofi.getByRole('listitem').filter({ hasText: wish.title })
            await expect(shown).toHaveCount(soon.length)
            expect(await hrefs(shown)).toEqual(soon.map((date) => `${address}/${date}`))
            for (const date of soon) {
                const name = date.slice(0, 4) === today().slice(0, 4) ? month(date) : `${month(date)} ${date.slice(0, 4)}`
                const day = kofi.getByRole('region', { name, exact: true }).getByRole('listitem').filter({ hasText: wish.title })
                await expect(day.filter({ hasText: new RegExp(`^${Number(date.slice(8))} ${inWords(date).slice(0, 3)}`) })).toContainText('10:00, In front of the hall')
            }
        })
    }

    test('what begins on a fifth weekday is on the last one of each month', async ({ as }) => {
        const tomek = await as('tomek')
        let first = daysLater(today(), 2)
        while (Number(first.slice(8)) < 29) first = daysLater(first, 1)
        const weekday = new Date(`${first}T00:00:00Z`).getUTCDay()
        const begins = (Number(first.slice(0, 4)) - Number(today().slice(0, 4))) * 12 + Number(first.slice(5, 7)) - Number(today().slice(5, 7))
        const address = await plan(tomek, { title: 'Last light', date: first, time: '18:00', often: 'Every month, on the same weekday', place: 'The steps to the water' })
        await expect(tomek.getByText(`On the last ${inWords(first).split(' ')[0]} of each month`)).toBeVisible()
        const dates = Array.from({ length: 8 }, (_, at) => `${address}/${weekdayOfMonth(weekday, -1, begins + at)}`)
        expect(await hrefs(tomek.getByRole('region', { name: 'Next' }).getByRole('listitem'))).toEqual(dates)
    })

    test('a change by its host is seen at once on every page that is open', async ({ as }) => {
        const [kofi, tomek, leila, carlos] = [await as('kofi'), await as('tomek'), await as('leila'), await as('carlos')]
        const address = await plan(kofi, { title: 'Dumpling school', date: saturday, time: '10:00', often: 'Every second week', place: 'Number 13' })
        expect(address).toBe('/gatherings/dumpling-school')
        await open(tomek, address)
        await open(leila, `${address}/${saturday}`)
        await open(carlos, '/gatherings')
        await expect(tomek.getByRole('heading', { level: 1, name: 'Dumpling school' })).toBeVisible()

        await kofi.getByRole('link', { name: 'Change it' }).click()
        await expect(kofi.getByLabel('What is it called?')).toHaveValue('Dumpling school')
        await expect(kofi.getByLabel('First day')).toHaveValue(saturday)
        await expect(kofi.getByRole('radio', { name: 'Every second week' })).toBeChecked()
        await kofi.getByLabel('What is it called?').fill('Dumpling university')
        await kofi.getByLabel('At', { exact: true }).fill('11:15')
        await kofi.getByLabel('Place', { exact: true }).fill('Canteen behind the school')
        await kofi.getByRole('button', { name: 'Save' }).click()
        await expect(kofi.getByRole('heading', { level: 1, name: 'Dumpling university' })).toBeVisible()
        expect(new URL(kofi.url()).pathname, 'the address is a promise').toBe(address)

        await expect(tomek.getByRole('heading', { level: 1, name: 'Dumpling university' })).toBeVisible()
        await expect(tomek.getByText('Every second Saturday, 11:15')).toBeVisible()
        await expect(tomek.getByRole('definition').filter({ hasText: 'Canteen behind the school' })).toBeVisible()
        await expect(leila.getByRole('link', { name: 'Dumpling university' })).toBeVisible()
        await expect(leila.getByText('11:15 to 12:45')).toBeVisible()
        await expect(leila.getByRole('definition').filter({ hasText: 'Canteen behind the school' })).toBeVisible()
        const line = carlos.getByRole('listitem').filter({ hasText: 'Dumpling university' }).first()
        await expect(line).toContainText('11:15, Canteen behind the school')
        await expect(carlos.getByText('Dumpling school')).toHaveCount(0)
    })

    test('a session whose day was moved does not stay on an open page as if it still took place', async ({ as }) => {
        const [kofi, tomek] = [await as('kofi'), await as('tomek')]
        const address = await plan(kofi, { title: 'Dumpling school', date: saturday, time: '10:00', place: 'Number 13' })
        await open(tomek, `${address}/${saturday}`)
        await expect(tomek.getByRole('radio', { name: 'Yes' })).toBeVisible()
        await kofi.getByRole('link', { name: 'Change it' }).click()
        await kofi.getByLabel('First day').fill(daysLater(saturday, 1))
        await kofi.getByRole('button', { name: 'Save' }).click()
        await expect(kofi.getByRole('region', { name: 'Next' }).getByRole('listitem')).toContainText('Sunday')
        expect((await tomek.request.get(`${address}/${saturday}`)).status()).toBe(404)
        await expect(tomek.getByRole('radio', { name: 'Yes' })).toHaveCount(0)
    })

    test('a new title stands on the tab of whoever has the page open', async ({ as }) => {
        const [kofi, tomek] = [await as('kofi'), await as('tomek')]
        const address = await plan(kofi, { title: 'Dumpling school', date: saturday, time: '10:00', place: 'Number 13' })
        await open(tomek, address)
        await expect(tomek).toHaveTitle('Dumpling school · Lantern Street')
        await kofi.getByRole('link', { name: 'Change it' }).click()
        await kofi.getByLabel('What is it called?').fill('Dumpling university')
        await kofi.getByRole('button', { name: 'Save' }).click()
        await expect(tomek.getByRole('heading', { level: 1, name: 'Dumpling university' })).toBeVisible()
        await expect(tomek).toHaveTitle('Dumpling university · Lantern Street')
    })

    test('only its host and the hosts of the place can change it', async ({ as, porchlight }) => {
        const [kofi, tomek, marco] = [await as('kofi'), await as('tomek'), await as(porchlight.names.host)]
        const address = await plan(kofi, { title: 'Dumpling school', date: saturday, time: '10:00', place: 'Number 13' })
        await open(tomek, address)
        await expect(tomek.getByRole('heading', { level: 1, name: 'Dumpling school' })).toBeVisible()
        await expect(tomek.getByRole('link', { name: 'Change it' })).toHaveCount(0)
        await expectNothingAt(tomek, `${address}/edit`, '/gatherings/never-planned/edit')
        await tomek.goto(`${address}/edit`)
        await expect(tomek.getByRole('heading', { level: 1, name: 'There is nothing here' })).toBeVisible()
        const answer = await tomek.request.post('/api/gatherings/change', {
            multipart: { slug: 'dumpling-school', title: 'Mine now', date: saturday, time: '10:00', place: 'Here' },
            headers: { accept: 'application/json', origin: porchlight.url },
        })
        expect(answer.status()).toBe(422)
        expect(await answer.text()).toContain('That is not here any more.')
        await tomek.reload()
        await expect(tomek.getByText('Mine now')).toHaveCount(0)

        await marco.goto(`${address}/edit`)
        await marco.getByLabel('Place', { exact: true }).fill('The hall with the blue door')
        await marco.getByRole('button', { name: 'Save' }).click()
        await expect(marco.getByRole('definition').filter({ hasText: 'The hall with the blue door' })).toBeVisible()
        await expect(marco.getByRole('definition').filter({ hasText: 'Kofi Mensah' })).toBeVisible()
    })

    test('a session that is over says so, and leads to the next one', async ({ as }) => {
        const tomek = await as('tomek')
        let past = daysLater(today(), -2)
        while (new Date(`${past}T00:00:00Z`).getUTCDay() !== 4) past = daysLater(past, -1)
        let coming = daysLater(past, 7)
        while (Date.parse(instant(coming, '21:30', HOME)) <= Date.now()) coming = daysLater(coming, 7)

        await tomek.goto(`/gatherings/thursday-drawing-party/${past}`)
        await expect(tomek.getByRole('heading', { level: 1, name: inWords(past) })).toBeVisible()
        await expect(tomek.getByText(`This one is over. The next is on ${inWords(coming)}.`)).toBeVisible()
        await expect(tomek.getByRole('radio')).toHaveCount(0)
        await tomek.getByText('Who said they would come').first().click()
        await expect(tomek.getByRole('region', { name: 'Who said they would come' }).getByRole('listitem').first()).toBeVisible()
        const late = await slip(tomek, '/api/gatherings/rsvp', { slug: 'thursday-drawing-party', date: past, answer: 'yes' })
        expect(late.status()).toBe(422)
        expect(await late.text()).toContain('That one is over.')

        await tomek.getByRole('link', { name: inWords(coming) }).click()
        await expect(tomek).toHaveURL(`/gatherings/thursday-drawing-party/${coming}`)
        // On a Thursday evening it is on, and its page is the room.
        await expect(tomek.getByRole('radio', { name: 'Yes' }).or(tomek.getByRole('region', { name: 'Here now' })).first()).toBeVisible()
        await expect(tomek.getByText('This one is over.')).toHaveCount(0)
    })

    test('what happened once and is over leads to what else is coming', async ({ as, visitor }) => {
        const [tomek, stranger] = [await as('tomek'), await visitor()]
        const lanterns = (await eventsOf(await tomek.request.get('/gatherings.ics'))).find((event) => event.summary === 'The night of the lanterns')!
        const date = lanterns.startDate.toString().slice(0, 10)
        for (const page of [tomek, stranger]) {
            await page.goto(`/gatherings/the-night-of-the-lanterns/${date}`)
            await expect(page.getByText('This one is over.')).toBeVisible()
            await page.goto('/gatherings/the-night-of-the-lanterns')
            await expect(page.getByText('Nothing more is planned here. It was on ')).toBeVisible()
            await page.getByRole('link', { name: new RegExp(`^${inWords(date)}`) }).click()
            await expect(page.getByText('This one is over.')).toBeVisible()
            await page.getByRole('link', { name: 'See what else is coming' }).click()
            await expect(page.getByRole('heading', { level: 1, name: 'Get-togethers' })).toBeVisible()
            await expect(page.getByRole('listitem').filter({ hasText: 'The night of the lanterns' })).toHaveCount(0)
        }
    })

    test('a day on which it does not happen is not there', async ({ as, visitor }) => {
        const [tomek, stranger] = [await as('tomek'), await visitor()]
        const thursday = nextWeekday(4)
        for (const page of [tomek, stranger]) {
            expect((await page.request.get(`/gatherings/thursday-drawing-party/${thursday}`)).status()).toBe(200)
            for (const date of [daysLater(thursday, 1), daysLater(thursday, -7 * 200), '2026-02-30', '2026-13-01', thursday.slice(0, 8), `${thursday}T19:30`, '0']) {
                await expectNothingAt(page, `/gatherings/thursday-drawing-party/${date}`, `/gatherings/never-planned/${date}`)
            }
        }
        await tomek.goto(`/gatherings/thursday-drawing-party/${daysLater(thursday, 1)}`)
        await expect(tomek.getByRole('heading', { level: 1, name: 'There is nothing here' })).toBeVisible()
        const answer = await slip(tomek, '/api/gatherings/rsvp', { slug: 'thursday-drawing-party', date: daysLater(thursday, 1), answer: 'yes' })
        expect(answer.status()).toBe(422)
        expect(await answer.text()).toContain('There is no session on that day.')
    })
})

test.describe('who comes', () => {
    test('yes becomes maybe and then no, and the host reads each as it is said', async ({ as }) => {
        const [kofi, tomek] = [await as('kofi'), await as('tomek')]
        const date = nextWeekday(0)
        const address = `${await plan(kofi, { title: 'Soup for the builders', date, time: '13:00', place: 'The yard' })}/${date}`
        await open(kofi, address)
        await open(tomek, address)
        const agenda = await tomek.context().newPage()
        await open(agenda, '/gatherings')
        const mine = agenda.getByRole('listitem').filter({ hasText: 'Soup for the builders' })
        const coming = kofi.getByRole('region', { name: 'Who’s coming' })
        await expect(coming).toContainText('Nobody has answered yet. Be the first?')
        // To be the first, one is asked for what is next alone.
        await expect(mine).not.toContainText('Nobody has said yes yet.')

        await tomek.getByRole('radio', { name: 'Yes' }).check()
        await tomek.getByLabel('A word with it').fill('With the long ladle.')
        await tomek.getByRole('button', { name: 'Tell them' }).click()
        await expect(tomek.getByText('Thank you. They know.')).toBeVisible()
        await expect(coming.getByRole('heading', { level: 3 })).toHaveText(['Coming'])
        await expect(coming.getByRole('listitem')).toHaveCount(1)
        await expect(coming.getByRole('listitem')).toContainText('Tomek Zieliński')
        await expect(coming.getByRole('listitem')).toContainText('With the long ladle.')
        await expect(mine).toContainText('Only you so far.')

        await tomek.getByRole('radio', { name: 'Maybe' }).check()
        await tomek.getByRole('button', { name: 'Change my answer' }).click()
        await expect(coming.getByRole('heading', { level: 3 })).toHaveText(['Maybe'])
        await expect(coming.getByRole('listitem')).toContainText('With the long ladle.')
        await expect(mine).toContainText('Nobody has said yes yet. You said maybe.')

        await kofi.getByRole('radio', { name: 'Yes' }).check()
        await kofi.getByRole('button', { name: 'Tell them' }).click()
        const seenByTomek = tomek.getByRole('region', { name: 'Who’s coming' })
        await expect(seenByTomek.getByRole('heading', { level: 3 })).toHaveText(['Coming', 'Maybe'])
        await expect(seenByTomek.getByRole('listitem')).toHaveText([/Kofi Mensah/, /Tomek Zieliński/])
        await expect(mine).toContainText('Kofi Mensah is coming. You said maybe.')

        await tomek.getByRole('radio', { name: 'Not this time' }).check()
        await tomek.getByLabel('A word with it').fill('The shift changed, sorry.')
        await tomek.getByRole('button', { name: 'Change my answer' }).click()
        await expect(coming.getByRole('heading', { level: 3 })).toHaveText(['Coming', 'Not this time'])
        await expect(coming.getByRole('listitem').filter({ hasText: 'Tomek Zieliński' })).toContainText('The shift changed, sorry.')
        await expect(coming.getByText('With the long ladle.')).toHaveCount(0)
        await expect(mine).toContainText('Kofi Mensah is coming. You said not this time.')

        // It is what he finds when he comes back, too.
        await open(tomek, address)
        await expect(tomek.getByRole('radio', { name: 'Not this time' })).toBeChecked()
        await expect(tomek.getByLabel('A word with it')).toHaveValue('The shift changed, sorry.')
    })
})

test.describe('on whose clock', () => {
    const thursday = nextWeekday(4)
    const starts = instant(thursday, '19:30', HOME)
    const ends = instant(thursday, '21:30', HOME)
    const party = (page: Page) => page.getByRole('listitem').filter({ hasText: 'Thursday drawing party' }).filter({ has: page.locator(`a[href$="${thursday}"]`) })

    for (const [name, zone, beside] of [
        ['yuki', 'Asia/Tokyo', 'Thursday 19:30 in Lisbon'],
        ['elias', 'Europe/Stockholm', '19:30 in Lisbon'],
        ['lucia', 'America/Argentina/Buenos_Aires', '19:30 in Lisbon'],
    ] as const) {
        for (const javaScriptEnabled of [true, false]) {
            test(`who lives by ${zone} reads their own time, with Lisbon's beside it${javaScriptEnabled ? '' : ', without script as well'}`, async ({ as }) => {
                // What counts is the clock in the profile, not that of the machine one happens to sit at.
                const page = await as(name, { javaScriptEnabled, timezoneId: 'America/New_York' })
                const go = (address: string) => (javaScriptEnabled ? open(page, address) : page.goto(address))
                await go('/gatherings')
                await expect(party(page)).toContainText(`${clockThere(starts, zone)} your time ${beside}`)
                const [weekday, day, itsMonth] = dayThere(starts, zone).split(' ')
                await expect(party(page)).toHaveText(new RegExp(`^${day} ${weekday.slice(0, 3)}Thursday drawing party`))
                await expect(page.getByRole('region', { name: itsMonth }).filter({ has: party(page) })).toBeVisible()

                await go(`/gatherings/thursday-drawing-party/${thursday}`)
                await expect(page.getByRole('heading', { level: 1, name: dayThere(starts, zone) })).toBeVisible()
                await expect(page.getByText(`${clockThere(starts, zone)} to ${clockThere(ends, zone)} your time ${beside}`)).toBeVisible()

                await go('/gatherings/thursday-drawing-party')
                await expect(page.getByRole('heading', { level: 1, name: 'Thursday drawing party' })).toBeVisible()
                // The rule counts on the gathering's own clock, so that one comes first.
                const [weekdayHere] = dayThere(starts, zone).split(' ')
                const onAnotherDay = weekdayHere === 'Thursday' ? '' : `${weekdayHere} `
                await expect(page.getByText(/^Every Thursday, /)).toContainText(`19:30 in Lisbon, for two hours: for you ${onAnotherDay}${clockThere(starts, zone)}`)
            })
        }
    }

    test('what is early on Sunday in Tokyo is late on Saturday for the street', async ({ as }) => {
        const sunday = nextWeekday(0)
        const early = instant(sunday, '07:30', 'Asia/Tokyo')
        expect(dayThere(early, HOME)).toBe(inWords(daysLater(sunday, -1)))
        const tomek = await as('tomek', { timezoneId: 'Asia/Tokyo' })
        await open(tomek, `/gatherings/early-brushes-with-yuki/${sunday}`)
        await expect(tomek.getByRole('heading', { level: 1, name: inWords(daysLater(sunday, -1)) })).toBeVisible()
        await expect(tomek.getByText(`${clockThere(early, HOME)} to ${clockThere(instant(sunday, '08:00', 'Asia/Tokyo'), HOME)} your time Sunday 07:30 in Tokyo`)).toBeVisible()
        expect((await tomek.request.get(`/gatherings/early-brushes-with-yuki/${daysLater(sunday, -1)}`)).status(), 'its address is its own date').toBe(404)

        await open(tomek, '/gatherings')
        const line = tomek.getByRole('listitem').filter({ hasText: 'Early brushes' }).filter({ has: tomek.locator(`a[href$="${sunday}"]`) })
        await expect(line).toHaveText(new RegExp(`^${Number(daysLater(sunday, -1).slice(8))} Sat`))

        const yuki = await as('yuki')
        await open(yuki, `/gatherings/early-brushes-with-yuki/${sunday}`)
        await expect(yuki.getByRole('heading', { level: 1, name: inWords(sunday) })).toBeVisible()
        await expect(yuki.getByText('07:30 to 08:00', { exact: true })).toBeVisible()
        await expect(yuki.getByText('in Tokyo')).toHaveCount(0)
    })

    test('whose clock is the same reads one time', async ({ as }) => {
        const tomek = await as('tomek')
        await open(tomek, '/gatherings')
        await expect(party(tomek)).toContainText('19:30')
        await expect(party(tomek)).not.toContainText('your time')
        await expect(party(tomek)).not.toContainText('in Lisbon')
    })

    test("a visitor reads the gathering's own time, wherever they are", async ({ as, visitor }) => {
        const [yuki, stranger] = [await as('yuki'), await visitor({ timezoneId: 'America/New_York' })]
        const sunday = nextWeekday(0)
        const dawn = await plan(yuki, { title: 'Ink at dawn', date: sunday, time: '06:45', link: 'https://meet.lantern.example/dawn', clock: 'Asia/Tokyo', public: true })
        await stranger.goto('/gatherings')
        await expect(party(stranger)).toContainText('19:30 in Lisbon')
        await expect(stranger.getByRole('listitem').filter({ hasText: 'Ink at dawn' })).toContainText('06:45 in Tokyo')
        await expect(stranger.getByText('your time')).toHaveCount(0)
        await stranger.goto(`/gatherings/thursday-drawing-party/${thursday}`)
        await expect(stranger.getByRole('heading', { level: 1, name: inWords(thursday) })).toBeVisible()
        await expect(stranger.getByText('19:30 to 21:30 in Lisbon')).toBeVisible()
        await stranger.goto(`${dawn}/${sunday}`)
        await expect(stranger.getByRole('heading', { level: 1, name: inWords(sunday) })).toBeVisible()
        await expect(stranger.getByText('06:45 to 08:15 in Tokyo')).toBeVisible()
        await stranger.goto('/')
        const door = stranger.getByRole('region', { name: 'Next, open to all' })
        await expect(door.getByRole('listitem').filter({ hasText: 'Thursday drawing party' })).toContainText('19:30 in Lisbon')
        await expect(door.getByRole('listitem').filter({ hasText: 'Ink at dawn' })).toContainText('06:45 in Tokyo')
    })
})

test.describe('who may know of it', () => {
    const thursday = nextWeekday(4)

    test('what is public is there for a visitor, without the link and without those who come', async ({ as, visitor, porchlight }) => {
        const [tomek, stranger] = [await as('tomek'), await visitor()]
        const address = `/gatherings/thursday-drawing-party/${thursday}`
        await open(tomek, address)
        await tomek.getByRole('radio', { name: 'Yes' }).check()
        await tomek.getByLabel('A word with it').fill('With the green bicycle.')
        await tomek.getByRole('main').getByRole('button').first().click()
        await expect(tomek.getByText('Thank you. They know.')).toBeVisible()
        await expect(tomek.getByRole('definition').filter({ hasText: `Those who come find the link here from ${inWords(thursday)}, 19:00 on` })).toBeVisible()
        await expect(tomek.getByText('meet.lantern.example')).toHaveCount(0)
        const ines = await as(porchlight.names.admin)
        await open(ines, address)
        await expect(ines.getByRole('link', { name: 'meet.lantern.example/thursday' })).toBeVisible()
        const names = await tomek.getByRole('region', { name: 'Who’s coming' }).getByRole('listitem').getByRole('link').allInnerTexts()
        expect(names).toContain('Tomek Zieliński')

        await stranger.goto(address)
        await expect(stranger.getByRole('heading', { level: 1, name: inWords(thursday) })).toBeVisible()
        await expect(stranger.getByRole('definition').filter({ hasText: 'The hall with the blue door' })).toBeVisible()
        await expect(stranger.getByRole('link', { name: 'Sign in to say whether you come' })).toBeVisible()
        await expect(stranger.getByRole('radio')).toHaveCount(0)
        await stranger.goto('/gatherings/thursday-drawing-party')
        await expect(stranger.getByText('We begin with a prompt, go quiet for an hour')).toBeVisible()

        for (const seen of [address, '/gatherings/thursday-drawing-party', '/gatherings', '/', `/api/page?address=${address}`, '/api/page?address=/gatherings/thursday-drawing-party', '/gatherings/thursday-drawing-party.ics']) {
            const text = await (await stranger.request.get(seen, { headers: { origin: porchlight.url } })).text()
            expect(text, seen).toContain('Thursday drawing party')
            // Who keeps it is said; who comes is not.
            for (const secret of [...names.filter((name) => name !== 'Inês Carvalho'), 'With the green bicycle.', 'meet.lantern.example', 'are coming']) expect(text, seen).not.toContain(secret)
        }
    })

    for (const [where, place] of [['online alone', undefined], ['in a place and online', 'The hall with the blue door']] as const) {
        test(`a visitor reads of what is ${where} that the link is for members`, async ({ as, visitor }) => {
            const [tomek, stranger] = [await as('tomek'), await visitor()]
            const address = await plan(tomek, { title: 'Open table', date: thursday, time: '15:00', place, link: 'https://meet.lantern.example/table', public: true })
            await stranger.goto('/gatherings')
            const line = stranger.getByRole('listitem').filter({ hasText: 'Open table' })
            await expect(line).toContainText(place ? `${place} or online` : '15:00 in Lisbon, online')
            for (const page of [address, `${address}/${thursday}`]) {
                await stranger.goto(page)
                await expect(stranger.getByRole('definition').filter({ hasText: 'The link is for members' })).toBeVisible()
                await expect(stranger.getByText('meet.lantern.example')).toHaveCount(0)
            }
        })
    }

    test('what is for the community is, for a visitor, as if it had never been', async ({ as, visitor, porchlight }) => {
        const [tomek, stranger] = [await as('tomek'), await visitor()]
        await open(tomek, '/gatherings')
        const choir = tomek.getByRole('listitem').filter({ hasText: 'Kitchen choir' }).first()
        const session = (await choir.getByRole('link').getAttribute('href'))!
        const date = session.split('/').at(-1)!
        await open(tomek, session)
        await expect(tomek.getByRole('link', { name: 'Kitchen choir' })).toBeVisible()

        for (const [hidden, nothing] of [
            ['/gatherings/kitchen-choir', '/gatherings/kitchen-chair'],
            [session, `/gatherings/kitchen-chair/${date}`],
            ['/gatherings/kitchen-choir.ics', '/gatherings/kitchen-chair.ics'],
            ['/gatherings/kitchen-choir/edit', '/gatherings/kitchen-chair/edit'],
        ]) {
            await expectNothingAt(stranger, hidden, nothing)
        }
        for (const [hidden, nothing] of [['kitchen-choir', 'kitchen-chair'], [`kitchen-choir/${date}`, `kitchen-chair/${date}`]]) {
            const ask = async (slug: string) => (await stranger.request.get(`/api/page?address=/gatherings/${slug}`, { headers: { origin: porchlight.url } })).text()
            expect(await ask(hidden)).toBe(await ask(nothing))
        }
        for (const list of ['/', '/gatherings', '/api/page?address=/gatherings', '/about']) {
            const text = await (await stranger.request.get(list, { headers: { origin: porchlight.url } })).text()
            expect(text, list).not.toContain('choir')
        }
        await stranger.goto('/gatherings/kitchen-choir')
        await expect(stranger.getByRole('heading', { level: 1, name: 'There is nothing here' })).toBeVisible()
    })

    test('what its host takes inside is gone from the door at once', async ({ as, visitor }) => {
        const [kofi, stranger] = [await as('kofi'), await visitor()]
        await stranger.goto('/gatherings/soup-night')
        await expect(stranger.getByRole('heading', { level: 1, name: 'Soup night' })).toBeVisible()
        await kofi.goto('/gatherings/soup-night/edit')
        await kofi.getByRole('radio', { name: 'Everybody here' }).check()
        await kofi.getByRole('button', { name: 'Save' }).click()
        await expect(kofi.getByRole('heading', { level: 1, name: 'Soup night' })).toBeVisible()
        await expectNothingAt(stranger, '/gatherings/soup-night', '/gatherings/soup-morning')
        await stranger.goto('/')
        await expect(stranger.getByRole('link', { name: 'Thursday drawing party' })).toBeVisible()
        await expect(stranger.getByText('Soup night')).toHaveCount(0)
        expect((await eventsOf(await stranger.request.get('/gatherings.ics'))).map((event) => event.summary)).not.toContain('Soup night')
    })

    test('the public calendar holds what is public, and nobody finds the link in it', async ({ as, visitor }) => {
        for (const page of [await visitor(), await as('tomek')]) {
            const answer = await page.request.get('/gatherings.ics')
            expect(answer.headers()['content-type']).toContain('text/calendar')
            const unfolded = (await answer.text()).replaceAll('\r\n ', '')
            expect(unfolded).not.toContain('meet.lantern.example')
            expect(unfolded).not.toContain('choir')
            const events = await eventsOf(answer)
            expect(events.map((event) => event.summary).sort()).toEqual(['Soup night', 'The night of the lanterns', 'Thursday drawing party'])
            expect(events.find((event) => event.summary === 'Soup night')!.location).toBe('Canteen behind the school')
        }
    })
})

test.describe("in one's own calendar", () => {
    test('it is at the same hour on the wall before and after the clocks are changed', async ({ as }) => {
        const tomek = await as('tomek')
        const thursday = nextWeekday(4)
        const zones = ['Europe/Lisbon', 'America/New_York', 'Australia/Sydney', 'America/Santiago']
        for (const clock of zones) await plan(tomek, { title: `Call by ${clock}`, date: thursday, time: '19:30', often: 'Every week', link: 'https://meet.example.org/call', clock })
        await tomek.goto('/settings/calendar')
        const address = await tomek.getByRole('textbox', { name: 'Calendar address' }).inputValue()
        // A phone's calendar brings no cookies.
        const events = await eventsOf(await fetch(address))
        expect(events.map((event) => event.summary)).toEqual(expect.arrayContaining(['Kitchen choir', 'Thursday drawing party', 'Early brushes with Yuki', ...zones.map((zone) => `Call by ${zone}`)]))
        for (const zone of zones) {
            const call = events.find((event) => event.summary === `Call by ${zone}`)!
            expect(call.location).toBe('Online')
            const sessions = call.iterator()
            // More than a year, so that the clocks are changed twice in between whenever this runs.
            const found = Array.from({ length: 54 }, () => sessions.next().toJSDate().toISOString())
            expect(found.map((at) => `${dayThere(at, zone)} ${clockThere(at, zone)}`)).toEqual(found.map((_, at) => `${inWords(daysLater(thursday, 7 * at))} 19:30`))
            expect(new Set(found.map((at) => at.slice(11))).size, `${zone} has summer and winter`).toBe(2)
        }
    })

    test('a new address puts an end to the old one', async ({ as }) => {
        const [tomek, ines] = [await as('tomek'), await as('ines')]
        const field = (page: Page) => page.getByRole('textbox', { name: 'Calendar address' })
        await tomek.goto('/settings/calendar')
        await ines.goto('/settings/calendar')
        const [old, hers] = [await field(tomek).inputValue(), await field(ines).inputValue()]
        expect(hers).not.toBe(old)
        await tomek.reload()
        await expect(field(tomek)).toHaveValue(old)
        expect((await fetch(old)).status).toBe(200)

        await tomek.getByRole('button', { name: 'Make a new address' }).click()
        await expect(tomek.getByText('This is your new address. The old one answers nobody any more.')).toBeVisible()
        const fresh = await field(tomek).inputValue()
        expect(fresh).not.toBe(old)
        const [gone, never] = [await fetch(old), await fetch(old.replace(/.{6}\.ics$/, 'zzzzzz.ics'))]
        expect([gone.status, never.status]).toEqual([404, 404])
        expect(await gone.text()).toBe(await never.text())
        for (const address of [fresh, hers]) expect((await eventsOf(await fetch(address))).length).toBeGreaterThan(3)
    })
})

test.describe('the form', () => {
    for (const javaScriptEnabled of [true, false]) {
        test(`what can't be is refused in a sentence and nothing typed is lost, ${javaScriptEnabled ? 'with' : 'without'} script`, async ({ as }) => {
            const tomek = await as('tomek', { javaScriptEnabled })
            const first = nextWeekday(2)
            await tomek.goto('/gatherings/new')
            await tomek.getByLabel('What is it called?').fill('Bolts & <nuts>')
            await tomek.getByLabel('First day').fill(first)
            await tomek.getByLabel('At', { exact: true }).fill('18:45')
            await tomek.getByLabel('For', { exact: true }).selectOption('three hours')
            await tomek.getByRole('radio', { name: 'In another rhythm' }).check()
            // With script, what it is made of opens with the choice.
            if (!javaScriptEnabled) await tomek.getByText('More about the rhythm').click()
            await tomek.getByLabel('Every', { exact: true }).fill('3')
            await tomek.getByLabel('Of what?').selectOption('weeks')
            await tomek.getByRole('checkbox', { name: 'Tue', exact: true }).check()
            await tomek.getByRole('checkbox', { name: 'Sat', exact: true }).check()
            await tomek.getByLabel('Last day').fill(daysLater(first, -1))
            await tomek.getByRole('radio', { name: 'Both' }).check()
            await tomek.getByLabel('Place', { exact: true }).fill('In front of the hall')
            await tomek.getByLabel('Link', { exact: true }).fill('https://meet.example.org/bolts')
            await tomek.getByLabel('What happens there?').fill('We **turn** what turns.\n\nBring a rag.')
            await tomek.getByText('A picture, another clock').click()
            await tomek.getByLabel('A picture').setInputFiles(picture('bolt.png', [90, 90, 200]))
            await tomek.getByLabel('Whose clock?').selectOption('Atlantic/Azores')
            await tomek.getByText('For whom, how many, and who else keeps it').click()
            await tomek.getByRole('radio', { name: 'Everybody, and it stands at the front door' }).check()
            await tomek.getByRole('checkbox', { name: 'Tell of it on the timeline' }).uncheck()

            const send = tomek.getByRole('button', { name: 'Put it on the agenda' })
            const stands = async () => {
                await expect(tomek.getByLabel('What is it called?')).toHaveValue('Bolts & <nuts>')
                await expect(tomek.getByLabel('First day')).toHaveValue(first)
                await expect(tomek.getByLabel('At', { exact: true })).toHaveValue('18:45')
                await expect(tomek.getByLabel('For', { exact: true })).toHaveValue('180')
                await expect(tomek.getByRole('radio', { name: 'In another rhythm' })).toBeChecked()
                await expect(tomek.getByLabel('Every', { exact: true })).toHaveValue('3')
                await expect(tomek.getByLabel('Of what?')).toHaveValue('weeks')
                for (const day of ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']) await expect(tomek.getByRole('checkbox', { name: day, exact: true })).toBeChecked({ checked: ['Tue', 'Sat'].includes(day) })
                await expect(tomek.getByLabel('What happens there?')).toHaveValue('We **turn** what turns.\n\nBring a rag.')
                await expect(tomek.getByLabel('Whose clock?')).toHaveValue('Atlantic/Azores')
                await expect(tomek.getByRole('radio', { name: 'Everybody, and it stands at the front door' })).toBeChecked()
                await expect(tomek.getByRole('checkbox', { name: 'Tell of it on the timeline' })).not.toBeChecked()
                await expect(tomek.locator('form img.gathering-picture')).toBeVisible()
            }

            await test.step('an end before the beginning', async () => {
                await send.click()
                await expect(tomek.getByRole('alert')).toHaveText('The last day is a date on or after the first session, such as 2027-06-30.')
                await stands()
                await expect(tomek.getByLabel('Last day')).toHaveValue(daysLater(first, -1))
                await expect(tomek.getByRole('radio', { name: 'Both' })).toBeChecked()
                await expect(tomek.getByLabel('Place', { exact: true })).toHaveValue('In front of the hall')
                await expect(tomek.getByLabel('Link', { exact: true })).toHaveValue('https://meet.example.org/bolts')
                await tomek.getByLabel('Last day').fill(daysLater(first, 90))
            })
            await test.step('a link that is none', async () => {
                await tomek.getByLabel('Link', { exact: true }).fill('ftp://meet.example.org/bolts')
                await send.click()
                await expect(tomek.getByRole('alert')).toHaveText('The online link is an address that begins with https:// or http://.')
                await stands()
                await expect(tomek.getByLabel('Last day')).toHaveValue(daysLater(first, 90))
                await expect(tomek.getByLabel('Place', { exact: true })).toHaveValue('In front of the hall')
                await expect(tomek.getByLabel('Link', { exact: true })).toHaveValue('ftp://meet.example.org/bolts')
                await tomek.getByLabel('Link', { exact: true }).fill('https://meet.example.org/bolts')
            })
            await test.step('no place at all', async () => {
                await tomek.getByLabel('Place', { exact: true }).fill('')
                await tomek.getByRole('radio', { name: 'At a place' }).check()
                await send.click()
                await expect(tomek.getByRole('alert')).toHaveText('Where is it? Write a place, an online link, or both.')
                await stands()
                await expect(tomek.getByRole('radio', { name: 'At a place' })).toBeChecked()
                // The link waits behind the other choice.
                await tomek.getByRole('radio', { name: 'Both' }).check()
                await expect(tomek.getByLabel('Link', { exact: true })).toHaveValue('https://meet.example.org/bolts')
                await tomek.getByLabel('Place', { exact: true }).fill('In front of the hall')
            })
            await test.step('and when all is well, all of it is there', async () => {
                await send.click()
                await expect(tomek.getByRole('heading', { level: 1, name: 'Bolts & <nuts>' })).toBeVisible()
                const last = daysLater(first, 90)
                await expect(tomek.getByText(`Every third week on Tuesday and Saturday, until ${Number(last.slice(8))} ${month(last)} ${last.slice(0, 4)}`)).toBeVisible()
                await expect(tomek.getByText('18:45 in Azores')).not.toHaveCount(0)
                await expect(tomek.getByRole('link', { name: 'meet.example.org/bolts' })).toBeVisible()
                await expect(tomek.getByText('We turn what turns.')).toBeVisible()
                const shown = tomek.getByRole('main').locator('img.gathering-picture')
                expect(await shown.evaluate((img: HTMLImageElement) => img.decode().then(() => img.naturalWidth))).toBeGreaterThan(0)
                await tomek.goto('/')
                await expect(tomek.getByRole('region', { name: 'Posts' }).getByRole('article').first()).not.toContainText('Bolts & <nuts>')
            })
        })
    }

    test('a change that is refused comes back as it was typed, and changes nothing', async ({ as }) => {
        const kofi = await as('kofi')
        await kofi.goto('/gatherings/soup-night/edit')
        await kofi.getByLabel('What is it called?').fill('Stew night')
        await kofi.getByLabel('Place', { exact: true }).fill('')
        await kofi.getByRole('button', { name: 'Save' }).click()
        await expect(kofi.getByRole('alert')).toHaveText('Where is it? Write a place, an online link, or both.')
        await expect(kofi.getByLabel('What is it called?')).toHaveValue('Stew night')
        await expect(kofi.getByLabel('Place', { exact: true })).toHaveValue('')
        await expect(kofi.getByRole('radio', { name: 'Everybody, and it stands at the front door' })).toBeChecked()
        await kofi.goto('/gatherings/soup-night')
        await expect(kofi.getByRole('heading', { level: 1, name: 'Soup night' })).toBeVisible()
    })
})

/** The addresses that the lines of a list lead to. */
function hrefs(lines: ReturnType<Page['getByRole']>): Promise<(string | null)[]> {
    return lines.getByRole('link').evaluateAll((links) => links.map((link) => link.getAttribute('href')))
}

/** The events of a calendar, which knows its zones itself. */
async function eventsOf(answer: { text(): Promise<string> }): Promise<ICAL.Event[]> {
    const calendar = new ICAL.Component(ICAL.parse(await answer.text()))
    for (const zone of calendar.getAllSubcomponents('vtimezone')) ICAL.TimezoneService.register(zone)
    return calendar.getAllSubcomponents('vevent').map((event) => new ICAL.Event(event))
}

function today(): string {
    return new Date().toISOString().slice(0, 10)
}

/** `November`, of a date. */
function month(date: string): string {
    return inWords(date).split(' ')[2]
}

/** The nth such day of the week (0 is Sunday; -1 for the last) of the month that is so many after this one. */
function weekdayOfMonth(weekday: number, nth: number, ahead: number): string {
    const now = new Date()
    const days = Array.from({ length: 31 }, (_, at) => new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + ahead, at + 1)))
    const inMonth = days.filter((day) => day.getUTCMonth() === days[0].getUTCMonth() && day.getUTCDay() === weekday)
    return inMonth.at(nth > 0 ? nth - 1 : nth)!.toISOString().slice(0, 10)
}
