import { expect, test, type Page } from '../porchlight'
import { daysLater, flaws, instant, nextWeekday, post } from '../steps'

test.use({ place: 'demo' })

/** Thirty people from a spreadsheet, three of whose lines are not right. */
function roster(): string {
    const lines = ['E-Mail;Name;Interests;About']
    for (let at = 1; at <= 27; at++) {
        const mail = at % 3 === 0 ? `soup${at}@example.org` : ''
        lines.push(`${mail};${at === 1 ? 'Åsa Öberg' : `Guest ${at} Souza`};soup, birds;mends things`)
    }
    return [...lines, 'nobody@example.org;;;', ';Too;many;columns;here', ';Few', ''].join('\r\n')
}

async function bring(host: Page, called: string): Promise<void> {
    await host.goto('/hosting/invitations')
    await host.getByRole('link', { name: 'Bring a whole group along' }).click()
    await host.getByLabel('What is the group called?').fill(called)
    const buffer = Buffer.from(roster(), 'latin1')
    await host.getByLabel('The list, as a file').setInputFiles({ name: 'soup.csv', mimeType: 'text/csv', buffer })
    await host.getByRole('button', { name: 'Show me what becomes of it' }).click()
    await expect(host.getByRole('heading', { level: 1, name: called })).toBeVisible()
}

function lines(page: Page, region: string) {
    return page.getByRole('region', { name: region }).getByRole('listitem')
}

/** The link on somebody's card. */
async function link(host: Page, name: string): Promise<string> {
    const shown = await host.getByRole('region', { name: `Card for ${name}`, exact: true }).locator('.party-card-link').innerText()
    return new URL(`http://${shown}`).pathname
}

test('a roster of thirty with three bad lines moves in: looked at, mended, said yes to, joined by three, and undone for the rest', async ({ as, visitor }) => {
    test.setTimeout(120_000)
    const marco = await as('marco', { javaScriptEnabled: false })
    await bring(marco, 'Soup Night')
    await expect(marco.getByText('27 of 30 can be invited, and 3 are left out unless you mend them.')).toBeVisible()
    await expect(lines(marco, 'Left out (3)')).toHaveText([/Line 29.*There is no name in it/, /Line 30.*5 columns where 4/, /Line 31.*2 of 4 columns/])
    await expect(lines(marco, 'Invited (27)').first()).toContainText('@asa-oberg')

    // One of the three is mended in the text that stands there; the other two stay out.
    await marco.getByText('Mend the list').click()
    const text = marco.getByRole('textbox', { name: 'The list' })
    await text.fill((await text.inputValue()).replace(';Few', ';Few;;'))
    await marco.getByRole('button', { name: 'Look again' }).click()
    await expect(marco.getByText('28 of 30 can be invited, and 2 are left out unless you mend them.')).toBeVisible()
    await marco.getByRole('button', { name: 'Invite these 28' }).click()
    await expect(marco.getByRole('status')).toContainText('They are invited.')
    await expect(marco.getByRole('region', { name: /^Card for/ })).toHaveCount(28)

    const undone = await link(marco, 'Guest 9 Souza')
    const people: [string, boolean][] = [['Åsa Öberg', false], ['Guest 2 Souza', true], ['Guest 4 Souza', true]]
    for (const [name, javaScriptEnabled] of people) {
        const guest = await visitor({ javaScriptEnabled })
        await guest.goto(await link(marco, name))
        await expect(guest.getByRole('heading', { level: 1, name: `${name}, come in` })).toBeVisible()
        const handle = name === 'Åsa Öberg' ? 'asa-oberg' : name.toLowerCase().replaceAll(' ', '-')
        await expect(guest.getByLabel('Name to sign in with')).toHaveValue(handle)
        await expect(guest.getByLabel('A line about you')).toHaveValue('mends things')
        await expect(guest.getByLabel('Interests')).toHaveValue('soup, birds')
        if (name === 'Guest 4 Souza') {
            await expect(guest.getByText('From Soup Night are here already: Guest 2 Souza and Åsa Öberg.')).toBeVisible()
            await guest.getByLabel('Name to sign in with').fill('four')
            await guest.getByLabel('A line about you').fill('draws bridges')
        }
        await guest.getByLabel('Password').fill('three small boats')
        await guest.getByRole('checkbox', { name: /I have read the house rules/ }).check()
        await guest.getByRole('button', { name: 'Move in' }).click()
        await guest.waitForURL('**/welcome')
        const own = name === 'Guest 4 Souza' ? 'four' : handle
        await guest.goto(`/people/${own}`)
        await expect(guest.getByText(own === 'four' ? 'draws bridges' : 'mends things')).toBeVisible()
    }

    await marco.goto('/hosting')
    await expect(marco.getByText('3 of the 28 from Soup Night are here.')).toBeVisible()
    await marco.getByRole('listitem').filter({ hasText: 'Soup Night' }).getByRole('link').click()
    await marco.getByRole('button', { name: 'Take back what nobody has used' }).click()
    await expect(marco.getByRole('status')).toContainText('those links open nothing any more')
    await expect(marco.getByText('All 3 from Soup Night are here.')).toBeVisible()
    const late = await visitor()
    expect((await late.goto(undone))?.status()).toBe(404)
    const tomek = await as('tomek')
    expect((await tomek.goto(marco.url()))?.status(), 'none of it is a member’s to see').toBe(404)
})

test('its pages are for everybody: by axe, in light and dark, and on a narrow screen', async ({ as }) => {
    test.setTimeout(150_000)
    const marco = await as('marco')
    await marco.goto('/hosting/invitations/roster')
    await marco.getByText('What a list may look like').click()
    expect(await flaws(marco, 'the form')).toEqual([])
    await bring(marco, 'Soup Night')
    await marco.getByText('Mend the list').click()
    expect(await flaws(marco, 'the lines')).toEqual([])
    await marco.getByRole('button', { name: 'Invite these 27' }).click()
    await expect(marco.getByRole('region', { name: /^Card for/ })).toHaveCount(27)
    expect(await flaws(marco, 'the party')).toEqual([])
})

test('what is printed of a party is its cards, eight on a sheet', async ({ as }) => {
    const marco = await as('marco')
    await bring(marco, 'Soup Night')
    await marco.getByRole('button', { name: 'Invite these 27' }).click()
    const cards = marco.getByRole('region', { name: /^Card for/ })
    await marco.emulateMedia({ media: 'print' })
    await expect(cards).toHaveCount(27)
    await expect(cards.first()).toBeVisible()
    for (const name of ['Soup Night', 'Cards to hand over']) await expect(marco.getByRole('heading', { name })).toBeHidden()
    await expect(marco.getByText('Who is invited')).toBeHidden()
    const sheets = (await marco.pdf({ format: 'A4' })).toString('latin1').match(/\/Type \/Page\b/g)
    expect(sheets).toHaveLength(4)
})

test('before the opening day whoever is early sees who else is here', async ({ as, visitor }) => {
    test.setTimeout(150_000)
    const marco = await as('marco')
    await bring(marco, 'Soup Night')
    await marco.getByRole('button', { name: 'Invite these 27' }).click()
    const mine = await link(marco, 'Åsa Öberg')
    await marco.getByText('Choose a day').click()
    await marco.getByLabel('On which day?').fill(daysLater(nextWeekday(6), 7))
    await marco.getByLabel('The first thread').fill('Come in, all of you.')
    await marco.getByRole('button', { name: 'Keep the opening day' }).click()
    await expect(marco.getByRole('status')).toContainText('The opening day is kept.')

    const asa = await visitor()
    await asa.goto(mine)
    await asa.getByLabel('Password').fill('three small boats')
    await asa.getByRole('checkbox', { name: /I have read the house rules/ }).check()
    await asa.getByRole('button', { name: 'Move in' }).click()
    await expect(asa.getByRole('heading', { level: 1, name: 'You are early' })).toBeVisible()
    await expect(asa.getByRole('heading', { name: 'One of the 27 from Soup Night is here.' })).toBeVisible()
    await expect(asa.getByText('Guest 2')).toHaveCount(0)
    expect(await flaws(asa, 'before the opening day')).toEqual([])
    await marco.reload()
    await marco.getByText('Change it').click()
    await expect(marco.getByLabel('The first thread')).toHaveValue('Come in, all of you.')
    expect(await flaws(marco, 'the opening day')).toEqual([])
    await marco.getByRole('button', { name: 'Have none' }).click()
    await expect(marco.getByRole('status')).toContainText('There is no opening day any more.')
    expect((await asa.goto('/party'))?.status()).toBe(404)
})

test('on the opening day the first thread and the first gathering are there, and those of the party are told', async ({ as, visitor, porchlight }) => {
    test.setTimeout(240_000)
    const day = nextWeekday(6)
    const marco = await as('marco', { javaScriptEnabled: false })
    await bring(marco, 'Soup Night')
    await marco.getByRole('button', { name: 'Invite these 27' }).click()
    const mine = await link(marco, 'Åsa Öberg')
    await marco.getByText('Choose a day').click()
    await marco.getByLabel('On which day?').fill(day)
    await marco.getByLabel('At what time?').fill('18:00')
    await marco.getByLabel('The first thread').fill('Come in, all of you.')
    await marco.getByText('Or a new get-together, planned on that day under your name').click()
    await marco.getByLabel('What is it called?').fill('Songs in the stairwell')
    await marco.getByLabel('Its time').fill('17:00')
    await marco.getByLabel('Where?').fill('The stairs of number 9')
    await marco.getByRole('button', { name: 'Keep the opening day' }).click()
    await expect(marco.getByRole('alert')).toContainText('The first one comes when the place is open')
    await expect(marco.getByLabel('Where?')).toHaveValue('The stairs of number 9')
    await marco.getByLabel('Its time').fill('19:30')
    await marco.getByRole('button', { name: 'Keep the opening day' }).click()
    await expect(marco.getByRole('status')).toContainText('The opening day is kept.')

    const asa = await visitor({ javaScriptEnabled: false })
    await asa.goto(mine)
    await asa.getByLabel('Password').fill('three small boats')
    await asa.getByRole('checkbox', { name: /I have read the house rules/ }).check()
    await asa.getByRole('button', { name: 'Move in' }).click()
    await expect(asa.getByRole('heading', { level: 1, name: 'You are early' })).toBeVisible()
    await asa.getByRole('link', { name: 'Your welcome' }).click()
    await asa.getByRole('link', { name: 'See who is early' }).click()
    await expect(asa.getByRole('heading', { name: 'One of the 27 from Soup Night is here.' })).toBeVisible()
    await asa.goto('/')
    await expect(post(asa, 'Come in, all of you.')).toHaveCount(0)
    await expect(post(asa, 'Songs in the stairwell')).toHaveCount(0)

    await porchlight.kill()
    await porchlight.serve((Date.parse(instant(day, '18:00', 'Europe/Lisbon')) - Date.now()) / 1000 - 20)
    await asa.goto('/')
    await expect(post(asa, 'Come in, all of you.')).toHaveCount(0)
    await expect(async () => {
        await asa.goto('/')
        await expect(post(asa, 'Come in, all of you.')).toHaveCount(1, { timeout: 500 })
    }).toPass({ timeout: 120_000 })
    await expect(post(asa, 'Come in, all of you.')).toContainText('Marco Bellini')
    await expect(post(asa, 'Songs in the stairwell')).toHaveCount(1)
    await asa.goto('/notifications')
    await expect(asa.getByRole('main')).toContainText('opened the place. Here is the first thread')
    expect((await asa.goto('/party'))?.status()).toBe(404)
    await asa.goto('/gatherings')
    await asa.getByRole('link', { name: 'Songs in the stairwell' }).first().click()
    await expect(asa.getByRole('main')).toContainText('The stairs of number 9')
    await expect(asa.getByRole('main')).toContainText('19:30')
    await marco.reload()
    await expect(marco.getByText(/^The place opened on .*, 18:00, with a first thread on the timeline\.$/)).toBeVisible()
})
