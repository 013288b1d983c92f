import { expect, test, type Page } from '../porchlight'
import { clockThere, dayThere, expectNothingAt, flaws, instant, post, say, slip } from '../steps'

test.use({ place: 'demo' })

/** The demo's clock on the wall. */
const zone = 'Europe/Lisbon'

/** A part of the page of sparks. */
function part(page: Page, name: string) {
    return page.getByRole('region', { name })
}

/** The line about something in a part. */
function line(page: Page, name: string, text: string | RegExp) {
    return part(page, name).getByRole('listitem').filter({ hasText: text })
}

/** Fills in the form for a spark, which is open. */
async function write(page: Page, words: string, when: { day?: string; weekday?: string; at: string }): Promise<void> {
    await page.getByLabel('What you ask').fill(words)
    await page.getByRole('radio', { name: when.day ? 'On a day' : 'Each week' }).check()
    if (when.day) await page.getByLabel('Day', { exact: true }).fill(when.day)
    if (when.weekday) await page.getByLabel('Day of the week').selectOption(when.weekday)
    await page.getByLabel('At', { exact: true }).fill(when.at)
    await page.getByRole('button', { name: 'Have it come' }).click()
}

/** The date of the next Monday that is not today, so many weeks later, on the place's calendar. */
function monday(weeks = 0): string {
    const day = new Date(Date.now() + 86_400_000)
    while (!dayThere(day.toISOString(), zone).startsWith('Monday')) day.setTime(day.getTime() + 86_400_000)
    const later = new Date(day.getTime() + 7 * weeks * 86_400_000)
    return new Intl.DateTimeFormat('en-CA', { timeZone: zone }).format(later)
}

/** How many seconds the world is behind a moment on the place's clock. */
function until(date: string, time: string): number {
    return (Date.parse(instant(date, time, zone)) - Date.now()) / 1000
}

test('a spark is sent on a Monday by the clock', async ({ as, porchlight }) => {
    test.setTimeout(240_000)
    // On a Monday, this one may be over or not: the story begins on the day after.
    if (dayThere(new Date().toISOString(), zone).startsWith('Monday')) {
        await porchlight.kill()
        await porchlight.serve(86_400)
    }
    const marco = await as('marco', { javaScriptEnabled: false })
    await marco.goto('/hosting')
    await marco.getByRole('navigation', { name: 'Hosting' }).getByRole('link', { name: 'Sparks' }).click()
    await marco.getByRole('link', { name: 'Begin a weekly one' }).click()
    await expect(marco.getByRole('radio', { name: 'Each week' })).toBeChecked()
    await write(marco, 'Which step in your house creaks?\nWhat did the bakery smell of today?', { weekday: 'Monday', at: '10:00' })
    await expect(marco.getByRole('status')).toContainText('Kept. It stands below')
    const mine = line(marco, 'To come', 'each Monday at 10:00')
    await expect(mine).toContainText('Which step in your house creaks?')
    await expect(mine).toContainText('Then one more, in turn')

    const leila = await as('leila', { javaScriptEnabled: false })
    const asked = (words: string) => post(leila, words)
    const read = async () => {
        await leila.goto('/')
        expect(await leila.getByRole('heading', { level: 1, name: 'Timeline' }).count()).toBe(1)
    }

    await test.step('half a minute before, nothing has been said; then Marco says it, as he says everything', async () => {
        await porchlight.kill()
        await porchlight.serve(until(monday(), '10:00') - 30)
        await read()
        await expect(asked('Which step in your house creaks?')).toHaveCount(0)
        await expect(async () => {
            await read()
            await expect(asked('Which step in your house creaks?')).toHaveCount(1, { timeout: 500 })
        }).toPass({ timeout: 90_000 })
        const said = asked('Which step in your house creaks?')
        await expect(said).toContainText('Marco Bellini')
        const at = await said.getByRole('time').first().getAttribute('datetime')
        expect(clockThere(at ?? '', zone)).toBe('10:00')
        await expect(said).not.toContainText(/spark|automatic|scheduled/i)
    })

    await test.step('it is said once, also where the server is started anew', async () => {
        await porchlight.kill('SIGKILL')
        await porchlight.serve(until(monday(), '10:05'))
        await read()
        await expect(asked('Which step in your house creaks?')).toHaveCount(1)
        await marco.goto('/hosting/sparks')
        await expect(line(marco, 'What they led to', 'Which step in your house creaks?')).toContainText('Nobody has said anything to it so far.')
        await expect(line(marco, 'To come', 'each Monday at 10:00')).toContainText('What did the bakery smell of today?')
    })

    await test.step('where the server was down at the hour, it is said as soon as it is up again', async () => {
        await porchlight.kill()
        await porchlight.serve(until(monday(1), '13:00'))
        await expect(async () => {
            await read()
            await expect(asked('What did the bakery smell of today?')).toHaveCount(1, { timeout: 500 })
        }).toPass({ timeout: 30_000 })
    })

    await test.step('but not in the evening: then the hosts read that it was left out', async () => {
        await porchlight.kill()
        await porchlight.serve(until(monday(2), '17:00'))
        const left = line(marco, 'What they led to', 'It was left out: this place was not running when its time came')
        await expect(async () => {
            await marco.goto('/hosting/sparks')
            await expect(left.filter({ hasText: 'Which step in your house creaks?' })).toHaveCount(1, { timeout: 500 })
        }).toPass({ timeout: 30_000 })
        await read()
        await expect(leila.getByRole('article').filter({ hasText: 'Which step in your house creaks?' })).toHaveCount(1)
        await left.filter({ hasText: 'Which step' }).getByRole('link', { name: 'Send it after all' }).click()
        await expect(marco.getByLabel('What you ask')).toHaveValue('Which step in your house creaks?')
    })
})

test('a host sees whose post nobody answered, and answers in place', async ({ as, porchlight }) => {
    test.setTimeout(120_000)
    const [rosa, marco] = [await as('rosa', { javaScriptEnabled: false }), await as('marco')]
    await say(rosa, 'Can anybody lend me a ladder that is longer than mine?')
    await say(rosa, 'My ladder is short, and so is the day.')
    await marco.goto('/hosting/sparks')
    await expect(line(marco, 'Nobody has answered', 'ladder')).toHaveCount(0)
    await porchlight.kill()
    await porchlight.serve(2 * 86_400 + 60)
    await marco.goto('/hosting')
    await marco.getByRole('listitem').filter({ hasText: 'Unanswered' }).getByRole('link', { name: 'Say a word' }).click()
    const waits = line(marco, 'Nobody has answered', 'Can anybody lend me a ladder')
    await expect(waits).toContainText('asked; nobody has answered for 2 days.')
    expect(await flaws(marco, 'sparks')).toEqual([])

    await test.step('what was typed stays where it is refused', async () => {
        await waits.getByText(/^Answer/).click()
        await waits.getByRole('textbox').evaluate((box: HTMLTextAreaElement) => box.removeAttribute('maxlength'))
        await waits.getByRole('textbox').fill('x'.repeat(10_001))
        await waits.getByRole('button', { name: 'Send the answer' }).click()
        await expect(marco.getByRole('alert')).toContainText('too long')
        await expect(waits.getByRole('textbox')).toHaveValue('x'.repeat(10_001))
        expect(await flaws(marco, 'sparks, with a refused answer')).toEqual([])
    })

    await waits.getByRole('textbox').fill('Mine reaches the second floor. Take it.')
    await waits.getByRole('button', { name: 'Send the answer' }).click()
    await expect(marco.getByRole('status')).toHaveText('Your answer is in its thread.')
    await expect(waits).toHaveCount(0)
    await rosa.goto('/notifications')
    await expect(rosa.getByRole('main')).toContainText('Marco Bellini')

    await test.step('what needs no answer is set aside for all hosts, and comes back if one thinks again', async () => {
        const ines = await as('ines', { javaScriptEnabled: false })
        const other = (page: Page) => line(page, 'Nobody has answered', 'My ladder is short')
        await ines.goto('/hosting/sparks')
        await expect(other(ines)).toContainText('wrote; nobody has answered')
        await other(marco).getByRole('button', { name: 'It needs no answer' }).click()
        await expect(other(marco)).toHaveCount(0)
        await ines.reload()
        await expect(other(ines)).toHaveCount(0)
        await marco.getByRole('button', { name: 'Take that back' }).click()
        await expect(other(marco)).toHaveCount(1)
    })
})

test('prompts are found by kind and mood, asked, and kept', async ({ as }) => {
    test.setTimeout(120_000)
    const marco = await as('marco')
    await marco.goto('/hosting/sparks')
    await marco.getByRole('link', { name: /^All \d+ prompts/ }).click()
    const filters = marco.getByRole('navigation', { name: 'Which prompts' })
    await filters.getByRole('link', { name: 'Food' }).click()
    await filters.getByRole('link', { name: 'Thoughtful' }).click()
    await expect(filters.getByRole('link', { name: 'Food' })).toHaveAttribute('aria-current', 'true')
    const lines = marco.getByRole('listitem').filter({ has: marco.getByRole('link', { name: /^Ask it/ }) })
    await expect(lines).toHaveCount(1)
    await expect(lines).toContainText('Which smell tells you that you are home?')
    expect(await flaws(marco, 'prompts')).toEqual([])

    await test.step('one is asked, reworded by the host, and marked as asked', async () => {
        await lines.getByRole('link', { name: /^Ask it/ }).click()
        await expect(marco.getByLabel('What you ask')).toHaveValue('Which smell tells you that you are home?')
        expect(await flaws(marco, 'the form for a spark')).toEqual([])
        const plain = await as('marco', { javaScriptEnabled: false })
        await plain.goto(marco.url())
        await plain.getByLabel('What you ask').fill('Which smell tells you that you are home? Mine is tram brakes.')
        await expect(plain.getByRole('radio', { name: 'Now' })).toBeChecked()
        await plain.getByRole('button', { name: 'Send it' }).click()
        await expect(post(plain, 'Mine is tram brakes.')).toBeVisible()
        await marco.goto('/hosting/sparks/prompts?kind=food&mood=thoughtful')
        await expect(lines).toContainText(/Asked on \d+ \w+ by Marco Bellini, nobody answered\./)
    })

    await test.step('one of one’s own is kept for all hosts, reworded by another, and taken away', async () => {
        await marco.getByLabel('The prompt').fill('Which neighbour’s cooking do you know by its smell?')
        await marco.getByRole('combobox', { name: 'About' }).selectOption('Food')
        await marco.getByRole('combobox', { name: 'Mood' }).selectOption('Thoughtful')
        await marco.getByRole('button', { name: 'Keep it' }).click()
        await expect(marco.getByRole('status')).toHaveText('Kept, for all hosts.')
        const ines = await as('ines')
        await ines.goto('/hosting/sparks/prompts?kind=food&mood=thoughtful')
        const own = ines.getByRole('listitem').filter({ hasText: 'Which neighbour’s cooking' })
        await expect(own).toContainText('kept by Marco Bellini')
        await own.getByRole('link', { name: /^Reword it/ }).click()
        expect(await flaws(ines, 'rewording a prompt')).toEqual([])
        await ines.getByLabel('The prompt').fill('Whose cooking do you know by its smell?')
        await ines.getByRole('button', { name: 'Keep it so' }).click()
        const reworded = ines.getByRole('listitem').filter({ hasText: 'Whose cooking do you know' })
        await reworded.getByRole('button', { name: /^Take it away/ }).click()
        await expect(ines.getByRole('status')).toContainText('It is gone from the list.')
        await expect(reworded).toHaveCount(0)
    })
})

test('another host may hold a spark back and not reword it', async ({ as }) => {
    const [marco, ines] = [await as('marco'), await as('ines', { javaScriptEnabled: false })]
    await marco.goto('/hosting/sparks/new')
    await write(marco, 'Who walks the dog of number nine?', { weekday: 'Sunday', at: '18:30' })
    const here = (page: Page) => line(page, 'To come', 'Who walks the dog of number nine?')
    await ines.goto('/hosting/sparks')
    await expect(here(ines)).toContainText('Marco Bellini, each Sunday at 18:30, next on')
    await expect(here(ines).getByRole('link', { name: /^Change it/ })).toHaveCount(0)
    await here(ines).getByRole('button', { name: /^Pause it/ }).click()
    await expect(here(ines).getByRole('button', { name: /^Let it go on/ })).toHaveCount(0)
    await marco.goto('/hosting/sparks')
    await expect(here(marco)).toContainText('it rests, since Inês')
    await here(marco).getByRole('button', { name: /^Let it go on/ }).click()
    const before = await here(marco).getByText(/^You, each Sunday/).textContent()
    await here(marco).getByRole('button', { name: /^Leave the next one out/ }).click()
    expect(await here(marco).getByText(/^You, each Sunday/).textContent()).not.toBe(before)
    await here(marco).getByRole('link', { name: /^Change it/ }).click()
    await expect(marco.getByRole('radio', { name: 'Each week' })).toBeChecked()
    expect(await flaws(marco, 'changing a spark')).toEqual([])
    await marco.getByLabel('At', { exact: true }).fill('19:00')
    await marco.getByRole('button', { name: 'Keep it so' }).click()
    await expect(here(marco)).toContainText('each Sunday at 19:00')
    await ines.reload()
    await here(ines).getByRole('button', { name: /^Stop it/ }).click()
    await expect(here(ines)).toHaveCount(0)
    await marco.reload()
    await expect(line(marco, 'What they led to', 'Who walks the dog of number nine?')).toContainText(/Inês.* stopped it on/)
})

test('for members there is nothing of it', async ({ as }) => {
    const tomek = await as('tomek', { javaScriptEnabled: false })
    for (const address of ['/hosting/sparks', '/hosting/sparks/new', '/hosting/sparks/prompts', '/hosting/sparks/1']) {
        await expectNothingAt(tomek, address, '/hosting/never')
    }
    const answer = await slip(tomek, '/api/sparks/light', { 'form[words]': 'Me?', 'form[when]': 'now' })
    expect(answer.status()).toBe(404)
})
