import { expect, test, type Page } from '../porchlight'
import { daysLater, flaws, inWords, nextWeekday } from '../steps'

test.use({ place: 'demo' })

const thursday = nextWeekday(4)
/** The day on which the series of the file began, long ago: a Thursday, too. */
const longAgo = daysLater(thursday, -7 * 100)

for (const javaScriptEnabled of [true, false]) {
    test.describe(javaScriptEnabled ? 'with script' : 'without script', () => {
        test.use({ javaScriptEnabled })

        test('a calendar is looked through line by line, and what is ticked is on the agenda after the yes', async ({ as }) => {
            const kofi = await as('kofi', { javaScriptEnabled })
            await kofi.goto('/gatherings/new')
            await kofi.getByRole('link', { name: 'Have a calendar already? Bring it along.' }).click()
            await expect(kofi.getByRole('heading', { level: 1, name: 'Bring a calendar along' })).toBeVisible()
            await send(kofi, exported())

            await expect(kofi.getByRole('heading', { level: 1, name: 'What is in “Drawing circle”' })).toBeVisible()
            const [same, other, behind] = [/^As it is \(1\)/, /^Not quite as it was \(3\)/, /^Stays behind \(4\)/].map((name) => kofi.getByRole('region', { name }))
            await expect(lines(same)).toHaveText([/Sketching the tiles.*14:00, for two hours.*The tile museum/])
            const party = lines(other).filter({ hasText: 'Drawing party' })
            await expect(party).toContainText('Every Thursday, 19:30, for an hour and a half')
            await expect(party).toContainText(inWords(thursday))
            await expect(party).toContainText('https://meet.google.com/pqr-stuv-wxy')
            await expect(party).toContainText('What is over stays behind: here it begins on')
            await expect(lines(other).filter({ hasText: 'Watercolours' })).toContainText('it begins at 00:00 and takes all day')
            const dentist = kofi.getByRole('checkbox', { name: /Dentist/ })
            await expect(dentist).not.toBeChecked()
            for (const [title, why] of [
                ['Summer opening', 'It is over.'],
                ['Water the glue', 'It repeats more often than once a day.'],
                ['Copy the notes', 'It is a task, and not a date on which people meet.'],
                ['Rained off', 'It was cancelled.'],
            ]) {
                await expect(lines(behind).filter({ hasText: title })).toContainText(why)
            }
            await expect(kofi.getByText('What is not taken along: who is invited (here each says for themselves whether they come) and reminders (here each chooses their own).')).toBeVisible()

            // Nothing is there before the yes.
            for (const slug of ['drawing-party', 'sketching-the-tiles', 'watercolours', 'dentist']) {
                expect((await kofi.request.get(`/gatherings/${slug}`)).status(), slug).toBe(404)
            }
            await kofi.getByRole('checkbox', { name: /Watercolours/ }).uncheck()
            await kofi.getByRole('button', { name: 'Take these in' }).click()
            await expect(kofi.getByRole('heading', { level: 1, name: 'Two get-togethers are on the agenda' })).toBeVisible()
            await kofi.getByRole('link', { name: 'See those that you host' }).click()
            await expect(kofi).toHaveURL(/\/gatherings\?show=hosted$/)
            await expect(kofi.getByRole('link', { name: 'Drawing party' }).first()).toBeVisible()
            await expect(kofi.getByRole('link', { name: 'Sketching the tiles' })).toBeVisible()
            await expect(kofi.getByRole('link', { name: 'Watercolours' })).toHaveCount(0)
            await kofi.goto('/gatherings/drawing-party')
            await expect(kofi.getByText('Every Thursday, 19:30, for an hour and a half')).toBeVisible()
            await expect(kofi.getByText('Bring paper.')).toBeVisible()
            expect((await kofi.request.get(`/gatherings/drawing-party/${daysLater(thursday, 7)}`)).status(), 'that one is left out').toBe(404)

            // The same file once more.
            await kofi.goto('/gatherings/import')
            await send(kofi, exported())
            const again = kofi.getByRole('region', { name: /^Stays behind \(6\)/ })
            await expect(lines(again).filter({ hasText: 'It is here already.' })).toHaveText([/Drawing party/, /Sketching the tiles/])
        })

        test('what is no calendar is refused in a sentence at its field, and nothing ticked is nothing taken', async ({ as }) => {
            const kofi = await as('kofi', { javaScriptEnabled })
            await kofi.goto('/gatherings/import')
            await send(kofi, '<html><body>Please sign in</body></html>')
            await expect(kofi.getByRole('alert')).toContainText('That is no calendar file.')
            await expect(kofi.getByLabel('Your calendar’s file')).toHaveAccessibleDescription(/That is no calendar file/)
            await send(kofi, 'x'.repeat(3_000_000))
            await expect(kofi.getByRole('alert')).toContainText('That file is larger than 2 MB.')
            await send(kofi, exported())
            for (const box of await kofi.getByRole('checkbox').all()) await box.uncheck()
            await kofi.getByRole('button', { name: 'Take these in' }).click()
            await expect(kofi.getByRole('alert')).toContainText('Nothing is ticked')
            await expect(kofi.getByRole('checkbox', { name: /Drawing party/ })).not.toBeChecked()
        })
    })
}

test('it can be for visitors, too, and one leads to its own page', async ({ as, visitor }) => {
    const kofi = await as('kofi')
    await kofi.goto('/gatherings/import')
    await send(kofi, exported())
    for (const box of await kofi.getByRole('checkbox').all()) await box.uncheck()
    await kofi.getByRole('checkbox', { name: /Sketching the tiles/ }).check()
    await kofi.getByRole('radio', { name: /^Everybody, and they stand at the front door/ }).check()
    await kofi.getByRole('button', { name: 'Take these in' }).click()
    await expect(kofi.getByRole('heading', { level: 1, name: 'Sketching the tiles' })).toBeVisible()
    const stranger = await visitor()
    await stranger.goto('/gatherings/sketching-the-tiles')
    await expect(stranger.getByText('The tile museum')).toBeVisible()
})

test('a preview is for its sender alone', async ({ as, visitor }) => {
    const [kofi, tomek] = [await as('kofi'), await as('tomek')]
    await kofi.goto('/gatherings/import')
    await send(kofi, exported())
    await expect(kofi.getByRole('heading', { level: 1, name: 'What is in “Drawing circle”' })).toBeVisible()
    await tomek.goto(kofi.url())
    await expect(tomek.getByRole('alert')).toHaveText('That was more than half an hour ago, or another file was sent since. Send the file again.')
    await expect(tomek.getByText('Drawing party')).toHaveCount(0)
    const stranger = await visitor()
    await stranger.goto(kofi.url())
    await expect(stranger.getByRole('heading', { level: 1, name: 'Come in' })).toBeVisible()
})

test('both pages are for everybody: by axe, in light and dark, and on a narrow screen', async ({ as }) => {
    const kofi = await as('kofi')
    await kofi.goto('/gatherings/import')
    await kofi.getByText('Where do I find that file?').click()
    expect(await flaws(kofi, 'the form')).toEqual([])
    await send(kofi, exported())
    await expect(kofi.getByRole('heading', { level: 1, name: 'What is in “Drawing circle”' })).toBeVisible()
    expect(await flaws(kofi, 'the preview')).toEqual([])
})

async function send(page: Page, text: string): Promise<void> {
    await page.getByLabel('Your calendar’s file').setInputFiles({ name: 'drawing.ics', mimeType: 'text/calendar', buffer: Buffer.from(text) })
    await page.getByRole('button', { name: 'Show me what is in it' }).click()
}

function lines(within: ReturnType<Page['getByRole']>) {
    return within.locator('.brought > li, .brought-behind > li')
}

/** A calendar as Google exports it. */
function exported(): string {
    const stamp = (date: string, time: string) => `${date.replaceAll('-', '')}T${time}`
    const event = (uid: string, lines: string[]) => ['BEGIN:VEVENT', `UID:${uid}@google.com`, 'DTSTAMP:20261120T101512Z', ...lines, 'END:VEVENT']
    return [
        'BEGIN:VCALENDAR',
        'PRODID:-//Google Inc//Google Calendar 70.9054//EN',
        'VERSION:2.0',
        'CALSCALE:GREGORIAN',
        'METHOD:PUBLISH',
        'X-WR-CALNAME:Drawing circle',
        'X-WR-TIMEZONE:Europe/Lisbon',
        ...event('party', [
            `DTSTART;TZID=Europe/Lisbon:${stamp(longAgo, '193000')}`,
            `DTEND;TZID=Europe/Lisbon:${stamp(longAgo, '210000')}`,
            'RRULE:FREQ=WEEKLY;BYDAY=TH',
            `EXDATE;TZID=Europe/Lisbon:${stamp(daysLater(thursday, 7), '193000')}`,
            'ORGANIZER;CN=Ana:mailto:ana@example.org',
            'ATTENDEE;CN=Bo:mailto:bo@example.org',
            'X-GOOGLE-CONFERENCE:https://meet.google.com/pqr-stuv-wxy',
            'DESCRIPTION:<p>Bring <b>paper</b>.</p>',
            'LOCATION:Studio in the yard\\, second door on the left behind the bicycle she',
            ' d',
            'SUMMARY:Drawing party',
            'BEGIN:VALARM',
            'ACTION:DISPLAY',
            'TRIGGER:-P0DT0H30M0S',
            'END:VALARM',
        ]),
        ...event('tiles', [
            `DTSTART;TZID=Europe/Lisbon:${stamp(daysLater(thursday, 9), '140000')}`,
            `DTEND;TZID=Europe/Lisbon:${stamp(daysLater(thursday, 9), '160000')}`,
            'LOCATION:The tile museum',
            'SUMMARY:Sketching the tiles',
        ]),
        ...event('water', [`DTSTART;VALUE=DATE:${daysLater(thursday, 16).replaceAll('-', '')}`, 'LOCATION:The hills', 'SUMMARY:Watercolours']),
        ...event('dentist', [
            'CLASS:PRIVATE',
            `DTSTART;TZID=Europe/Lisbon:${stamp(daysLater(thursday, 4), '093000')}`,
            'DURATION:PT30M',
            'LOCATION:Rua da Paz 4',
            'SUMMARY:Dentist',
        ]),
        ...event('summer', ['DTSTART:20250605T180000Z', 'DTEND:20250605T200000Z', 'SUMMARY:Summer opening']),
        ...event('glue', [`DTSTART;TZID=Europe/Lisbon:${stamp(thursday, '090000')}`, 'RRULE:FREQ=HOURLY', 'SUMMARY:Water the glue']),
        ...event('rain', [`DTSTART;TZID=Europe/Lisbon:${stamp(thursday, '090000')}`, 'STATUS:CANCELLED', 'SUMMARY:Rained off']),
        'BEGIN:VTODO',
        'UID:todo@google.com',
        'SUMMARY:Copy the notes',
        'END:VTODO',
        'END:VCALENDAR',
        '',
    ].join('\r\n')
}
