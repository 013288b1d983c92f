import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test, type Page, type Porchlight } from '../porchlight'
import { answer, flaws, inWords, nextWeekday, plan } from '../steps'

test.use({ place: 'demo', javaScriptEnabled: false })

const thursday = nextWeekday(4)

test('a member gives an address, hears by mail of a move, and answers from the letter without signing in', async ({ as, visitor, porchlight }) => {
    const [kofi, tomek, reader] = [await as('kofi'), await as('tomek'), await visitor()]
    const address = await plan(kofi, { title: 'Glue evening', date: thursday, time: '19:30', place: 'The shed behind number 13' })
    const session = `${address}/${thursday}`
    await answer(tomek, session, 'yes', 'With small brushes.')

    await test.step('nothing is sent to an address before its owner has said that it is theirs', async () => {
        await tomek.goto('/settings/notifications')
        await tomek.getByLabel('Your address').fill('tomek@example')
        await tomek.getByRole('button', { name: 'Send me the link' }).click()
        await expect(tomek.getByLabel('Your address')).toHaveAccessibleDescription(/That is no address that we can write to/)
        await tomek.getByLabel('Your address').fill('tomek@Example.org')
        await tomek.getByRole('button', { name: 'Send me the link' }).click()
        await expect(tomek.getByText('We have written to tomek@example.org.')).toBeVisible()
        await move(kofi, session, '20:00')
        const { text, head } = await letter(porchlight, 1)
        // Whoever reads this one may know nothing of the place: no member's own words are in it.
        expect(head).toMatch(/^To: tomek@example\.org\r$/m)
        expect(text).not.toContain('Tomek')
        await reader.goto(link(text, '/mail/confirm/'))
        await expect(reader.getByRole('heading', { level: 1, name: 'Is this your address?' })).toBeVisible()
        await expect(reader.getByText('tomek@example.org')).toBeVisible()
        await reader.getByRole('button', { name: 'Yes, it is mine' }).click()
        await expect(reader.getByText('writes to tomek@example.org.')).toBeVisible()
        await tomek.reload()
        await expect(tomek.getByRole('group', { name: 'What comes by mail?' }).getByRole('checkbox', { checked: true })).toHaveCount(2)
    })

    const told = await test.step('a move is told at once, in a file for whoever keeps the place', async () => {
        await move(kofi, session, '18:00')
        const { text, head, mode } = await letter(porchlight, 2)
        expect(head).toContain(`Subject: Changed: Glue evening is on ${inWords(thursday)} at 18:00`)
        expect(head).toMatch(/^To: =\?utf-8\?\S+ <tomek@example\.org>\r$/m)
        expect(head).toMatch(/^List-Unsubscribe-Post: List-Unsubscribe=One-Click\r$/m)
        expect(text).toContain(`When    ${inWords(thursday)}, 18:00 to 19:30`)
        expect(text).toContain('Where   The shed behind number 13')
        expect(text).toContain('said yes')
        expect(mode & 0o077).toBe(0)
        return text
    })

    await test.step('following the link says nothing yet; its button does', async () => {
        await reader.goto(link(told, '/answer/', '/no'))
        await expect(reader.getByRole('heading', { level: 1, name: 'Glue evening' })).toBeVisible()
        await expect(reader.getByText(`${inWords(thursday)}, 18:00 to 19:30`)).toBeVisible()
        await expect(reader.getByText('So far you said yes.')).toBeVisible()
        await expect(reader.getByRole('button', { pressed: true })).toHaveText('Yes, I’ll come')
        await expect(reader.getByText('Who else comes is on its page.')).toBeVisible()
        await expect(reader.getByText('Kofi')).toHaveCount(0)
        await kofi.goto(session)
        await expect(kofi.getByRole('region', { name: 'Who’s coming' })).toContainText('ComingTomek Zieliński')

        await reader.getByRole('button', { name: 'Not this time' }).click()
        await expect(reader.getByText('Thank you. They know: not this time.')).toBeVisible()
        await expect(reader.getByRole('button', { pressed: true })).toHaveText('Not this time')
        await kofi.reload()
        await expect(kofi.getByRole('region', { name: 'Who’s coming' })).toContainText('Not this timeTomek Zieliński')
        await expect(kofi.getByText('With small brushes.')).toBeVisible()
        await reader.getByRole('button', { name: 'Maybe' }).click()
        await expect(reader.getByText('Thank you. They know: you might come.')).toBeVisible()
        expect(await reader.context().cookies()).toEqual([])
    })

    await test.step('one kind can be left out, and all of it ends by the link in any letter', async () => {
        await tomek.reload()
        await tomek.getByRole('checkbox', { name: /^Reminders/ }).uncheck()
        await tomek.getByRole('button', { name: 'Save what comes by mail' }).click()
        await expect(tomek.getByText('Saved. That is what comes by mail.')).toBeVisible()
        await expect(tomek.getByRole('checkbox', { name: /^Reminders/ })).not.toBeChecked()
        await reader.goto(link(told, '/unsubscribe/'))
        await reader.getByRole('button', { name: 'End all mail' }).click()
        await expect(reader.getByRole('heading', { level: 1, name: 'No mail any more' })).toBeVisible()
        await tomek.reload()
        await expect(tomek.getByRole('group', { name: 'What comes by mail?' }).getByRole('checkbox', { checked: true })).toHaveCount(0)
        await tomek.getByRole('button', { name: 'Forget my address' }).click()
        await expect(tomek.getByText('Your address is forgotten.')).toBeVisible()
        expect((await reader.goto(link(told, '/unsubscribe/')))?.status()).toBe(404)
    })

    await test.step('an admin finds how many letters lie there', async () => {
        const ines = await as('ines')
        await ines.goto('/admin')
        await expect(ines.getByRole('region', { name: 'Mail' })).toContainText('2 lie there now.')
    })
})

test('a cancelled session is told, and its letters lead to a page that says so', async ({ as, visitor, porchlight }) => {
    const [kofi, tomek, reader] = [await as('kofi'), await as('tomek'), await visitor()]
    const address = await plan(kofi, { title: 'Glue evening', date: thursday, time: '19:30', place: 'The shed behind number 13', room: 1 })
    const session = `${address}/${thursday}`
    await confirmed(tomek, reader, porchlight)
    await answer(await as('leila'), session, 'yes')
    await answer(tomek, session, 'maybe')
    await move(kofi, session, '20:00')
    const moved = (await letter(porchlight, 2)).text
    await reader.goto(link(moved, '/answer/', '/yes'))
    await reader.getByRole('button', { name: 'Yes, I’ll come' }).click()
    await expect(reader.getByText('Thank you. There is no room yet: you wait, and are told when you move up.')).toBeVisible()
    await answer(await as('leila'), session, 'no')
    const room = await letter(porchlight, 3)
    expect(room.head).toContain(`Subject: There is room for you: Glue evening on ${inWords(thursday)}`)

    await kofi.goto(`${session}/edit`)
    await kofi.getByLabel('Why is it cancelled?').fill('The shed is flooded.')
    await kofi.getByRole('button', { name: 'Cancel this one' }).click()
    const cancelled = await letter(porchlight, 4)
    expect(cancelled.head).toContain(`Subject: Cancelled: Glue evening on ${inWords(thursday)}`)
    expect(cancelled.text).toContain('The shed is flooded.')
    expect(cancelled.text).not.toContain('/answer/')
    await reader.goto(link(moved, '/answer/', '/no'))
    await expect(reader.getByText('This one is cancelled. The shed is flooded.')).toBeVisible()
    await expect(reader.getByRole('button')).toHaveCount(0)
})

test.describe('what letters lead to', () => {
    test.use({ javaScriptEnabled: true })

    test('can be read and used by everybody, also on a narrow screen', async ({ as, visitor, porchlight }) => {
        test.slow()
        const [kofi, tomek, reader] = [await as('kofi'), await as('tomek'), await visitor({ javaScriptEnabled: true })]
        const address = await plan(kofi, { title: 'Glue evening', date: thursday, time: '19:30', place: 'The shed behind number 13' })
        const session = `${address}/${thursday}`
        const found: string[] = []
        await tomek.goto('/settings/notifications')
        found.push(...(await flaws(tomek, 'reminders, without an address')))
        await tomek.getByLabel('Your address').fill('tomek.with.a.long.name.that.fits.no.narrow.screen@mail.example.org')
        await tomek.getByRole('button', { name: 'Send me the link' }).click()
        await expect(tomek.getByText('We have written to')).toBeVisible()
        found.push(...(await flaws(tomek, 'reminders, with an address to be confirmed')))
        await reader.goto(link((await letter(porchlight, 1)).text, '/mail/confirm/'))
        found.push(...(await flaws(reader, 'confirming')))
        await reader.getByRole('button', { name: 'Yes, it is mine' }).click()
        await expect(reader.getByRole('heading', { level: 1, name: 'Thank you' })).toBeVisible()
        found.push(...(await flaws(reader, 'confirmed')))
        await tomek.goto('/settings/notifications')
        found.push(...(await flaws(tomek, 'reminders, with an address')))
        await answer(tomek, session, 'yes')
        await move(kofi, session, '20:00')
        const { text } = await letter(porchlight, 2)
        await reader.goto(link(text, '/answer/', '/maybe'))
        await expect(reader.getByRole('button', { name: 'Maybe' })).toBeFocused()
        found.push(...(await flaws(reader, 'answering')))
        await reader.getByRole('button', { name: 'Maybe' }).press('Enter')
        await expect(reader.getByText('They know: you might come.')).toBeVisible()
        found.push(...(await flaws(reader, 'answered')))
        await reader.goto(link(text, '/unsubscribe/'))
        found.push(...(await flaws(reader, 'ending all mail')))
        await reader.getByRole('button', { name: 'End all mail' }).click()
        await expect(reader.getByRole('heading', { level: 1, name: 'No mail any more' })).toBeVisible()
        found.push(...(await flaws(reader, 'all mail ended')))
        const ines = await as('ines')
        await ines.goto('/admin')
        found.push(...(await flaws(ines, 'the place, without a mail server')))
        expect(found).toEqual([])
    })
})

/** Has somebody give an address and confirm it. */
async function confirmed(member: Page, reader: Page, porchlight: Porchlight): Promise<void> {
    await member.goto('/settings/notifications')
    await member.getByLabel('Your address').fill('somebody@example.org')
    await member.getByRole('button', { name: 'Send me the link' }).click()
    await reader.goto(link((await letter(porchlight, 1)).text, '/mail/confirm/'))
    await reader.getByRole('button', { name: 'Yes, it is mine' }).click()
    await expect(reader.getByRole('heading', { level: 1, name: 'Thank you' })).toBeVisible()
}

/** Moves a session to another time of its day. */
async function move(host: Page, session: string, time: string): Promise<void> {
    await host.goto(`${session}/edit`)
    await host.getByLabel('At', { exact: true }).fill(time)
    await host.getByRole('button', { name: 'Save' }).click()
    await expect(host).toHaveURL(session)
}

/** The so-manieth letter that was written here, when it is there and no other is: its head, unfolded, its text, and who may read the file. */
async function letter(porchlight: Porchlight, number: number): Promise<{ head: string; text: string; mode: number }> {
    const folder = join(porchlight.folder, 'mail')
    const files = async () => (await readdir(folder).catch(() => [])).filter((file) => file.endsWith('.eml')).sort()
    await expect.poll(async () => (await files()).length, { message: `letter ${number}` }).toBe(number)
    const file = join(folder, (await files())[number - 1])
    const message = await readFile(file, 'utf8')
    const [head, ...body] = message.split('\r\n\r\n')
    const encoding = head.match(/^Content-Transfer-Encoding: (.*)\r?$/m)?.[1]
    const raw = body.join('\r\n\r\n')
    const text =
        encoding === 'base64'
            ? Buffer.from(raw, 'base64').toString('utf8')
            : encoding === 'quoted-printable'
              ? Buffer.from(raw.replace(/=\r\n/g, '').replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16))), 'latin1').toString('utf8')
              : raw
    return { head: head.replace(/\r\n[ \t]/g, ' '), text, mode: (await stat(file)).mode }
}

/** The path of a link in a letter, by how it begins and ends. */
function link(text: string, begins: string, ends = ''): string {
    const found = [...text.matchAll(/https?:\/\/\S+/g)].map(([address]) => new URL(address).pathname)
    const path = found.find((path) => path.startsWith(begins) && path.endsWith(ends))
    if (!path) throw new Error(`No link ${begins}…${ends} in:\n${text}`)
    return path
}
