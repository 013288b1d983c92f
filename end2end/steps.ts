/** What people do in several of the stories: found the place, join it, write in it; and what they bring along. */
import { deflateSync } from 'node:zlib'
import AxeBuilder from '@axe-core/playwright'
import type { APIResponse } from '@playwright/test'
import { expect, type Page } from './porchlight'

/** A picture file of one colour, as an upload. */
export function picture(name = 'picture.png', [red, green, blue] = [190, 90, 60], width = 64, height = 48) {
    const row = Buffer.concat([Buffer.of(0), Buffer.concat(Array.from({ length: width }, () => Buffer.of(red, green, blue)))])
    const header = Buffer.alloc(13)
    header.writeUInt32BE(width, 0)
    header.writeUInt32BE(height, 4)
    header.set([8, 2, 0, 0, 0], 8)
    const parts = [
        Buffer.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
        chunk('IHDR', header),
        chunk('IDAT', deflateSync(Buffer.concat(Array.from({ length: height }, () => row)))),
        chunk('IEND', Buffer.alloc(0)),
    ]
    return { name, mimeType: 'image/png', buffer: Buffer.concat(parts) }
}

function chunk(kind: string, data: Buffer): Buffer {
    const body = Buffer.concat([Buffer.from(kind, 'latin1'), data])
    const length = Buffer.alloc(4)
    length.writeUInt32BE(data.length)
    const check = Buffer.alloc(4)
    check.writeUInt32BE(crc32(body))
    return Buffer.concat([length, body, check])
}

/** The check that a PNG's parts end in. */
function crc32(bytes: Buffer): number {
    let crc = ~0
    for (const byte of bytes) {
        crc ^= byte
        for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1
    }
    return ~crc >>> 0
}

/** The steps of founding, each from its page to the next. */
export const founding = {
    async place(page: Page, name: string): Promise<void> {
        await expect(page.getByRole('heading', { level: 1, name: 'What will you call it?' })).toBeVisible()
        await page.getByLabel('Its name').fill(name)
        await page.getByLabel('What is it for').fill('We draw together, and nobody has to be good at it.')
        await page.getByLabel('Its clock').selectOption('Europe/Lisbon')
        await page.getByRole('button', { name: 'Go on' }).click()
    },
    async founder(page: Page, person: Person): Promise<void> {
        await expect(page.getByRole('heading', { level: 1, name: 'And who are you?' })).toBeVisible()
        await page.getByLabel('What are you called?').fill(person.called)
        await page.getByLabel('Name to sign in with').fill(person.name)
        await page.getByLabel('Password').fill(person.password)
        await page.getByRole('button', { name: 'Go on' }).click()
    },
    async looks(page: Page): Promise<void> {
        await expect(page.getByRole('heading', { level: 1, name: 'What does the door look like?' })).toBeVisible()
        await page.getByRole('radio', { name: 'Wine' }).check()
        await page.getByLabel('Greeting').fill('The kettle is on.')
        await page.getByRole('button', { name: 'Go on' }).click()
    },
    async rules(page: Page): Promise<void> {
        await expect(page.getByRole('heading', { level: 1, name: 'How will you be with each other?' })).toBeVisible()
        await page.getByRole('link', { name: /Start from this.*A neighbourhood/ }).click()
        await expect(page.getByLabel('Your house rules')).not.toHaveValue('')
        await page.getByRole('button', { name: 'Go on' }).click()
    },
    async gathering(page: Page, title: string, date: string): Promise<void> {
        await expect(page.getByRole('heading', { level: 1, name: 'When do you first meet?' })).toBeVisible()
        await page.getByLabel('What is it called?').fill(title)
        await page.getByLabel('First day').fill(date)
        await page.getByLabel('At', { exact: true }).fill('11:00')
        await page.getByRole('radio', { name: 'Every week' }).check()
        await page.getByLabel('Place', { exact: true }).fill('The hall with the blue door')
        await page.getByRole('button', { name: 'Go on' }).click()
    },
    /** Ends on the page with the invitation's link, and returns it. */
    async invitation(page: Page, name: string): Promise<string> {
        await expect(page.getByRole('heading', { level: 1, name: 'Whom would you love to have here?' })).toBeVisible()
        await page.getByRole('textbox', { name: 'Their name' }).fill(name)
        await page.getByRole('button', { name: 'Make the invitation and open the door' }).click()
        await expect(page.getByRole('heading', { level: 1, name: 'The light is on' })).toBeVisible()
        return page.getByRole('textbox', { name: 'Invitation link' }).inputValue()
    },
}

export interface Person {
    name: string
    called: string
    password: string
}

/** Founds a place with Ana in it, and returns the link by which a second person comes in. */
export async function found(page: Page, foundingLink: string, ana: Person, second: string): Promise<string> {
    await page.goto(foundingLink)
    await founding.place(page, 'Drawing Circle')
    await founding.founder(page, ana)
    await founding.looks(page)
    await founding.rules(page)
    await founding.gathering(page, 'Saturday sketches', nextWeekday(6))
    return founding.invitation(page, second)
}

/** Makes an account by an invitation, and goes past the welcome to the timeline. */
export async function join(page: Page, link: string, person: Person): Promise<void> {
    await page.goto(link)
    await page.getByLabel('Display name').fill(person.called)
    await page.getByLabel('Name to sign in with').fill(person.name)
    await page.getByLabel('Password').fill(person.password)
    await page.getByRole('checkbox', { name: 'I have read the house rules and will keep them.' }).check()
    await page.getByRole('button', { name: 'Move in' }).click()
    await expect(page.getByRole('heading', { level: 1, name: `Welcome, ${person.called}` })).toBeVisible()
    await page.getByRole('link', { name: /^To the timeline of / }).click()
    await expect(page.getByRole('heading', { level: 1, name: 'Timeline' })).toBeAttached()
}

/** Signs in by the form. */
export async function signIn(page: Page, name: string, password: string): Promise<void> {
    await page.goto('/sign-in')
    await page.getByLabel('Name', { exact: true }).fill(name)
    await page.getByLabel('Password').fill(password)
    await page.getByRole('button', { name: 'Sign in' }).click()
}

/** The post or reply that says something. */
export function post(page: Page, text: string) {
    return page.getByRole('article').filter({ hasText: text })
}

/** The box in which one writes to everybody. */
export function composer(page: Page) {
    return page.getByRole('textbox', { name: /^Write to / })
}

/** The first such day of the week (0 is Sunday) that is at least two days away, as yyyy-mm-dd. */
export function nextWeekday(weekday: number): string {
    const day = new Date(Date.now() + 2 * 86_400_000)
    while (day.getUTCDay() !== weekday) day.setUTCDate(day.getUTCDate() + 1)
    return day.toISOString().slice(0, 10)
}

/** The instant of a date and a time on a city's clock, by the browser's rules for it, not ours. */
export function instant(date: string, time: string, zone: string): string {
    const utc = Date.parse(`${date}T${time}:00Z`)
    const parts = new Intl.DateTimeFormat('en-GB', { timeZone: zone, timeZoneName: 'longOffset' }).formatToParts(utc)
    const offset = parts.find((part) => part.type === 'timeZoneName')?.value.match(/([+-])(\d\d):(\d\d)/)
    const minutes = offset ? Number(`${offset[1]}1`) * (Number(offset[2]) * 60 + Number(offset[3])) : 0
    return new Date(utc - minutes * 60_000).toISOString()
}

/** Writes a post without the composer, for stories that are about something else, and returns its id. */
export async function say(page: Page, markdown: string, more: { audience?: string; named?: string; note?: string } = {}): Promise<number> {
    return send(page, '/api/posts/write', { markdown, ...more })
}

/** The posts on the timeline that stand above the line of what had been read. Below it stands what had been. */
export async function aboveTheLine(page: Page): Promise<string[]> {
    return page.getByText('New above, read below').evaluate((line) =>
        [...document.querySelectorAll('article')]
            .filter((article) => line.compareDocumentPosition(article) & Node.DOCUMENT_POSITION_PRECEDING)
            .map((article) => article.id),
    )
}

/** Says as many words as it takes until so many posts are new to a reader who has so many new ones already. */
export async function sayUntilNew(page: Page, already: number, wanted: number): Promise<string[]> {
    const ids = []
    for (let said = already; said < wanted; said++) ids.push(`p${await say(page, `Bowl number ${said + 1} of the evening.`)}`)
    return ids
}

/** Writes a reply without the composer. */
export async function reply(page: Page, to: number, markdown: string): Promise<number> {
    return send(page, '/api/posts/reply', { to: String(to), markdown })
}

async function send(page: Page, address: string, fields: Record<string, string>): Promise<number> {
    // Forms are taken from pages of the place alone, and a request by itself does not say where it comes from.
    const origin = new URL((await page.request.get('/livez')).url()).origin
    const answer = await page.request.post(address, { multipart: fields, headers: { accept: 'application/json', origin } })
    expect(answer.status(), await answer.text()).toBe(200)
    return answer.json()
}

/** Sends a form without its page, as somebody would who was never shown it. */
export async function slip(page: Page, address: string, fields: Record<string, string>): Promise<APIResponse> {
    const origin = new URL((await page.request.get('/livez')).url()).origin
    return page.request.post(address, { form: fields, headers: { accept: 'application/json', origin } })
}

/** Answers a session without its page, for stories that are about something else. */
export async function answer(page: Page, session: string, answer: 'yes' | 'maybe' | 'no', note = '', guests = 0): Promise<void> {
    const [, , slug, date] = session.split('/')
    const taken = await slip(page, '/api/gatherings/rsvp', { slug, date, answer, 'form[note]': note, 'form[guests]': String(guests) })
    expect(taken.status(), await taken.text()).toBe(200)
}

/** Expects an address to be answered, word for word, as one at which there never was anything. */
export async function expectNothingAt(page: Page, address: string, nothing: string): Promise<void> {
    const [there, never] = [await page.request.get(address, { maxRedirects: 0 }), await page.request.get(nothing, { maxRedirects: 0 })]
    expect(there.status(), address).toBe(404)
    expect(never.status(), nothing).toBe(404)
    // What differs each time: the nonce of the page's script, and the address that was asked for (but for a link to it).
    const same = (text: string, asked: string) =>
        text.replaceAll(/nonce="[^"]*"|nonce-[\w-]+/g, 'nonce').replaceAll(new RegExp(`(?<!href=")${asked.replace(/[.?+]/g, '\\$&')}`, 'g'), 'ADDRESS')
    expect(same(await there.text(), address), address).toBe(same(await never.text(), nothing))
}

/** What somebody has in mind who plans a gathering. What is left out stays as the form has it. */
export interface Wish {
    title: string
    date: string
    time: string
    often?: string
    lasts?: string
    place?: string
    link?: string
    clock?: string
    public?: boolean
    /** The names of those whom it is for alone, such as `@ana @bo`. */
    named?: string
    cohosts?: string
    room?: number
    /** `one guest`. */
    guests?: string
    /** `a day before`. */
    answerBy?: string
    /** From when on its link is shown: `an hour before`. */
    opens?: string
    door?: string
}

/** Plans a gathering by the form, and returns its address. */
export async function plan(page: Page, wish: Wish): Promise<string> {
    await page.goto('/gatherings/new')
    await page.getByLabel('What is it called?').fill(wish.title)
    await page.getByLabel('First day').fill(wish.date)
    await page.getByLabel('At', { exact: true }).fill(wish.time)
    if (wish.lasts) await page.getByLabel('For', { exact: true }).selectOption(wish.lasts)
    if (wish.often) await page.getByRole('radio', { name: wish.often, exact: true }).check()
    await page.getByRole('radio', { name: wish.place && wish.link ? 'Both' : wish.link ? 'Online' : 'At a place' }).check()
    if (wish.place) await page.getByLabel('Place', { exact: true }).fill(wish.place)
    if (wish.link) await page.getByLabel('Link', { exact: true }).fill(wish.link)
    if (wish.door) await page.getByLabel('What to look for at the door').fill(wish.door)
    if (wish.opens) await page.getByLabel('From when on?').selectOption(wish.opens)
    if (wish.clock) await page.getByText('A picture, another clock').click()
    if (wish.clock) await page.getByLabel('Whose clock?').selectOption(wish.clock)
    if (wish.public || wish.named || wish.cohosts || wish.room || wish.guests || wish.answerBy) {
        await page.getByText('For whom, how many, and who else keeps it').click()
    }
    if (wish.public) await page.getByRole('radio', { name: 'Everybody, and it stands at the front door' }).check()
    if (wish.named) {
        await page.getByRole('radio', { name: 'Only those I name' }).check()
        await page.getByLabel('Whom?').fill(wish.named)
    }
    if (wish.cohosts) await page.getByLabel('Who keeps it with you?').fill(wish.cohosts)
    if (wish.room) await page.getByLabel('Room for how many?').fill(String(wish.room))
    if (wish.guests) await page.getByLabel('Each may bring').selectOption(wish.guests)
    if (wish.answerBy) await page.getByLabel('They can say yes').selectOption(wish.answerBy)
    await page.getByRole('button', { name: 'Put it on the agenda' }).click()
    await expect(page.getByRole('heading', { level: 1, name: wish.title })).toBeVisible()
    return new URL(page.url()).pathname
}

/** Makes an invitation, for one person or for a group of so many, and returns its link. */
export async function invite(page: Page, whom: { name: string; note?: string } | { group: string; uses: number }): Promise<string> {
    await page.goto('/hosting/invitations')
    if ('name' in whom) {
        await page.getByRole('radio', { name: 'One person' }).check()
        await page.getByRole('textbox', { name: 'Their name' }).fill(whom.name)
        await page.getByLabel('Why you\'d love them here').fill(whom.note ?? '')
    } else {
        await page.getByRole('radio', { name: 'A group' }).check()
        await page.getByLabel('What the group is called').fill(whom.group)
        await page.getByLabel('How many may use it').fill(String(whom.uses))
    }
    await page.getByRole('button', { name: 'Make the invitation' }).click()
    return page.getByRole('textbox', { name: 'Invitation link' }).inputValue()
}

/** A date, so many days later. */
export function daysLater(date: string, days: number): string {
    return new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)
}

/** `Thursday 26 November`, of a date. */
export function inWords(date: string): string {
    return dayThere(`${date}T00:00:00Z`, 'UTC')
}

/** `19:30`, of an instant on a city's clock. */
export function clockThere(at: string, zone: string): string {
    return new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(new Date(at))
}

/** `Thursday 26 November`, of an instant on a city's calendar. */
export function dayThere(at: string, zone: string): string {
    const parts = new Intl.DateTimeFormat('en-GB', { timeZone: zone, weekday: 'long', day: 'numeric', month: 'long' }).formatToParts(new Date(at))
    return ['weekday', 'day', 'month'].map((type) => parts.find((part) => part.type === type)!.value).join(' ')
}

/** What axe finds on a page, at a phone's and a desk's width, in light and dark; and whether it fits a narrow screen. */
export async function flaws(page: Page, at: string): Promise<string[]> {
    const found: string[] = []
    await expect(page.getByRole('heading', { level: 1 })).toBeAttached()
    for (const [whose, size] of [["a phone's", { width: 390, height: 844 }], ["a desk's", { width: 1280, height: 800 }]] as const) {
        await page.setViewportSize(size)
        for (const colorScheme of ['light', 'dark'] as const) {
            await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
            const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']).analyze()
            for (const { id, help, nodes } of violations) {
                found.push(`${at}, ${whose} width, ${colorScheme}: ${id} (${help}): ${nodes.map((node) => `${node.target} ${node.failureSummary}`).join(' | ')}`)
            }
        }
    }
    await page.setViewportSize({ width: 320, height: 640 })
    const wide = await page.evaluate(() => document.documentElement.scrollWidth)
    if (wide > 320) found.push(`${at} is ${wide} pixels wide on a screen of 320`)
    return found
}
