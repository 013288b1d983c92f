import { expect, open, test, type Page } from '../porchlight'
import { answer, daysLater, expectNothingAt, flaws, instant, inWords, nextWeekday, plan, slip } from '../steps'

test.use({ place: 'demo' })

const thursday = nextWeekday(4)
/** The first Thursdays on which the street meets. */
const thursdays = Array.from({ length: 10 }, (_, at) => daysLater(thursday, 7 * at))
const TUESDAY = 2
const SATURDAY = 6

test.describe('while one plans', () => {
    test('the first Tuesday and the third Saturday of each month are said in words, with the dates on which they are', async ({ as }) => {
        const kofi = await as('kofi')
        await kofi.goto('/gatherings/new')
        await expect(dates(kofi)).toHaveText('With a day and a time above, the dates stand here.')
        await kofi.getByLabel('What is it called?').fill('Tool library')
        await kofi.getByLabel('First day').fill(thursday)
        await kofi.getByLabel('At', { exact: true }).fill('19:30')
        await expect(lines(dates(kofi))).toHaveText([said(thursday, '19:30')])

        await kofi.getByRole('radio', { name: 'In another rhythm' }).check()
        // What it is made of opens with the choice.
        await expect(kofi.getByLabel('Of what?')).toBeVisible()
        await kofi.getByLabel('Of what?').selectOption('months, on the same weekday')
        await choose(kofi, 1, 'first', 'Tuesday')
        await choose(kofi, 2, 'third', 'Saturday')
        const expected = days(thursday, 8, (day) => isNth(day, 1, TUESDAY) || isNth(day, 3, SATURDAY))
        await expect(dates(kofi)).toContainText('On the first Tuesday and third Saturday of each month')
        await expect(lines(dates(kofi))).toHaveText(expected.map((date) => said(date, '19:30')))

        await kofi.getByLabel('At', { exact: true }).fill('18:15')
        await expect(lines(dates(kofi))).toHaveText(expected.map((date) => said(date, '18:15')))

        await kofi.getByLabel('Place', { exact: true }).fill('The shed behind number 13')
        await kofi.getByRole('button', { name: 'Put it on the agenda' }).click()
        await expect(kofi.getByText('On the first Tuesday and third Saturday of each month, 18:15, for an hour and a half')).toBeVisible()
        expect(await hrefs(lines(next(kofi)))).toEqual(expected.map((date) => `/gatherings/tool-library/${date}`))
        await kofi.getByRole('link', { name: 'Change it' }).click()
        await expect(kofi.getByRole('combobox', { name: 'Which one of the month, 1' })).toHaveValue('1')
        await expect(kofi.getByRole('combobox', { name: 'Which day of the week, 2' })).toHaveValue('sa')
        await expect(lines(dates(kofi))).toHaveText(expected.map((date) => said(date, '18:15')))
    })

    test('what is written beside the dates stands in no address', async ({ as }) => {
        const kofi = await as('kofi')
        await begin(kofi, 'Every week')
        await kofi.getByText('What happens in its room').first().click()
        await kofi.getByRole('radio', { name: /^Rounds/ }).check()
        await kofi.getByLabel('What happens there?').fill('A secret feast')
        await kofi.getByLabel('Opening words').fill('A secret feast')
        const asked = kofi.waitForRequest((request) => new URL(request.url()).pathname === '/gatherings/new/dates')
        await kofi.getByLabel('Prompts').fill('A secret feast')
        const { search, searchParams } = new URL((await asked).url())
        expect(search).not.toMatch(/secret|Glue|Number/)
        const matter = ['date', 'time', 'minutes', 'time_zone', 'often', 'every', 'unit', 'nth', 'nth_day', 'until', 'count', 'rule']
        expect([...new Set(searchParams.keys())].sort()).toEqual(matter.sort())
        await expect(lines(dates(kofi)).first()).toContainText('19:30')
    })

    test('it ends on a last day or after so many times, as the dates show', async ({ as }) => {
        const kofi = await as('kofi')
        await begin(kofi, 'Every week')
        await kofi.getByText('More about the rhythm').click()
        await kofi.getByLabel('Or how many times?').fill('3')
        await expect(dates(kofi)).toContainText('Every Thursday, 3 times')
        await expect(lines(dates(kofi))).toHaveText(thursdays.slice(0, 3).map((date) => said(date, '19:30')))
        await kofi.getByLabel('Last day').fill(thursdays[4])
        await expect(dates(kofi)).toHaveText('It ends on a last day or after a number of times. Please fill in one of the two.')
        await kofi.getByLabel('Or how many times?').fill('')
        await expect(dates(kofi)).toContainText(`Every Thursday, until ${withYear(thursdays[4])}`)
        await expect(lines(dates(kofi))).toHaveText(thursdays.slice(0, 5).map((date) => said(date, '19:30')))
    })

    const tenth = daysLater(thursday, 40)
    const rules = [
        {
            rule: 'RRULE:FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1',
            words: 'On the last of the weekdays of each month',
            dates: days(thursday, 8, (day) => isWeekday(day) && [1, 2, 3].every((more) => !isWeekday(later(day, more)) || later(day, more).getUTCMonth() !== day.getUTCMonth())),
        },
        { rule: 'freq=monthly;bymonthday=13;byday=fr', words: 'On every Friday that is the 13th of each month', dates: days(thursday, 8, (day) => day.getUTCDay() === 5 && day.getUTCDate() === 13) },
        { rule: 'FREQ=DAILY;INTERVAL=10;COUNT=5', words: 'Every 10 days, 5 times', dates: [0, 10, 20, 30, 40].map((more) => daysLater(thursday, more)) },
        { rule: `FREQ=WEEKLY;BYDAY=SA,TU;UNTIL=${tenth.replaceAll('-', '')}`, words: `Every week on Tuesday and Saturday, until ${withYear(tenth)}`, dates: days(thursday, 8, (day) => [TUESDAY, SATURDAY].includes(day.getUTCDay())) },
        { rule: 'FREQ=YEARLY;BYMONTH=1,7;BYMONTHDAY=1', words: 'On the 1st of January and July each year', dates: days(thursday, 8, (day) => day.getUTCDate() === 1 && [0, 6].includes(day.getUTCMonth())) },
    ]
    test('a rule that somebody writes is explained in words and dates, and kept as it is', async ({ as }) => {
        const kofi = await as('kofi')
        await begin(kofi, 'In another rhythm')
        await kofi.getByLabel('Of what?').selectOption('a rule that I write below')
        await expect(dates(kofi)).toHaveText('A rule says how often it is, such as FREQ=WEEKLY;BYDAY=TU,TH.')
        for (const { rule, words, dates: expected } of rules) {
            await kofi.getByLabel('A rule').fill(rule)
            await expect(dates(kofi)).toContainText(words)
            await expect(lines(dates(kofi))).toHaveText(expected.map((date) => said(date, '19:30')))
        }

        await kofi.getByLabel('A rule').fill(rules[0].rule)
        await kofi.getByRole('button', { name: 'Put it on the agenda' }).click()
        await expect(kofi.getByText('On the last of the weekdays of each month, 19:30')).toBeVisible()
        expect(await hrefs(lines(next(kofi)))).toEqual(rules[0].dates.map((date) => `/gatherings/glue-evening/${date}`))
        await kofi.getByRole('link', { name: 'Change it' }).click()
        await expect(kofi.getByLabel('Of what?')).toHaveValue('rule')
        await expect(kofi.getByLabel('A rule')).toHaveValue('FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1')
    })

    test('what can not be is refused at its field, while one types and when one sends it', async ({ as }) => {
        const kofi = await as('kofi')
        for (const { what, field, text, sentence } of [
            { what: 'a last day before the first', field: 'Last day', text: daysLater(thursday, -1), sentence: 'The last day is a date on or after the first session, such as 2027-06-30.' },
            { what: 'what is no rule', field: 'A rule', text: 'every other Thursday', sentence: 'We can’t read “every other Thursday” in the rule. It looks like FREQ=MONTHLY;BYDAY=1TU,3SA.' },
            { what: 'every second', field: 'A rule', text: 'FREQ=SECONDLY', sentence: 'There is one session a day at most. FREQ is DAILY, WEEKLY, MONTHLY or YEARLY, and the rule has no BYHOUR, BYMINUTE or BYSECOND.' },
            { what: 'a million times', field: 'A rule', text: 'FREQ=DAILY;COUNT=1000000', sentence: 'How many times it happens is a number from 1 to 1000.' },
            { what: 'the 30th of February', field: 'A rule', text: 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30', sentence: 'Like that it would never happen. Please look at the dates again.' },
        ]) {
            await test.step(what, async () => {
                await begin(kofi, 'In another rhythm')
                if (field === 'A rule') await kofi.getByLabel('Of what?').selectOption('a rule that I write below')
                await kofi.getByLabel(field).fill(text)
                await expect(dates(kofi)).toHaveText(sentence)
                await kofi.getByRole('button', { name: 'Put it on the agenda' }).click()
                await expect(kofi.getByRole('alert')).toHaveText(sentence)
                await expect(kofi.getByLabel(field)).toHaveValue(text)
                await expect(kofi.getByLabel(field)).toHaveAccessibleDescription(new RegExp(escaped(sentence)))
                await expect(kofi.getByLabel(field)).toBeFocused()
                expect((await kofi.request.get('/gatherings/glue-evening')).status()).toBe(404)
            })
        }
    })

    test('dates that are left out are not in the series, and one of them is taken in again', async ({ as }) => {
        const [kofi, tomek] = [await as('kofi'), await as('tomek')]
        await begin(kofi, 'Every week')
        const box = (date: string) => lines(dates(kofi)).filter({ hasText: inWords(date) }).getByRole('checkbox', { name: 'leave out' })
        await box(thursdays[1]).check()
        await box(thursdays[3]).check()
        await kofi.getByLabel('At', { exact: true }).fill('20:00')
        await expect(lines(dates(kofi))).toHaveText(thursdays.slice(0, 8).map((date) => said(date, '20:00')))
        await expect(box(thursdays[1])).toBeChecked()
        await expect(box(thursdays[2])).not.toBeChecked()
        await expect(box(thursdays[3])).toBeChecked()
        await kofi.getByRole('button', { name: 'Put it on the agenda' }).click()
        await expect(kofi.getByRole('heading', { level: 1, name: 'Glue evening' })).toBeVisible()
        const [left, still] = [thursdays.filter((_, at) => ![1, 3].includes(at)), thursdays.filter((_, at) => at !== 3)]
        expect(await hrefs(lines(next(kofi)))).toEqual(left.map((date) => `/gatherings/glue-evening/${date}`))
        await expectNothingAt(tomek, `/gatherings/glue-evening/${thursdays[1]}`, `/gatherings/never-planned/${thursdays[1]}`)
        await open(tomek, '/gatherings/glue-evening')
        await expect(lines(next(tomek))).toHaveCount(8)

        await kofi.getByRole('link', { name: 'Change it' }).click()
        const single = kofi.getByRole('region', { name: 'Single dates' })
        await expect(lines(single).filter({ hasText: 'was left out' })).toHaveText([new RegExp(inWords(thursdays[1])), new RegExp(inWords(thursdays[3]))])
        await lines(single).filter({ hasText: inWords(thursdays[1]) }).getByRole('button', { name: 'Take it in again' }).click()
        await expect(kofi.getByRole('heading', { level: 1, name: inWords(thursdays[1]) })).toBeVisible()
        await expect(kofi.getByText('20:00 to 21:30')).toBeVisible()
        await expect.poll(() => hrefs(lines(next(tomek)))).toEqual(still.slice(0, 8).map((date) => `/gatherings/glue-evening/${date}`))
    })

    test('a date that is left out while the dates are on their way stays left out', async ({ as }) => {
        const kofi = await as('kofi')
        await begin(kofi, 'Every week')
        await expect(lines(dates(kofi))).toHaveCount(8)
        let arrive = () => {}
        const delay = new Promise<void>((resolve) => (arrive = resolve))
        await kofi.route('**/gatherings/new/dates?*', async (route) => {
            await delay
            await route.continue()
        })
        const asked = kofi.waitForRequest('**/gatherings/new/dates?*')
        await kofi.getByLabel('At', { exact: true }).fill('20:00')
        await asked
        await lines(dates(kofi)).nth(1).getByRole('checkbox', { name: 'leave out' }).check()
        arrive()
        await expect(lines(dates(kofi))).toHaveText(thursdays.slice(0, 8).map((date) => said(date, '20:00')))
        await expect(lines(dates(kofi)).nth(1).getByRole('checkbox', { name: 'leave out' })).toBeChecked()
    })

    test('a start that the clocks skip is said so, among the dates and on its page', async ({ as }) => {
        const tomek = await as('tomek')
        const sunday = clocksGoForward('Europe/Berlin')
        await begin(tomek, 'Every week')
        await tomek.getByLabel('First day').fill(sunday)
        await tomek.getByLabel('At', { exact: true }).fill('02:30')
        await tomek.getByText('A picture, another clock').click()
        await tomek.getByLabel('Whose clock?').selectOption('Europe/Berlin')
        await expect(dates(tomek)).toContainText('Every Sunday, on Berlin’s clock')
        await expect(lines(dates(tomek)).first()).toContainText(`${withYear(sunday, true)}, 03:30 (for you ${inWords(sunday)}, 02:30)`)
        await expect(lines(dates(tomek)).first()).toContainText('The clocks go forward that night, so it is at 03:30.')
        await expect(lines(dates(tomek)).nth(1)).toContainText(`${withYear(daysLater(sunday, 7), true)}, 02:30 (for you ${inWords(daysLater(sunday, 7))}, 01:30)`)
        await expect(dates(tomek).getByText('The clocks go forward')).toHaveCount(1)
        await tomek.getByRole('button', { name: 'Put it on the agenda' }).click()
        await open(tomek, `/gatherings/glue-evening/${sunday}`)
        await expect(tomek.getByText('02:30 to 04:00 your time 03:30 in Berlin')).toBeVisible()
        await expect(tomek.getByText('The clocks go forward that night: it starts at 03:30 in Berlin.')).toBeVisible()
        await open(tomek, `/gatherings/glue-evening/${daysLater(sunday, 7)}`)
        await expect(tomek.getByText('01:30 to 03:00 your time 02:30 in Berlin')).toBeVisible()
        await expect(tomek.getByText('The clocks go forward')).toHaveCount(0)
    })
})

test.describe('one session', () => {
    test('that is moved keeps its address and those who answered, and every open page says when it is now', async ({ as }) => {
        const [kofi, tomek, leila, carlos] = [await as('kofi'), await as('tomek'), await as('leila'), await as('carlos')]
        const address = await glueEvening(kofi)
        const session = `${address}/${thursdays[1]}`
        await answer(tomek, session, 'yes', 'With the long clamps.')
        await open(tomek, '/notifications')
        await open(leila, session)
        await leila.getByRole('radio', { name: 'Maybe' }).check()
        await leila.getByLabel('A word with it').fill('If the ferry goes.')
        await open(carlos, address)

        const friday = daysLater(thursdays[2], 1)
        await kofi.goto(session)
        await kofi.getByRole('link', { name: 'Change it' }).click()
        await expect(kofi.getByLabel('Day', { exact: true })).toHaveValue(thursdays[1])
        await kofi.getByLabel('Day', { exact: true }).fill(friday)
        await kofi.getByLabel('At', { exact: true }).fill('18:00')
        await kofi.getByLabel('For', { exact: true }).selectOption('60')
        await kofi.getByLabel('Place').fill('The boathouse')
        await kofi.getByLabel('What happens this time?').fill('We mend **oars**.')
        await kofi.getByRole('button', { name: 'Save' }).click()
        await expect(kofi).toHaveURL(session)
        for (const page of [kofi, leila]) {
            await expect(page.getByRole('heading', { level: 1, name: inWords(friday) })).toBeVisible()
            await expect(page.getByText('18:00 to 19:00', { exact: true })).toBeVisible()
            await expect(page.getByRole('definition').filter({ hasText: 'The boathouse' })).toBeVisible()
            await expect(page.getByText('We mend oars.')).toBeVisible()
            await expect(lines(coming(page)).filter({ hasText: 'Tomek Zieliński' })).toContainText('With the long clamps.')
        }
        // What she was just writing is still there.
        await expect(leila.getByRole('radio', { name: 'Maybe' })).toBeChecked()
        await expect(leila.getByLabel('A word with it')).toHaveValue('If the ferry goes.')
        await expect(leila).toHaveTitle(`Glue evening, ${inWords(friday)} · Lantern Street`)

        const order = [thursdays[0], thursdays[2], thursdays[1], thursdays[3]].map((date) => `${address}/${date}`)
        await expect.poll(async () => (await hrefs(lines(next(carlos)))).slice(0, 4)).toEqual(order)
        await expect(lines(next(carlos)).nth(2)).toHaveText(new RegExp(`^${Number(friday.slice(8))} ${inWords(friday).split(' ')[2].slice(0, 3)}Friday18:00`))
        await open(carlos, '/gatherings')
        const agenda = carlos.getByRole('listitem').filter({ hasText: 'Glue evening' })
        expect((await hrefs(agenda)).slice(0, 4)).toEqual(order)
        await expect(agenda.nth(2)).toContainText('18:00, The boathouse')
        await expect(agenda.nth(1)).toContainText('19:30, Number 13')

        await expect(lines(tomek.getByRole('main')).first()).toContainText(`Kofi Mensah changed Glue evening: it is on ${inWords(friday)}`)
        await lines(tomek.getByRole('main')).first().getByRole('link').click()
        await expect(tomek).toHaveURL(session)
        await expect(tomek.getByRole('heading', { level: 1, name: inWords(friday) })).toBeVisible()
        await expect(tomek.getByRole('radio', { name: 'Yes' })).toBeChecked()
    })

    test('that is cancelled says why and asks nobody, and may take place after all', async ({ as }) => {
        const [kofi, tomek, leila, carlos] = [await as('kofi'), await as('tomek'), await as('leila'), await as('carlos')]
        const address = await glueEvening(kofi)
        const session = `${address}/${thursdays[1]}`
        await answer(tomek, session, 'yes')
        await open(tomek, '/notifications')
        await open(leila, session)
        await leila.getByRole('radio', { name: 'Maybe' }).check()
        await leila.getByRole('button', { name: 'Tell them' }).click()
        await expect(lines(coming(leila))).toHaveText([/Tomek Zieliński/, /Leila/])
        await open(carlos, '/gatherings')
        const inAgenda = carlos.getByRole('listitem').filter({ hasText: 'Glue evening' }).nth(1)
        await expect(inAgenda).toContainText('Tomek Zieliński is coming.')

        await kofi.goto(`${session}/edit`)
        await kofi.getByLabel('Why is it cancelled?').fill('The stove in Number 13 smokes.')
        await kofi.getByRole('button', { name: 'Cancel this one' }).click()
        await expect(kofi).toHaveURL(session)
        for (const page of [kofi, leila]) {
            await expect(page.getByRole('heading', { name: 'This one is cancelled' })).toBeVisible()
            await expect(page.getByText('The stove in Number 13 smokes.')).toBeVisible()
            await expect(page.getByText('The next is on')).toContainText(inWords(thursdays[0]))
            await expect(page.getByRole('link', { name: 'Add to your calendar' })).toHaveCount(0)
            await expect(page.getByRole('radio')).toHaveCount(0)
        }
        await expect(inAgenda).toContainText('Cancelled.')
        await expect(inAgenda).not.toContainText('coming')
        await kofi.goto(address)
        await expect(lines(next(kofi)).nth(1)).toContainText('Cancelled.')
        await expect(next(kofi).getByText('Cancelled.')).toHaveCount(1)
        await expect(lines(tomek.getByRole('main')).first()).toContainText(`Kofi Mensah cancelled Glue evening on ${inWords(thursdays[1])}`)
        await expect(lines(tomek.getByRole('main')).first()).toContainText('The stove in Number 13 smokes.')
        const late = await slip(leila, '/api/gatherings/rsvp', { slug: 'glue-evening', date: thursdays[1], answer: 'yes' })
        expect(late.status()).toBe(422)

        await kofi.goto(`${session}/edit`)
        await kofi.getByRole('button', { name: 'It takes place after all' }).click()
        await expect(kofi).toHaveURL(session)
        for (const page of [kofi, leila]) {
            await expect(page.getByRole('radio', { name: 'Yes' })).toBeVisible()
            await expect(page.getByText('Cancelled')).toHaveCount(0)
            await expect(lines(coming(page))).toHaveText([/Tomek Zieliński/, /Leila/])
        }
        await expect(inAgenda).toContainText('Tomek Zieliński is coming.')
        await expect(lines(tomek.getByRole('main')).first()).toContainText(`Kofi Mensah says that it takes place after all: Glue evening on ${inWords(thursdays[1])}`)
        await expect(tomek.getByText('Kofi Mensah cancelled')).toHaveCount(0)
        await expect(leila.getByRole('radio', { name: 'Maybe' })).toBeChecked()
    })

    test('that is cancelled does not ask to be the first to come', async ({ as }) => {
        const kofi = await as('kofi')
        await kofi.goto(`${await glueEvening(kofi)}/${thursdays[1]}/edit`)
        await kofi.getByLabel('Why is it cancelled?').fill('The stove in Number 13 smokes.')
        await kofi.getByRole('button', { name: 'Cancel this one' }).click()
        await expect(kofi.getByRole('heading', { name: 'This one is cancelled' })).toBeVisible()
        await expect(kofi.getByText('Be the first?')).toHaveCount(0)
    })

    test('is left out as long as nobody has answered it, and not any more when somebody has', async ({ as }) => {
        const [kofi, tomek, leila] = [await as('kofi'), await as('tomek'), await as('leila')]
        const address = await glueEvening(kofi)
        await answer(tomek, `${address}/${thursdays[2]}`, 'maybe')
        await open(leila, `${address}/${thursdays[1]}`)
        await kofi.goto(`${address}/${thursdays[1]}/edit`)
        await kofi.getByRole('button', { name: 'Take this date off the agenda' }).click()
        await expect(kofi).toHaveURL(`${address}/edit#single`)
        await expect(lines(kofi.getByRole('region', { name: 'Single dates' })).filter({ hasText: 'was left out' })).toContainText(inWords(thursdays[1]))
        await expect(leila.getByRole('radio', { name: 'Yes' })).toHaveCount(0)
        await expectNothingAt(leila, `${address}/${thursdays[1]}`, `/gatherings/never-planned/${thursdays[1]}`)

        await kofi.goto(`${address}/${thursdays[2]}/edit`)
        await expect(kofi.getByRole('button', { name: 'Take this date off the agenda' })).toHaveCount(0)
        await kofi.goto(`${address}/${thursdays[3]}/edit`)
        await answer(tomek, `${address}/${thursdays[3]}`, 'yes')
        await kofi.getByRole('button', { name: 'Take this date off the agenda' }).click()
        await expect(kofi.getByRole('alert')).toHaveText('Somebody has answered that one already. Cancel it instead, and say why: then they are told.')
        await kofi.goto(address)
        expect((await hrefs(lines(next(kofi)))).slice(0, 3)).toEqual([0, 2, 3].map((at) => `${address}/${thursdays[at]}`))
        await expect(leila.getByText('There is nothing on this day any more.')).toBeVisible()
    })

    test('is added on a day of its own, but not on one that has one already', async ({ as }) => {
        const [kofi, carlos] = [await as('kofi'), await as('carlos')]
        const address = await glueEvening(kofi)
        await open(carlos, address)
        const sunday = daysLater(thursdays[0], 3)
        await kofi.goto(`${address}/edit`)
        const single = kofi.getByRole('region', { name: 'Single dates' })
        await single.getByLabel('On', { exact: true }).fill(thursdays[1])
        await single.getByLabel('From', { exact: true }).fill('11:00')
        await single.getByRole('button', { name: 'Add it' }).click()
        await expect(kofi.getByRole('alert')).toHaveText('There is one on that day already. It can be changed on its own page.')
        await expect(single.getByLabel('On', { exact: true })).toHaveValue(thursdays[1])
        await expect(single.getByLabel('On', { exact: true })).toHaveAccessibleDescription(/There is one on that day already\./)
        await expect(single.getByLabel('From', { exact: true })).toHaveValue('11:00')
        await single.getByLabel('On', { exact: true }).fill(sunday)
        await single.getByRole('button', { name: 'Add it' }).click()
        await expect(kofi).toHaveURL(`${address}/${sunday}`)
        await expect(kofi.getByText('11:00 to 12:30', { exact: true })).toBeVisible()
        await expect.poll(async () => (await hrefs(lines(next(carlos)))).slice(0, 3)).toEqual([thursdays[0], sunday, thursdays[1]].map((date) => `${address}/${date}`))
        await kofi.goto(`${address}/edit`)
        await expect(lines(single).filter({ hasText: inWords(sunday) })).toContainText('(an extra one)')
    })
})

test.describe('a series', () => {
    test('is another one from some session on, and what was before stays as it was', async ({ as }) => {
        const [kofi, tomek] = [await as('kofi'), await as('tomek')]
        const address = await glueEvening(kofi)
        await answer(tomek, `${address}/${thursdays[1]}`, 'yes')
        await kofi.goto(`${address}/${thursdays[2]}/edit`)
        const reach = kofi.getByRole('navigation', { name: 'What is changed' }).getByRole('link')
        await expect(reach).toHaveText([`Only ${spoken(thursdays[2])}`, `${spoken(thursdays[2])} and all later ones`, 'The whole series'])
        await expect(reach.nth(0)).toHaveAttribute('aria-current', 'page')
        await reach.nth(1).click()
        await expect(kofi).toHaveURL(`${address}/edit?from=${thursdays[2]}`)
        await expect(reach.nth(1)).toHaveAttribute('aria-current', 'page')
        await expect(kofi.getByLabel('First day')).toHaveValue(thursdays[2])

        const tuesday = daysLater(thursdays[2], 5)
        await kofi.getByLabel('First day').fill(tuesday)
        await kofi.getByLabel('At', { exact: true }).fill('18:00')
        await kofi.getByLabel('Place', { exact: true }).fill('')
        await expect(dates(kofi)).toContainText('Every Tuesday')
        await kofi.getByRole('button', { name: 'Save' }).click()
        await expect(kofi.getByRole('alert')).toHaveText('Where is it? Write a place, an online link, or both.')
        await expect(reach.nth(1)).toHaveAttribute('aria-current', 'page')
        await expect(kofi.getByLabel('First day')).toHaveValue(tuesday)
        await kofi.getByLabel('Place', { exact: true }).fill('The boathouse')
        await kofi.getByRole('button', { name: 'Save' }).click()
        await expect(kofi.getByRole('heading', { level: 1, name: 'Glue evening' })).toBeVisible()

        const after = [thursdays[0], thursdays[1], ...Array.from({ length: 6 }, (_, at) => daysLater(tuesday, 7 * at))]
        expect(await hrefs(lines(next(kofi)))).toEqual(after.map((date) => `${address}/${date}`))
        await expect(lines(next(kofi)).nth(1)).toContainText('Thursday19:30')
        await expect(lines(next(kofi)).nth(2)).toContainText('Tuesday18:00')
        await expectNothingAt(tomek, `${address}/${thursdays[2]}`, `/gatherings/never-planned/${thursdays[2]}`)
        await open(tomek, `${address}/${thursdays[1]}`)
        await expect(tomek.getByRole('definition').filter({ hasText: 'Number 13' })).toBeVisible()
        await expect(tomek.getByText('19:30 to 21:00', { exact: true })).toBeVisible()
        await expect(tomek.getByRole('radio', { name: 'Yes' })).toBeChecked()
        await open(tomek, `${address}/${tuesday}`)
        await expect(tomek.getByRole('definition').filter({ hasText: 'The boathouse' })).toBeVisible()
        await expect(tomek.getByText('18:00 to 19:30', { exact: true })).toBeVisible()
        await open(tomek, '/gatherings')
        const agenda = tomek.getByRole('listitem').filter({ hasText: 'Glue evening' })
        await expect(agenda.nth(1)).toContainText('19:30, Number 13')
        await expect(agenda.nth(2)).toContainText('18:00, The boathouse')
        await open(tomek, '/notifications')
        await expect(tomek.getByText('Kofi Mensah changed')).toHaveCount(0)
    })

    test('keeps the sessions before the one from which it was changed, also when all of it is changed later', async ({ as }) => {
        const [kofi, tomek] = [await as('kofi'), await as('tomek')]
        const address = await glueEvening(kofi)
        await answer(tomek, `${address}/${thursdays[1]}`, 'yes')
        await kofi.goto(`${address}/edit?from=${thursdays[2]}`)
        await kofi.getByLabel('First day').fill(daysLater(thursdays[2], 5))
        await kofi.getByRole('button', { name: 'Save' }).click()
        await expect(lines(next(kofi)).nth(2)).toContainText('Tuesday')
        await kofi.goto(`${address}/edit`)
        await mainTime(kofi).fill('18:30')
        await kofi.getByRole('button', { name: 'Save' }).click()
        await expect(lines(next(kofi)).nth(2)).toContainText('18:30')
        expect((await hrefs(lines(next(kofi)))).slice(0, 3)).toEqual([thursdays[0], thursdays[1], daysLater(thursdays[2], 5)].map((date) => `${address}/${date}`))
        await expect(next(kofi).getByText('Cancelled.')).toHaveCount(0)
        await open(tomek, '/notifications')
        await expect(tomek.getByText('Kofi Mensah cancelled')).toHaveCount(0)
    })

    test('says its own hour of itself, whatever the next session has of its own', async ({ as }) => {
        const kofi = await as('kofi')
        const address = await glueEvening(kofi)
        await kofi.goto(`${address}/edit?from=${thursdays[2]}`)
        await kofi.getByLabel('First day').fill(daysLater(thursdays[2], 5))
        await kofi.getByLabel('At', { exact: true }).fill('18:00')
        await kofi.getByRole('button', { name: 'Save' }).click()
        await expect(lines(next(kofi)).nth(2)).toContainText('Tuesday18:00')
        await expect(kofi.getByText(/^Every Thursday, until .*, 19:30, for an hour and a half$/)).toBeVisible()
        await expect(kofi.getByRole('definition').filter({ hasText: `every Tuesday, 18:00, from ${inWords(daysLater(thursdays[2], 5))} on` })).toBeVisible()

        await kofi.goto(`${address}/${thursdays[0]}/edit`)
        await kofi.getByLabel('At', { exact: true }).fill('11:00')
        await kofi.getByRole('button', { name: 'Save' }).click()
        await expect(kofi.getByText('11:00 to 12:30', { exact: true })).toBeVisible()
        await open(kofi, address)
        await expect(lines(next(kofi)).first()).toContainText('11:00')
        await expect(kofi.getByText(/^Every Thursday, until .*, 19:30, for an hour and a half$/)).toBeVisible()
    })

    test('whose day of the week changes takes along those who answered', async ({ as }) => {
        const [kofi, tomek, leila] = [await as('kofi'), await as('tomek'), await as('leila')]
        const address = await glueEvening(kofi)
        await answer(tomek, `${address}/${thursdays[1]}`, 'yes', 'With the long clamps.')
        await open(tomek, '/notifications')
        await open(leila, address)
        await kofi.goto(`${address}/edit`)
        await kofi.getByLabel('First day').fill(daysLater(thursdays[0], 1))
        await kofi.getByRole('button', { name: 'Save' }).click()
        await expect(kofi.getByText('Every Friday, 19:30')).toBeVisible()

        const friday = daysLater(thursdays[1], 1)
        await expect(leila.getByText('Every Friday, 19:30')).toBeVisible()
        await expect(lines(next(leila)).nth(1)).toContainText('Tomek Zieliński is coming.')
        expect((await hrefs(lines(next(leila)))).slice(0, 2)).toEqual([`${address}/${daysLater(thursdays[0], 1)}`, `${address}/${friday}`])
        // Its old address is in letters and in talk: it leads to where it is now.
        await open(leila, `${address}/${thursdays[1]}`)
        await expect(leila).toHaveURL(`${address}/${friday}`)
        await expect(lines(tomek.getByRole('main')).first()).toContainText(`Kofi Mensah changed Glue evening: it is on ${inWords(friday)}`)
        await lines(tomek.getByRole('main')).first().getByRole('link').click()
        await expect(tomek).toHaveURL(`${address}/${friday}`)
        await expect(tomek.getByRole('radio', { name: 'Yes' })).toBeChecked()
        await expect(lines(coming(tomek)).filter({ hasText: 'Tomek Zieliński' })).toContainText('With the long clamps.')
    })

    test('that is called off says why, and goes on after all', async ({ as }) => {
        const [kofi, tomek, leila] = [await as('kofi'), await as('tomek'), await as('leila')]
        const address = await glueEvening(kofi)
        await answer(tomek, `${address}/${thursdays[1]}`, 'yes')
        await open(tomek, '/notifications')
        await open(leila, address)
        await kofi.goto(`${address}/edit`)
        await kofi.getByLabel('Why is all of it cancelled?').fill('The kitchen is being rebuilt.')
        await kofi.getByRole('button', { name: 'Cancel all that is to come' }).click()
        await expect(kofi).toHaveURL(address)
        for (const page of [kofi, leila]) {
            await expect(page.getByText('Cancelled: The kitchen is being rebuilt.')).toBeVisible()
            await expect(page.getByText('Nothing more is planned here.')).toBeVisible()
            await expect(lines(next(page))).toHaveCount(0)
        }
        await open(leila, '/gatherings')
        await expect(leila.getByRole('listitem').filter({ hasText: 'Thursday drawing party' }).first()).toBeVisible()
        await expect(leila.getByRole('listitem').filter({ hasText: 'Glue evening' })).toHaveCount(0)
        const late = await slip(leila, '/api/gatherings/rsvp', { slug: 'glue-evening', date: thursdays[1], answer: 'yes' })
        expect(late.status()).toBe(422)
        const newest = lines(tomek.getByRole('main')).first()
        await expect(newest).toContainText('Kofi Mensah cancelled Glue evening')
        await expect(newest).toContainText('The kitchen is being rebuilt.')

        await kofi.goto(`${address}/edit`)
        await kofi.getByRole('button', { name: 'It goes on after all' }).click()
        await expect(kofi).toHaveURL(address)
        await expect(kofi.getByText('Cancelled')).toHaveCount(0)
        expect(await hrefs(lines(next(kofi)))).toEqual(thursdays.slice(0, 8).map((date) => `${address}/${date}`))
        await expect(lines(next(kofi)).nth(1)).toContainText('Tomek Zieliński is coming.')
        await expect(leila.getByRole('listitem').filter({ hasText: 'Glue evening' }).first()).toBeVisible()
        await expect(newest).toContainText('Kofi Mensah says that it takes place after all: Glue evening')
    })

    test('that is called off says so wherever one of its sessions was to be', async ({ as }) => {
        const [kofi, tomek, leila] = [await as('kofi'), await as('tomek'), await as('leila')]
        const address = await glueEvening(kofi)
        await answer(tomek, `${address}/${thursdays[1]}`, 'yes')
        await open(leila, `${address}/${thursdays[1]}`)
        await kofi.goto(`${address}/edit`)
        await kofi.getByLabel('Why is all of it cancelled?').fill('The kitchen is being rebuilt.')
        await kofi.getByRole('button', { name: 'Cancel all that is to come' }).click()
        await expect(kofi.getByText('Cancelled: The kitchen is being rebuilt.')).toBeVisible()
        await open(tomek, '/notifications')
        await lines(tomek.getByRole('main')).first().getByRole('link').click()
        for (const page of [tomek, leila]) {
            await expect(page.getByRole('heading', { name: 'This one is cancelled' })).toBeVisible()
            await expect(page.getByText('The kitchen is being rebuilt.')).toBeVisible()
        }
        await expect(leila.getByText('There is nothing on this day any more.')).toHaveCount(0)
    })
})

test.describe('two who change it at once', () => {
    const overtaken = 'while you were writing. What you wrote is still here; beside it you see what stands now. Save again to keep yours.'

    test('the second reads what stands now of a series, and then keeps theirs', async ({ as, porchlight }) => {
        const [kofi, marco] = [await as('kofi'), await as(porchlight.names.host)]
        const address = await glueEvening(kofi)
        for (const page of [kofi, marco]) await page.goto(`${address}/edit`)
        await marco.getByLabel('What is it called?').fill('Clay and glue')
        await marco.getByLabel('Place', { exact: true }).fill('The boathouse')
        await marco.getByRole('button', { name: 'Save' }).click()
        await expect(marco.getByRole('heading', { level: 1, name: 'Clay and glue' })).toBeVisible()

        await kofi.getByLabel('What is it called?').fill('Glue and string')
        await kofi.getByLabel('What happens there?').fill('Bring what is broken.')
        await kofi.getByRole('button', { name: 'Save' }).click()
        await expect(kofi.getByRole('alert')).toHaveText(`Somebody changed this ${overtaken}`)
        await expect(kofi.getByLabel('What is it called?')).toHaveValue('Glue and string')
        await expect(kofi.getByLabel('Place', { exact: true })).toHaveValue('Number 13')
        await expect(kofi.getByLabel('What happens there?')).toHaveValue('Bring what is broken.')
        await expect(kofi.getByLabel('What is it called?')).toHaveAccessibleDescription('Now it is Clay and glue')
        await expect(kofi.getByLabel('Place', { exact: true })).toHaveAccessibleDescription('Now it is The boathouse')
        await expect(kofi.getByText(/^Now it is/)).toHaveText(['Now it is Clay and glue', 'Now it is The boathouse', 'Now it is nothing'])
        await expect(marco.getByText('Bring what is broken.')).toHaveCount(0)

        await kofi.getByRole('button', { name: 'Save' }).click()
        await expect(kofi.getByRole('heading', { level: 1, name: 'Glue and string' })).toBeVisible()
        await expect(kofi.getByRole('definition').filter({ hasText: 'Number 13' })).toBeVisible()
        await expect(kofi.getByText('Bring what is broken.')).toBeVisible()
    })

    test('the second reads what stands now of a session, and then keeps theirs', async ({ as, porchlight }) => {
        const [kofi, marco] = [await as('kofi'), await as(porchlight.names.host)]
        const address = await glueEvening(kofi)
        const session = `${address}/${thursdays[1]}`
        for (const page of [kofi, marco]) await page.goto(`${session}/edit`)
        await marco.getByLabel('At', { exact: true }).fill('18:00')
        await marco.getByRole('button', { name: 'Save' }).click()
        await expect(marco.getByText('18:00 to 19:30', { exact: true })).toBeVisible()

        await kofi.getByLabel('What happens this time?').fill('We mend oars.')
        await kofi.getByRole('button', { name: 'Save' }).click()
        await expect(kofi.getByRole('alert')).toHaveText(`Somebody changed this one ${overtaken}`)
        await expect(kofi.getByLabel('What happens this time?')).toHaveValue('We mend oars.')
        await expect(kofi.getByLabel('At', { exact: true })).toHaveValue('19:30')
        await expect(kofi.getByLabel('At', { exact: true })).toHaveAccessibleDescription('Now it is 18:00')
        await expect(kofi.getByText(/^Now it is/)).toHaveText(['Now it is 18:00', 'Now it is nothing'])
        await kofi.getByRole('button', { name: 'Save' }).click()
        await expect(kofi).toHaveURL(session)
        await expect(kofi.getByText('19:30 to 21:00', { exact: true })).toBeVisible()
        await expect(kofi.getByText('We mend oars.')).toBeVisible()
    })
})

test('without script, a button shows the dates and keeps what was typed, and one session is moved', async ({ as }) => {
    const [kofi, tomek] = [await as('kofi', { javaScriptEnabled: false }), await as('tomek', { javaScriptEnabled: false })]
    const show = kofi.getByRole('button', { name: 'Show me the dates' })
    await kofi.goto('/gatherings/new')
    await kofi.getByLabel('First day').fill(thursday)
    await kofi.getByLabel('At', { exact: true }).fill('19:30')
    await kofi.getByRole('radio', { name: 'In another rhythm' }).check()
    await kofi.getByText('More about the rhythm').click()
    await kofi.getByLabel('Of what?').selectOption('months, on the same weekday')
    await choose(kofi, 1, 'first', 'Tuesday')
    await choose(kofi, 2, 'third', 'Saturday')
    await kofi.getByRole('radio', { name: 'Both' }).check()
    await kofi.getByLabel('Place', { exact: true }).fill('The shed behind number 13')
    await kofi.getByLabel('What happens there?').fill('Bring back the *long* ladder.')
    await kofi.getByRole('checkbox', { name: 'Tell of it on the timeline' }).uncheck()
    await show.click()

    const expected = days(thursday, 9, (day) => isNth(day, 1, TUESDAY) || isNth(day, 3, SATURDAY))
    await expect(kofi.getByRole('status')).toHaveText('Nothing is on the agenda yet. Below are the dates that this would give.')
    await expect(dates(kofi)).toContainText('On the first Tuesday and third Saturday of each month')
    await expect(lines(dates(kofi))).toHaveText(expected.slice(0, 8).map((date) => said(date, '19:30')))
    await lines(dates(kofi)).nth(1).getByRole('checkbox', { name: 'leave out' }).check()
    await kofi.getByLabel('What is it called?').fill('Tool library')
    await kofi.getByLabel('At', { exact: true }).fill('18:15')
    await show.click()
    await expect(lines(dates(kofi))).toHaveText(expected.slice(0, 8).map((date) => said(date, '18:15')))
    await expect(lines(dates(kofi)).nth(1).getByRole('checkbox', { name: 'leave out' })).toBeChecked()
    await expect(kofi.getByLabel('What is it called?')).toHaveValue('Tool library')
    await expect(kofi.getByLabel('First day')).toHaveValue(thursday)
    await expect(kofi.getByRole('radio', { name: 'In another rhythm' })).toBeChecked()
    await expect(kofi.getByLabel('Of what?')).toHaveValue('months-weekday')
    await expect(kofi.getByRole('combobox', { name: 'Which one of the month, 2' })).toHaveValue('3')
    await expect(kofi.getByRole('radio', { name: 'Both' })).toBeChecked()
    await expect(kofi.getByLabel('Place', { exact: true })).toHaveValue('The shed behind number 13')
    await expect(kofi.getByLabel('What happens there?')).toHaveValue('Bring back the *long* ladder.')
    await expect(kofi.getByRole('checkbox', { name: 'Tell of it on the timeline' })).not.toBeChecked()

    await kofi.getByRole('button', { name: 'Put it on the agenda' }).click()
    await expect(kofi.getByRole('heading', { level: 1, name: 'Tool library' })).toBeVisible()
    const address = '/gatherings/tool-library'
    const kept = expected.filter((_, at) => at !== 1)
    expect(await hrefs(lines(next(kofi)))).toEqual(kept.map((date) => `${address}/${date}`))

    await answer(tomek, `${address}/${kept[1]}`, 'yes')
    const dayAfter = daysLater(kept[1], 1)
    await lines(next(kofi)).nth(1).getByRole('link').click()
    await kofi.getByRole('link', { name: 'Change it' }).click()
    await kofi.getByLabel('Day', { exact: true }).fill(dayAfter)
    await kofi.getByLabel('What happens this time?').fill('We sharpen knives.')
    await kofi.getByRole('button', { name: 'Save' }).click()
    await expect(kofi).toHaveURL(`${address}/${kept[1]}`)
    await expect(kofi.getByRole('heading', { level: 1, name: inWords(dayAfter) })).toBeVisible()
    await expect(kofi.getByText('We sharpen knives.')).toBeVisible()
    await expect(lines(coming(kofi))).toContainText('Tomek Zieliński')
    await tomek.goto('/notifications')
    await expect(lines(tomek.getByRole('main')).first()).toContainText(`Kofi Mensah changed Tool library: it is on ${inWords(dayAfter)}`)
})

test('axe finds nothing on the pages on which one plans, and they fit a narrow screen', async ({ as }) => {
    test.setTimeout(150_000)
    const kofi = await as('kofi')
    const found: string[] = []
    await begin(kofi, 'In another rhythm')
    await kofi.getByText('A picture, another clock').click()
    await kofi.getByLabel('Whose clock?').selectOption('Asia/Tokyo')
    await expect(lines(dates(kofi)).first()).toContainText('for you')
    await lines(dates(kofi)).first().getByRole('checkbox', { name: 'leave out' }).check()
    found.push(...(await flaws(kofi, 'a gathering being planned')))

    await kofi.setViewportSize({ width: 1280, height: 800 })
    const address = await glueEvening(kofi)
    for (const [date, button] of [[thursdays[1], 'Cancel this one'], [thursdays[2], 'Take this date off the agenda']]) {
        await kofi.goto(`${address}/${date}/edit`)
        await kofi.getByLabel('Why is it cancelled?').fill('The stove in Number 13 smokes.')
        await kofi.getByRole('button', { name: button }).click()
        await expect(kofi.getByText(/This one is cancelled|was left out/)).toBeVisible()
    }
    await kofi.goto(`${address}/edit`)
    await expect(lines(dates(kofi))).toHaveCount(8)
    await expect(kofi.getByRole('button', { name: 'Take it in again' })).toBeVisible()
    found.push(...(await flaws(kofi, 'a series being changed')))
    await kofi.goto(`${address}/${thursdays[3]}/edit`)
    found.push(...(await flaws(kofi, 'a session being changed')))
    await kofi.goto(`${address}/${thursdays[1]}/edit`)
    found.push(...(await flaws(kofi, 'a cancelled session being changed')))
    expect(found).toEqual([])
})

/** Fills in what every gathering has, by the form, up to how often it is. */
async function begin(page: Page, often: string): Promise<void> {
    await page.goto('/gatherings/new')
    await page.getByLabel('What is it called?').fill('Glue evening')
    await page.getByLabel('First day').fill(thursday)
    await page.getByLabel('At', { exact: true }).fill('19:30')
    await page.getByRole('radio', { name: often, exact: true }).check()
    await page.getByLabel('Place', { exact: true }).fill('Number 13')
    await expect(lines(dates(page)).first()).toContainText('19:30')
}

/** Plans what is every Thursday at half past seven, and returns its address. */
function glueEvening(page: Page): Promise<string> {
    return plan(page, { title: 'Glue evening', date: thursday, time: '19:30', often: 'Every week', place: 'Number 13' })
}

/** When the series is; one more session has a field of that name further down. */
function mainTime(page: Page) {
    return page.getByLabel('At', { exact: true }).first()
}

/** Chooses a weekday as counted in its month. */
async function choose(page: Page, row: number, nth: string, weekday: string): Promise<void> {
    await page.getByRole('combobox', { name: `Which one of the month, ${row}` }).selectOption(nth)
    await page.getByRole('combobox', { name: `Which day of the week, ${row}` }).selectOption(weekday)
}

function dates(page: Page) {
    return page.getByRole('region', { name: 'The next dates' })
}

function next(page: Page) {
    return page.getByRole('region', { name: 'Next' })
}

function coming(page: Page) {
    return page.getByRole('region', { name: 'Who’s coming' })
}

function lines(list: ReturnType<Page['getByRole']>) {
    return list.getByRole('listitem')
}

/** The addresses that the lines of a list lead to. */
function hrefs(lines: ReturnType<Page['getByRole']>): Promise<(string | null)[]> {
    return lines.getByRole('link').evaluateAll((links) => links.map((link) => link.getAttribute('href')))
}

/** How a date stands among the next ones: `Thursday 3 December 2026, 19:30`. */
function said(date: string, time: string): RegExp {
    const day = date.slice(0, 4) === new Date().getFullYear().toString() ? inWords(date) : withYear(date, true)
    return new RegExp(`^${day}, ${time}`)
}

/** `3 December 2026`, or `Thursday 3 December 2026`. */
function withYear(date: string, withWeekday = false): string {
    return `${withWeekday ? inWords(date) : inWords(date).split(' ').slice(1).join(' ')} ${date.slice(0, 4)}`
}

/** `Thursday 3 December`, and with the year where that is not this one. */
function spoken(date: string): string {
    return date.slice(0, 4) === new Date().toISOString().slice(0, 4) ? inWords(date) : withYear(date, true)
}

/** The first so many days from a date on that are as asked for. */
function days(from: string, count: number, fits: (day: Date) => boolean): string[] {
    const found = []
    for (let date = from; found.length < count; date = daysLater(date, 1)) if (fits(new Date(date))) found.push(date)
    return found
}

function isNth(day: Date, nth: number, weekday: number): boolean {
    return day.getUTCDay() === weekday && Math.ceil(day.getUTCDate() / 7) === nth
}

function isWeekday(day: Date): boolean {
    return day.getUTCDay() % 6 !== 0
}

function later(day: Date, more: number): Date {
    return new Date(day.getTime() + more * 86_400_000)
}

/** The next day, from tomorrow on, on which the clocks of a city go forward. */
function clocksGoForward(zone: string): string {
    const hours = (day: Date) => {
        const [from, to] = [day, later(day, 1)].map((day) => Date.parse(instant(day.toISOString().slice(0, 10), '00:00', zone)))
        return (to - from) / 3_600_000
    }
    return days(daysLater(new Date().toISOString().slice(0, 10), 1), 1, (day) => hours(day) === 23)[0]
}

function escaped(text: string): string {
    return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
