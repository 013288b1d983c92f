import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test, type Page, type Porchlight } from '../porchlight'
import { expectNothingAt, flaws } from '../steps'

test.use({ place: 'demo', javaScriptEnabled: false })

const OPENING = 'Dear all, the kettle is on and the week was long.'

/** The newest letter to an address, its text part as it was written; `null` where there is none. */
async function letterTo(porchlight: Porchlight, address: string): Promise<string | null> {
    const folder = join(porchlight.folder, 'mail')
    const files = (await readdir(folder).catch(() => [])).filter((file) => file.endsWith('.eml')).sort().reverse()
    for (const file of files) {
        const message = await readFile(join(folder, file), 'utf8')
        if (new RegExp(`^To: .*${address}>?\r$`, 'm').test(message)) return plain(message)
    }
    return null
}

/** The text of a message; of one that is text and a page, the text. */
function plain(message: string): string {
    const boundary = message.match(/boundary="([^"]+)"/)?.[1]
    const part = boundary ? message.split(`--${boundary}\r\n`)[1].split(`\r\n--${boundary}`)[0] : message
    const [head, ...body] = part.split('\r\n\r\n')
    const raw = body.join('\r\n\r\n')
    if (/Transfer-Encoding: base64/.test(head)) return Buffer.from(raw, 'base64').toString('utf8')
    if (!/Transfer-Encoding: quoted-printable/.test(head)) return raw
    const bytes = raw.replace(/=\r\n/g, '').replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16)))
    return Buffer.from(bytes, 'latin1').toString('utf8')
}

/** The path of a link in a text, by how it begins. */
function link(text: string, begins: string): string {
    const found = [...text.matchAll(/https?:\/\/[^\s>]+/g)].map(([address]) => new URL(address).pathname).find((path) => path.startsWith(begins))
    if (!found) throw new Error(`No link ${begins}… in:\n${text}`)
    return found
}

/** Has somebody give an address and confirm it. */
async function confirm(member: Page, reader: Page, porchlight: Porchlight, address: string): Promise<void> {
    await member.goto('/settings/notifications')
    await member.getByLabel('Your address').fill(address)
    await member.getByRole('button', { name: 'Send me the link' }).click()
    await expect.poll(() => letterTo(porchlight, address)).not.toBeNull()
    await reader.goto(link((await letterTo(porchlight, address)) ?? '', '/mail/confirm/'))
    await reader.getByRole('button', { name: 'Yes, it is mine' }).click()
    await expect(reader.getByRole('heading', { level: 1, name: 'Thank you' })).toBeVisible()
}

test('a host makes the week a letter, which goes out once: as a post, and by mail to those who want it', async ({ as, visitor, porchlight }) => {
    test.slow()
    const [marco, kofi, leila, reader] = [await as('marco'), await as('kofi'), await as('leila'), await visitor()]
    await confirm(kofi, reader, porchlight, 'kofi@example.org')
    await confirm(leila, reader, porchlight, 'leila@example.org')
    await kofi.goto('/settings/notifications')
    await expect(kofi.getByRole('checkbox', { name: /^The weekly letter/ })).not.toBeChecked()
    await kofi.getByRole('checkbox', { name: /^The weekly letter/ }).check()
    await kofi.getByRole('button', { name: 'Save what comes by mail' }).click()
    await expect(kofi.getByRole('checkbox', { name: /^The weekly letter/ })).toBeChecked()

    await test.step('the desk says that it is due, and another host began it', async () => {
        await marco.goto('/hosting')
        const row = marco.getByRole('listitem').filter({ hasText: 'The letter' }).filter({ hasText: 'A draft is begun.' })
        await row.getByRole('link', { name: 'Go on with it' }).click()
        await expect(marco.getByRole('heading', { level: 1, name: 'The letter' })).toBeVisible()
        await expect(marco.getByRole('main')).toContainText('kept it')
        for (const section of ['What you loved', 'What is coming']) {
            await expect(marco.getByLabel('The week', { exact: true })).toHaveValue(new RegExp(`### ${section}`))
        }
        await expect(marco.getByRole('region', { name: 'What went out' }).getByRole('listitem')).toHaveCount(3)
    })

    await test.step('it is written, kept, and looked at before it goes', async () => {
        await marco.getByLabel('What you say first').fill(OPENING)
        await marco.getByRole('button', { name: 'Keep the draft' }).click()
        await expect(marco.getByRole('status')).toHaveText('The draft is kept. Any host can go on with it.')
        await marco.getByRole('button', { name: 'Look at it' }).click()
        await expect(marco.getByRole('heading', { level: 1, name: 'Before it goes' })).toBeVisible()
        await expect(marco.getByRole('region', { name: 'As a post' })).toContainText(OPENING)
        await expect(marco.getByRole('region', { name: 'As a post' }).getByRole('heading', { name: 'What you loved' })).toBeVisible()
        await expect(marco.getByRole('region', { name: 'By mail' })).toContainText('It goes to four people who want it by mail.')
        expect(await letterTo(porchlight, 'kofi@example.org')).not.toContain(OPENING)
    })

    await test.step('sent, it is a post of theirs, and a file lies there for each who wants it', async () => {
        await marco.getByRole('button', { name: 'Send it' }).click()
        await expect(marco.getByRole('status')).toHaveText('It is out: on the timeline, and on its way to those who want it by mail.')
        const out = marco.getByRole('region', { name: 'What went out' }).getByRole('listitem')
        await expect(out).toHaveCount(4)
        await expect(out.first()).toContainText('by you')
        await expect(out.first()).toContainText('by mail to four people')
        await expect(marco.getByLabel('What you say first')).toHaveValue('')
        await leila.goto('/')
        const post = leila.getByRole('article').filter({ hasText: OPENING })
        await expect(post).toContainText('Marco Bellini')
        await expect.poll(() => letterTo(porchlight, 'kofi@example.org')).toContain(OPENING)
        expect(await letterTo(porchlight, 'leila@example.org')).not.toContain(OPENING)
    })

    await test.step('what the mail leads to works, and one button ends it, signed out', async () => {
        const text = (await letterTo(porchlight, 'kofi@example.org')) ?? ''
        await kofi.goto(link(text, '/posts/'))
        await expect(kofi.getByRole('article').first()).toBeVisible()
        await reader.goto(link(text, '/unsubscribe/'))
        await expect(reader.getByRole('heading', { level: 1, name: 'No weekly letter any more?' })).toBeVisible()
        await reader.getByRole('button', { name: 'No letter any more' }).click()
        await expect(reader.getByRole('status')).toContainText('It is not mailed to you.')
        await kofi.goto('/settings/notifications')
        await expect(kofi.getByRole('checkbox', { name: /^The weekly letter/ })).not.toBeChecked()
        await expect(kofi.getByRole('checkbox', { name: /^Reminders/ })).toBeChecked()
    })
})

test('two hosts who write at once lose nothing, and starting again keeps what stood there', async ({ as }) => {
    const [marco, ines] = [await as('marco'), await as('ines')]
    for (const host of [marco, ines]) await host.goto('/hosting/letter')
    await marco.getByLabel('What you say last').fill('Leave the light on.')
    await marco.getByRole('button', { name: 'Keep the draft' }).click()
    await expect(marco.getByRole('status')).toContainText('The draft is kept.')
    await ines.getByLabel('What you say last').fill('Knock twice.')
    await ines.getByRole('button', { name: 'Keep the draft' }).click()
    await expect(ines.getByRole('alert')).toContainText('Another host kept the letter while you were writing')
    await expect(ines.getByRole('region', { name: 'What is kept' })).toContainText('Leave the light on.')
    await expect(ines.getByLabel('What you say last')).toHaveValue('Knock twice.')
    await ines.getByLabel('What you say last').fill('Knock twice. Leave the light on.')
    await ines.getByRole('button', { name: 'Keep the draft' }).click()
    await expect(ines.getByRole('status')).toContainText('The draft is kept.')

    await ines.getByLabel('The week', { exact: true }).fill('Nothing but rain.')
    await ines.getByRole('button', { name: 'Start again from the week' }).click()
    await expect(ines.getByLabel('The week', { exact: true })).toHaveValue(/### What you loved/)
    await expect(ines.getByLabel('What you say last')).toHaveValue('Knock twice. Leave the light on.')
    await ines.getByRole('link', { name: 'Go on with what stood there' }).click()
    await expect(ines.getByLabel('The week', { exact: true })).toHaveValue('Nothing but rain.')
})

test('what is refused stays as it was typed, and the letter is for hosts', async ({ as }) => {
    const [marco, tomek] = [await as('marco'), await as('tomek')]
    await marco.goto('/hosting/letter')
    await marco.getByLabel('The week', { exact: true }).fill('[psst](/posts/7)')
    await marco.getByRole('button', { name: 'Look at it' }).click()
    await expect(marco.getByLabel('The week', { exact: true })).toHaveAccessibleDescription(/It leads to \/posts\/7, which is not there any more/)
    await expect(marco.getByLabel('The week', { exact: true })).toHaveValue('[psst](/posts/7)')
    await marco.getByText(/^Due on/).click()
    await marco.getByLabel('On which day does the desk remind you?').selectOption('Friday')
    await marco.getByRole('button', { name: 'Save the day' }).click()
    await expect(marco.getByText('Due on Fridays')).toBeVisible()
    for (const address of ['/hosting/letter', '/hosting/letter/preview']) await expectNothingAt(tomek, address, '/hosting/never')
})

test.describe('the letter', () => {
    test.use({ javaScriptEnabled: true })

    test('can be written and read by everybody, also on a narrow screen', async ({ as }) => {
        test.slow()
        const marco = await as('marco')
        const found: string[] = []
        await marco.goto('/hosting/letter')
        found.push(...(await flaws(marco, 'the letter')))
        await marco.goto('/hosting/letter?again=yes')
        await marco.getByText('What stood there', { exact: true }).click()
        found.push(...(await flaws(marco, 'the letter, made anew')))
        await marco.goto('/hosting/letter/preview')
        found.push(...(await flaws(marco, 'the letter before it goes')))
        await marco.getByRole('button', { name: 'Send it' }).click()
        await expect(marco.getByRole('status')).toContainText('It is out')
        found.push(...(await flaws(marco, 'the letter, sent')))
        await marco.goto('/hosting/letter/preview')
        found.push(...(await flaws(marco, 'no letter to send')))
        expect(found).toEqual([])
    })
})
