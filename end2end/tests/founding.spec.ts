import ICAL from 'ical.js'
import { expect, open, test } from '../porchlight'
import { composer, founding, instant, join, nextWeekday, picture, post, signIn } from '../steps'

const ana = { name: 'ana', called: 'Ana Reis', password: 'a drawer full of pencils' }
const kofi = { name: 'kofi', called: 'Kofi Mensah', password: 'seven bowls of soup' }

test('a place is founded, a second person comes in, and the two talk, meet, and make it their own', async ({ porchlight, visitor }) => {
    test.setTimeout(120_000)
    let invitation = ''

    await test.step('founding begins with the printed link, and survives a closed browser', async () => {
        const first = await visitor()
        await first.goto(porchlight.foundingLink)
        await founding.place(first, 'Drawing Circle')
        await founding.founder(first, ana)
        await founding.looks(first)
        await expect(first.getByRole('list', { name: 'Founding, step 4 of 6' })).toBeVisible()
        await first.context().close()
    })

    const home = await visitor()
    await test.step('the same link goes on where it was left, in another profile', async () => {
        await home.goto(porchlight.foundingLink)
        await expect(home.getByRole('list', { name: 'Founding, step 4 of 6' })).toBeVisible()
        await founding.rules(home)
        await founding.gathering(home, 'Saturday sketches', nextWeekday(6))
        invitation = await founding.invitation(home, 'Kofi')
        expect(new URL(invitation).pathname).toMatch(/^\/join\/./)
        await expect(home.locator('.qr svg')).toBeVisible()
    })

    await test.step('the founding link opens nothing any more', async () => {
        const late = await visitor()
        expect((await late.goto(porchlight.foundingLink))?.status()).toBe(404)
        await expect(late.getByRole('heading', { level: 1, name: 'There is nothing here' })).toBeVisible()
        expect((await late.goto('/setup'))?.status()).toBe(404)
    })

    await test.step('the founder stands on the timeline of her own place', async () => {
        await home.getByRole('link', { name: 'Go in' }).click()
        await expect(composer(home)).toBeVisible()
        await expect(post(home, 'Saturday sketches')).toBeVisible()
    })

    const away = await visitor()
    await test.step('the second person reads who invites him and the rules, and moves in', async () => {
        await away.goto(invitation)
        await expect(away.getByRole('heading', { level: 1 })).toContainText('Kofi')
        await expect(away.getByText('Ana Reis', { exact: false }).first()).toBeVisible()
        await expect(away.getByRole('heading', { name: 'How we are with each other' })).toBeVisible()
        await join(away, invitation, kofi)
    })

    await open(home, '/')
    await test.step('he posts with a picture, and she sees it without loading the page again', async () => {
        await open(away, '/')
        await composer(away).fill('Here is my **first** leaf.')
        await away.getByLabel('Pictures, up to 4').setInputFiles(picture('leaf.png', [60, 120, 70]))
        await away.getByLabel('What does it show?').fill('A green leaf')
        await away.getByRole('button', { name: 'Send', exact: true }).click()
        await expect(post(away, 'Here is my first leaf.').getByRole('img', { name: 'A green leaf' })).toBeVisible()

        await home.getByRole('button', { name: '1 new post' }).click()
        const leaf = post(home, 'Here is my first leaf.')
        await expect(leaf.getByRole('img', { name: 'A green leaf' })).toBeVisible()
        expect(await leaf.getByRole('img', { name: 'A green leaf' }).evaluate((img: HTMLImageElement) => img.decode().then(() => img.naturalWidth))).toBeGreaterThan(0)
    })

    await test.step('she answers, and he sees the answer arrive', async () => {
        await post(away, 'Here is my first leaf.').getByRole('link', { name: 'Reply' }).click()
        await expect(away.getByRole('heading', { name: 'No reply yet' })).toBeVisible()
        await post(home, 'Here is my first leaf.').getByRole('link', { name: 'Reply' }).click()
        await home.getByRole('textbox', { name: 'Write a reply' }).fill('Look at that stem.')
        await home.getByRole('button', { name: 'Send', exact: true }).click()
        await expect(post(away, 'Look at that stem.')).toBeVisible()
        await expect(away.getByRole('heading', { name: 'One reply' })).toBeVisible()
    })

    const thursday = nextWeekday(4)
    await test.step('she plans the drawing party, every second Thursday at half past seven, online', async () => {
        await home.getByRole('link', { name: 'Gatherings' }).click()
        await home.getByRole('link', { name: 'Plan a gathering' }).click()
        await home.getByLabel('What is it called?').fill('Thursday drawing party')
        await home.getByLabel('First day').fill(thursday)
        await home.getByLabel('At', { exact: true }).fill('19:30')
        await home.getByLabel('For', { exact: true }).selectOption('two hours')
        await home.getByRole('radio', { name: 'Every second week' }).check()
        await home.getByRole('radio', { name: 'Online' }).check()
        await home.getByLabel('Link', { exact: true }).fill('https://meet.example.org/thursday')
        await home.getByRole('button', { name: 'Put it on the agenda' }).click()
        await expect(home.getByRole('heading', { level: 1, name: 'Thursday drawing party' })).toBeVisible()
        await expect(home.getByText('Every second Thursday')).toBeVisible()
    })

    await test.step('he says yes with a word, and she sees it arrive', async () => {
        await open(home, `/gatherings/thursday-drawing-party/${thursday}`)
        await expect(home.getByText('Nobody has answered yet.', { exact: false })).toBeVisible()
        await away.getByRole('link', { name: 'Gatherings' }).click()
        await away.getByRole('listitem').filter({ hasText: 'Thursday drawing party' }).getByRole('link').first().click()
        await away.getByRole('radio', { name: 'Yes' }).check()
        await away.getByLabel('A word with it').fill('With a new brush.')
        await away.getByRole('button', { name: 'Tell them' }).click()
        await expect(away.getByText('Thank you. They know.')).toBeVisible()
        const coming = home.getByRole('region', { name: 'Who’s coming' })
        await expect(coming.getByRole('listitem').filter({ hasText: 'Kofi Mensah' })).toContainText('With a new brush.')
    })

    await test.step("his phone's calendar reads the sessions, at the same hour in winter and in summer", async () => {
        await away.goto('/settings/calendar')
        const address = await away.getByRole('textbox', { name: 'Calendar address' }).inputValue()
        // A phone's calendar brings no cookies.
        const phone = await fetch(address)
        expect(phone.status).toBe(200)
        expect(phone.headers.get('content-type')).toContain('text/calendar')
        const calendar = new ICAL.Component(ICAL.parse(await phone.text()))
        const zones = calendar.getAllSubcomponents('vtimezone')
        expect(zones.map((zone) => zone.getFirstPropertyValue('tzid'))).toContain('Europe/Lisbon')
        for (const zone of zones) ICAL.TimezoneService.register(zone)
        const events = calendar.getAllSubcomponents('vevent').map((event) => new ICAL.Event(event))
        const party = events.find((event) => event.summary === 'Thursday drawing party')
        expect(events.map((event) => event.summary).sort()).toEqual(['Saturday sketches', 'Thursday drawing party'])
        const sessions = party!.iterator()
        // Half a year and more, so that the clocks are changed in between whenever this runs.
        const starts = Array.from({ length: 16 }, () => sessions.next().toJSDate().toISOString())
        const expected = Array.from({ length: 16 }, (_, at) => {
            const day = new Date(Date.parse(`${thursday}T00:00:00Z`) + at * 14 * 86_400_000).toISOString().slice(0, 10)
            return instant(day, '19:30', 'Europe/Lisbon')
        })
        expect(starts).toEqual(expected)
        expect(new Set(starts.map((start) => start.slice(11))).size).toBe(2)
        expect(party!.duration.toSeconds()).toBe(2 * 60 * 60)
        expect((await fetch(address.replace(/.{4}\.ics$/, 'zzzz.ics'))).status).toBe(404)
    })

    await test.step('she changes the colour and the word for a gathering, and both hold for him', async () => {
        await open(away, '/')
        const send = away.getByRole('button', { name: 'Send', exact: true })
        const before = await send.evaluate((button) => getComputedStyle(button).backgroundColor)
        await home.goto('/admin/looks')
        await home.getByRole('radio', { name: 'Ink blue' }).check()
        await home.getByRole('button', { name: 'Paint the door' }).click()
        await expect(home.getByText('Painted. Everybody sees it from now on.')).toBeVisible()
        await home.getByRole('link', { name: 'Words' }).click()
        await home.getByLabel('A gathering is called').fill('kitchen evening')
        await home.getByLabel('Several are').nth(1).fill('kitchen evenings')
        await home.getByRole('button', { name: 'Save for everybody' }).click()
        await expect(home.getByText('Saved. From now on that is what everybody reads.')).toBeVisible()

        await away.reload()
        await expect(away.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Kitchen evenings' })).toBeVisible()
        await expect(send).toHaveCSS('background-color', 'rgb(44, 74, 124)')
        expect(before).not.toBe('rgb(44, 74, 124)')
    })

    await test.step('he signs out everywhere, and his other device is signed out at its next step', async () => {
        const phone = await visitor()
        await signIn(phone, kofi.name, kofi.password)
        await expect(composer(phone)).toBeVisible()
        await away.goto('/settings/sign-in')
        await away.getByRole('button', { name: 'Sign out everywhere' }).click()
        await expect(away.getByText('You are signed out everywhere, on this device too.')).toBeVisible()
        await phone.goto('/notifications')
        await expect(phone.getByRole('button', { name: 'Sign in' })).toBeVisible()
        await away.goto('/')
        await expect(away.getByRole('link', { name: 'Sign in' })).toBeVisible()
        await home.goto('/')
        await expect(composer(home)).toBeVisible()
    })
})
