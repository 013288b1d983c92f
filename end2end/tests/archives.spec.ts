import { expect, test } from '../porchlight'
import { flaws } from '../steps'

test.use({ place: 'demo' })

const CHAT = [
    '03/03/2024, 19:45 - Marco created group "Soup Night"',
    '03/03/2024, 19:46 - Rosa ☕: who brings bread tonight?',
    '03/03/2024, 19:50 - Kofi: I do, the dark one',
    '13/03/2024, 20:05 - Rosa ☕: <Media omitted>',
    '14/03/2024, 07:00 - Rosa ☕: the pot is still at my place',
    '15/03/2024, 07:00 - Rosa ☕: my door code is 4711, come by',
    '16/04/2024, 18:00 - +49 170 000: who has the big ladle?',
].join('\n')

test('an old chat comes along: the host says who is who, and one of them says yes to some of her words', async ({ as }) => {
    test.setTimeout(120_000)
    const marco = await as('marco')
    await marco.goto('/hosting/invitations')
    await marco.getByRole('link', { name: 'And their old chat' }).click()
    await expect(marco.getByRole('heading', { level: 1, name: 'An old chat' })).toBeVisible()
    expect(await flaws(marco, 'bringing a chat')).toEqual([])
    await marco.getByLabel('What was it called?').fill('Soup Night')
    await marco.getByLabel('The chat, as a file').setInputFiles({ name: '_chat.txt', mimeType: 'text/plain', buffer: Buffer.from(CHAT) })
    await marco.getByRole('button', { name: 'Show me who speaks in it' }).click()
    await expect(marco.getByRole('heading', { level: 1, name: 'Soup Night' })).toBeVisible()
    await expect(marco.getByText('Five messages from 3 March 2024 to 16 April 2024')).toBeVisible()
    await expect(marco.getByLabel('Kofi', { exact: true })).toHaveValue('kofi')
    await expect(marco.getByLabel('+49 170 000')).toHaveValue('')
    await expect(marco.getByText('bread')).toHaveCount(0)
    expect(await flaws(marco, 'who is who')).toEqual([])
    await marco.getByLabel('Rosa ☕').fill('rosa')
    await marco.getByLabel('+49 170 000').fill('nobody-here')
    await marco.getByRole('button', { name: 'Ask them' }).click()
    await expect(marco.getByRole('alert')).toContainText('Nobody here has the name nobody-here.')
    await expect(marco.getByLabel('Rosa ☕')).toHaveValue('rosa')
    await marco.getByLabel('+49 170 000').fill('')
    await marco.getByRole('button', { name: 'Ask them' }).click()
    await expect(marco.getByRole('status')).toContainText('They are asked.')

    const rosa = await as('rosa')
    await rosa.goto('/notifications')
    await rosa.getByRole('link', { name: /brought an old chat along/ }).click()
    await rosa.getByRole('listitem').filter({ hasText: 'Soup Night' }).getByRole('link', { name: 'Decide' }).click()
    await expect(rosa.getByText('In it somebody called Rosa ☕ wrote three messages')).toBeVisible()
    await expect(rosa.getByText('who brings bread tonight?')).toHaveCount(0)
    expect(await flaws(rosa, 'what is asked of one')).toEqual([])
    await rosa.getByRole('link', { name: 'That is me: show me what I wrote' }).click()
    await expect(rosa.getByText('who brings bread tonight?')).toBeVisible()
    await expect(rosa.getByText('the dark one')).toHaveCount(0)
    await rosa.getByRole('listitem').filter({ hasText: 'door code' }).getByRole('checkbox').check()
    await rosa.getByRole('button', { name: 'Leave out what is ticked' }).click()
    await expect(rosa.getByText('One of them you leave out.')).toBeVisible()
    expect(await flaws(rosa, 'words of one')).toEqual([])
    // What is ticked counts with the yes as well.
    const soup = rosa.getByRole('listitem').filter({ hasText: 'the pot is still' }).getByRole('checkbox')
    await soup.check()
    await rosa.setViewportSize({ width: 320, height: 700 })
    expect(await rosa.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320)
    await rosa.getByRole('button', { name: 'Yes, bring them along' }).click()
    await expect(rosa.getByText('One message of yours came along, each on the day on which you wrote it.')).toBeVisible()

    const kofi = await as('kofi', { javaScriptEnabled: false })
    await kofi.goto('/people/rosa')
    await kofi.goto('/settings/archives')
    await kofi.getByRole('link', { name: 'Decide' }).click()
    await kofi.getByRole('button', { name: 'No, forget them' }).click()
    await expect(kofi.getByRole('status')).toContainText('They don’t come along')

    await marco.reload()
    await expect(marco.getByText('here as the words of Rosa')).toBeVisible()
    await expect(marco.getByText('One message. Kofi Mensah is asked.')).toBeVisible()
})
