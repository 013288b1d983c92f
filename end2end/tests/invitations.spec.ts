import { expect, open, test, type Page } from '../porchlight'
import { expectNothingAt, invite, join, slip } from '../steps'

test.use({ place: 'demo' })

const nell = { name: 'nell', called: 'Nell Harrow', password: 'paper boats in the gutter' }
const otto = { name: 'otto', called: 'Otto Brandt', password: 'one good eraser left' }
const vera = { name: 'vera', called: 'Vera Pinto', password: 'the seventh umbrella' }

/** The address of a code that was never made, and looks as if it had been. */
function madeUp(link: string): string {
    const code = link.split('/join/')[1]
    return `/join/${[...code].reverse().join('')}`
}

const path = (link: string) => new URL(link).pathname
const rows = (page: Page, section: string) => page.getByRole('region', { name: section }).getByRole('listitem')
/** What is over, in its fold. */
const past = async (page: Page) => {
    const fold = page.getByRole('region', { name: 'Done' }).locator('details')
    await fold.evaluate((fold: HTMLDetailsElement) => (fold.open = true))
    return rows(page, 'Done')
}
const notHere = (page: Page) => page.getByRole('heading', { level: 1, name: 'There is nothing here' })

test.describe('a link for a group', () => {
    test('lets as many in as it says, and to the next it is a link that never was', async ({ as, visitor }) => {
        const tomek = await as('tomek')
        const link = await invite(tomek, { group: 'the reading circle', uses: 2 })
        await tomek.goto('/hosting/invitations')
        await expect(rows(tomek, 'Out in the world').filter({ hasText: 'For the reading circle' })).toContainText('from you, nobody of two has moved in yet; works until')

        const first = await visitor()
        await first.goto(link)
        await expect(first.getByRole('heading', { level: 1, name: 'The reading circle, come in' })).toBeVisible()
        await expect(first.getByText('Tomek Zieliński would like to have you at Lantern Street.')).toBeVisible()
        await join(first, link, nell)

        // Those who came by the same link are named before the others.
        const second = await visitor()
        await second.goto(link)
        await expect(second.getByRole('region', { name: 'Who is here' })).toContainText(/Nell Harrow, .+ and forty-one others are here\./)
        await tomek.reload()
        await expect(rows(tomek, 'Out in the world').filter({ hasText: 'For the reading circle' })).toContainText('one of two moved in: Nell Harrow')
        await join(second, link, otto)

        const third = await visitor()
        await expectNothingAt(third, path(link), madeUp(link))
        expect((await third.goto(link))?.status()).toBe(404)
        await expect(notHere(third)).toBeVisible()
        await tomek.reload()
        const done = (await past(tomek)).filter({ hasText: 'For the reading circle' })
        await expect(done).toContainText(/all two have moved in: (Otto Brandt and Nell Harrow|Nell Harrow and Otto Brandt)/)
        await expect(done.getByRole('link')).toHaveCount(0)
        await open(tomek, '/people')
        await expect(tomek.getByText('Forty-four of us, each in their own words.')).toBeVisible()
    })

    test('read while it worked, it lets nobody more in either, and says so', async ({ as, visitor }) => {
        const [tomek, first, late] = [await as('tomek'), await visitor(), await visitor()]
        const link = await invite(tomek, { group: 'the last chair', uses: 1 })
        await late.goto(link)
        await late.getByLabel('Display name').fill(vera.called)
        await late.getByLabel('Name to sign in with').fill(vera.name)
        await late.getByLabel('Password').fill(vera.password)
        await late.getByRole('checkbox', { name: 'I have read the house rules and will keep them.' }).check()
        await join(first, link, nell)
        const answered = late.waitForResponse((response) => new URL(response.url()).pathname === '/api/join')
        await late.getByRole('button', { name: 'Move in' }).click()
        await answered
        // First that nobody came in, then that she is told.
        await open(tomek, '/people')
        await expect(tomek.getByText('Forty-three of us, each in their own words.')).toBeVisible()
        await expect(tomek.getByText('Vera Pinto')).toHaveCount(0)
        await expect(late.getByText('This invitation no longer works. Ask whoever sent it for a new one.')).toBeVisible()
    })

    test('lets one in of three who press at the same moment, if it is for one', async ({ as, visitor }) => {
        const tomek = await as('tomek')
        const link = await invite(tomek, { group: 'the last chair', uses: 1 })
        const code = link.split('/join/')[1]
        const stranger = await visitor()
        const answers = await Promise.all(
            [nell, otto, vera].map((person) =>
                slip(stranger, '/api/join', { code, 'form[name]': person.name, 'form[display_name]': person.called, 'form[password]': person.password, 'form[rules]': 'read' }),
            ),
        )
        expect(answers.map((answer) => answer.status()).sort()).toEqual([200, 422, 422])
        await open(tomek, '/people')
        await expect(tomek.getByText('Forty-three of us, each in their own words.')).toBeVisible()
    })
})

test.describe('an invitation for one person', () => {
    test('says who invites, why, and who is here, and works once', async ({ as, visitor }) => {
        const [kofi, graca] = [await as('kofi'), await visitor()]
        const link = await invite(kofi, { name: 'Graça', note: 'You feed us all.\n\nCome and be fed, once.' })
        await expect(kofi.getByRole('heading', { level: 1, name: 'For Graça' })).toBeVisible()
        const card = kofi.getByRole('region', { name: 'Card' })
        await expect(card).toContainText('Dear Graça, the light is on, and there is a chair for you.')
        await expect(card).toContainText('Come and be fed, once.')
        await expect(card).toContainText(link.replace('http://', ''))
        const code = card.getByRole('img', { name: `QR code for ${link}` })
        await expect(code).toBeVisible()
        const { width, height } = (await code.boundingBox())!
        expect(Math.min(width, height), 'a phone can read it').toBeGreaterThan(120)

        // A member who opens it, to see whether it works, does not use it up.
        await kofi.goto(link)
        await expect(kofi.getByRole('heading', { level: 1, name: 'You are in already' })).toBeVisible()

        await graca.goto(link)
        await expect(graca.getByRole('heading', { level: 1, name: 'Graça, come in' })).toBeVisible()
        const letter = graca.getByRole('blockquote')
        await expect(letter).toContainText('You feed us all.')
        await expect(letter).toContainText('Come and be fed, once.')
        await expect(letter).toContainText('Kofi Mensah')
        const here = graca.getByRole('region', { name: 'Who is here' })
        const faces = here.getByRole('img')
        await expect(faces).toHaveCount(12)
        const names = await faces.evaluateAll((all) => all.map((face) => face.getAttribute('aria-label')))
        await expect(here).toContainText('and thirty others')
        await expect(here).toContainText(`${names[0]}, ${names[1]} and forty others are here.`)
        await expect(graca.getByRole('region', { name: 'How we are with each other' })).toContainText('Be kind on purpose.')
        await expect(graca.getByLabel('Display name')).toHaveValue('Graça')
        await join(graca, link, { name: 'graca', called: 'Graça Melo', password: 'sourdough since six' })

        await expectNothingAt(await visitor(), path(link), madeUp(link))
        await kofi.goto('/hosting/invitations')
        await expect((await past(kofi)).filter({ hasText: 'For Graça' })).toContainText('from you, Graça Melo has moved in')
        await open(kofi, '/notifications')
        await kofi.getByRole('main').getByRole('listitem').first().getByRole('link', { name: 'Graça Melo came in by your invitation' }).click()
        await expect(kofi.getByRole('heading', { level: 1, name: 'Graça Melo' })).toBeVisible()
        await expect(kofi.getByRole('definition').getByRole('link', { name: 'Kofi Mensah' })).toBeVisible()
    })

    test('taken back, it is a link that never was', async ({ as, visitor }) => {
        const [tomek, stranger] = [await as('tomek'), await visitor()]
        const link = await invite(tomek, { name: 'Ossian' })
        expect((await stranger.goto(link))?.status()).toBe(200)
        await tomek.goto('/hosting/invitations')
        await tomek.getByRole('button', { name: 'Take back the invitation For Ossian' }).click()
        await expect(tomek.getByText('Taken back. The link opens nothing any more.')).toBeVisible()
        await expect((await past(tomek)).filter({ hasText: 'For Ossian' })).toContainText('taken back')
        await expectNothingAt(stranger, path(link), madeUp(link))
        for (const code of ['x', 'setup', `${path(link).slice(6)}a`, '%00', '%D1%81%D1%83%D0%BF']) await expectNothingAt(stranger, `/join/${code}`, madeUp(link))
        expect((await stranger.goto(madeUp(link)))?.status()).toBe(404)
        await expect(notHere(stranger)).toBeVisible()
        const refused = await slip(stranger, '/api/join', { code: path(link).slice(6), 'form[name]': 'ossian', 'form[password]': 'let me in anyway', 'form[rules]': 'read' })
        expect(refused.status()).toBe(422)
    })

    test("nobody but its maker and the hosts sees somebody's invitation or takes it back", async ({ as, visitor, porchlight }) => {
        const [tomek, kofi, marco, stranger] = [await as('tomek'), await as('kofi'), await as(porchlight.names.host), await visitor()]
        const link = await invite(tomek, { name: 'Ossian' })
        const page = path(tomek.url())
        await expectNothingAt(kofi, page, '/hosting/invitations/999999999')
        await kofi.goto('/hosting/invitations')
        await expect(kofi.getByRole('heading', { level: 1, name: 'Invitations' })).toBeVisible()
        await expect(kofi.getByText('Ossian')).toHaveCount(0)
        await slip(kofi, '/api/invitations/take-back', { invitation: page.split('/').at(-1)! })
        expect((await stranger.goto(link))?.status()).toBe(200)

        await marco.goto('/hosting/invitations')
        await expect(rows(marco, 'Out in the world').filter({ hasText: 'For Ossian' })).toContainText('from Tomek Zieliński')
        await marco.getByRole('button', { name: 'Take back the invitation For Ossian' }).click()
        await expect(marco.getByText('Taken back. The link opens nothing any more.')).toBeVisible()
        expect((await stranger.goto(link))?.status()).toBe(404)
    })
})

test.describe('knocking at the front door', () => {
    test('a host hears it, lets them in, and they move in', async ({ as, visitor, porchlight }) => {
        const [marco, amara, tomek, clara] = [await as(porchlight.names.host), await as('amara'), await as('tomek'), await visitor()]
        const notices = (page: Page) => page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Notices' })
        for (const page of [marco, tomek]) {
            await page.goto('/notifications')
            await open(page, '/people')
            await expect(notices(page)).toHaveText('Notices')
        }

        await clara.goto('/')
        await clara.getByLabel('Your name').fill('Clara Antunes')
        await clara.getByLabel('How can we reach you?').fill('clara@mail.example')
        await clara.getByLabel('A few words').fill('I hear you through the wall on Thursdays. You laugh a lot.')
        await clara.getByRole('button', { name: 'Ask to join' }).click()
        await expect(clara.getByRole('heading', { level: 1, name: 'Thank you for knocking' })).toBeVisible()
        const answer = clara.url()

        await expect(notices(marco)).toHaveText('Notices1 new')
        await notices(marco).click()
        await marco.getByRole('link', { name: 'Clara Antunes asks to join' }).click()
        await expect(marco.getByRole('heading', { level: 1, name: 'Invitations' })).toBeVisible()
        const knock = rows(marco, 'At the door').filter({ hasText: 'Clara Antunes' })
        await expect(knock).toContainText('I hear you through the wall on Thursdays. You laugh a lot.')
        await expect(knock).toContainText('can be reached at clara@mail.example')
        await amara.goto('/hosting/invitations')
        await expect(rows(amara, 'At the door').filter({ hasText: 'Clara Antunes' })).toBeVisible()

        await tomek.reload()
        await expect(notices(tomek)).toHaveText('Notices')
        await tomek.goto('/hosting/invitations')
        await expect(tomek.getByRole('heading', { level: 1, name: 'Invitations' })).toBeVisible()
        await expect(tomek.getByRole('region', { name: 'At the door' })).toHaveCount(0)
        await expect(tomek.getByText('Clara Antunes')).toHaveCount(0)

        await knock.getByRole('button', { name: 'Let them in' }).click()
        await expect(marco.getByText('They are welcome now: their page shows them the way in.')).toBeVisible()
        await expect(rows(marco, 'At the door').filter({ hasText: 'Clara Antunes' })).toHaveCount(0)

        // The other host had the page open, and comes too late to say no.
        await rows(amara, 'At the door').filter({ hasText: 'Clara Antunes' }).getByText('Decline kindly').click()
        await rows(amara, 'At the door').filter({ hasText: 'Clara Antunes' }).getByRole('button', { name: 'Decline', exact: true }).click()
        await expect(amara.getByText('Another host was quicker: that one is answered.')).toBeVisible()

        await clara.getByRole('link', { name: 'Look again' }).click()
        await expect(clara).toHaveURL(answer)
        await expect(clara.getByRole('heading', { level: 1, name: 'Come in' })).toBeVisible()
        await clara.getByRole('link', { name: 'Open the invitation' }).click()
        await expect(clara.getByRole('heading', { level: 1, name: 'Clara Antunes, come in' })).toBeVisible()
        await expect(clara.getByText('Marco Bellini would like to have you at Lantern Street.')).toBeVisible()
        await join(clara, clara.url(), { name: 'clara', called: 'Clara Antunes', password: 'through the thin wall' })
        await open(tomek, '/people')
        await expect(tomek.getByRole('main').getByRole('link', { name: 'Clara Antunes' })).toBeVisible()
    })

    test('whom they cannot take in reads why, in the words of the host', async ({ as, visitor, porchlight }) => {
        const [marco, eduardo, other] = [await as(porchlight.names.host), await visitor(), await visitor()]
        await eduardo.goto('/')
        await eduardo.getByLabel('Your name').fill('Eduardo Prata')
        await eduardo.getByLabel('A few words').fill('I sell frames and would show you my catalogue.')
        await eduardo.getByRole('button', { name: 'Ask to join' }).click()
        await expect(eduardo.getByRole('heading', { level: 1, name: 'Thank you for knocking' })).toBeVisible()

        await marco.goto('/hosting/invitations')
        const knock = rows(marco, 'At the door').filter({ hasText: 'Eduardo Prata' })
        await expect(knock).toContainText('left no address')
        await knock.getByText('Decline kindly').click()
        await knock.getByLabel('A few words for them').fill('Nobody sells anything here.\n\nCome to a Thursday and draw with us, though.')
        await knock.getByRole('button', { name: 'Decline', exact: true }).click()
        await expect(marco.getByText('Declined. They will read your words on their page.')).toBeVisible()
        await expect(rows(marco, 'At the door').filter({ hasText: 'Eduardo Prata' })).toHaveCount(0)

        await eduardo.getByRole('link', { name: 'Look again' }).click()
        await expect(eduardo.getByRole('heading', { level: 1, name: 'Not this time' })).toBeVisible()
        await expect(eduardo.getByRole('blockquote')).toContainText('Nobody sells anything here.')
        await expect(eduardo.getByRole('blockquote')).toContainText('Come to a Thursday and draw with us, though.')
        await expect(eduardo.getByText('It is no verdict on you.')).toBeVisible()
        await expect(eduardo.getByRole('link', { name: 'Open the invitation' })).toHaveCount(0)

        // Only whoever has the address reads the answer.
        const address = path(eduardo.url())
        await expectNothingAt(other, `${address}x`, '/ask/nobody-asked')
        expect((await other.goto(address))?.status()).toBe(200)
    })
})

test.describe('who may', () => {
    test('where only hosts invite, a member finds no way to, and a host does', async ({ as, porchlight }) => {
        const [ines, marco, tomek] = [await as('ines'), await as(porchlight.names.host), await as('tomek')]
        await tomek.goto('/hosting/invitations')
        await expect(tomek.getByRole('heading', { level: 2, name: 'Invite somebody' })).toBeVisible()
        await hostsOnly(ines)

        // He invited somebody once, and still sees whom.
        await tomek.reload()
        await expect((await past(tomek)).filter({ hasText: 'Ben Whitaker' })).toBeVisible()
        await expect(tomek.getByRole('heading', { level: 2, name: 'Invite somebody' })).toHaveCount(0)
        await expect(tomek.getByRole('button', { name: 'Make the invitation' })).toHaveCount(0)
        const refused = await slip(tomek, '/api/invitations/make', { kind: 'person', 'form[name]': 'Ossian' })
        expect(refused.status()).toBe(422)
        expect(await refused.text()).toContain('In this community the hosts do the inviting. Tell one of them whom you would love to have here.')

        await invite(marco, { name: 'Ossian' })
        await expect(marco.getByRole('heading', { level: 1, name: 'For Ossian' })).toBeVisible()
    })

    test('where only hosts invite, who never invited is not led to a page that is not there', async ({ as }) => {
        const [ines, carlos] = [await as('ines'), await as('carlos')]
        await hostsOnly(ines)
        await expectNothingAt(carlos, '/hosting/invitations', '/hosting/never')
        await open(carlos, '/people')
        await carlos.getByRole('button', { name: 'You' }).click()
        await expect(carlos.getByRole('link', { name: 'Your page' })).toBeVisible()
        await expect(carlos.getByRole('link', { name: 'Invitations' })).toHaveCount(0)
    })

    test('where only hosts invite, nobody else is asked to', async ({ as }) => {
        const [ines, tomek] = [await as('ines'), await as('tomek')]
        await hostsOnly(ines)
        await tomek.goto('/hosting/invitations')
        await expect(tomek.getByText('Nobody is on their way.')).toBeVisible()
        await expect(tomek.getByText('Invite them.')).toHaveCount(0)
    })

    test('who was inviting while it became the work of hosts is told so', async ({ as }) => {
        const [ines, tomek] = [await as('ines'), await as('tomek')]
        await tomek.goto('/hosting/invitations')
        await tomek.getByRole('textbox', { name: 'Their name' }).fill('Ossian')
        await hostsOnly(ines)
        await tomek.getByRole('button', { name: 'Make the invitation' }).click()
        await expect(tomek.getByText('In this community the hosts do the inviting. Tell one of them whom you would love to have here.')).toBeVisible()
    })

    test('a door that takes no asks has no form, and refuses one that comes all the same', async ({ as, visitor }) => {
        const [ines, stranger] = [await as('ines'), await visitor()]
        await stranger.goto('/')
        await expect(stranger.getByRole('button', { name: 'Ask to join' })).toBeVisible()
        await noAsks(ines)
        await stranger.goto('/')
        await expect(stranger.getByRole('heading', { name: 'Coming in' })).toBeVisible()
        await expect(stranger.getByText('This place takes people in by invitation. If you know somebody here, ask them for one.')).toBeVisible()
        await expect(stranger.getByRole('button', { name: 'Ask to join' })).toHaveCount(0)
        await expect(stranger.getByRole('textbox')).toHaveCount(0)
        const refused = await slip(stranger, '/api/asks/ask', { 'form[name]': 'Otto', 'form[words]': 'May I?' })
        expect(refused.status()).toBe(422)
        expect(await refused.text()).toContain('This community takes people in by invitation only.')
        await ines.goto('/hosting/invitations')
        await expect(rows(ines, 'At the door').filter({ hasText: 'Beatriz' })).toBeVisible()
        await expect(rows(ines, 'At the door').filter({ hasText: 'Otto' })).toHaveCount(0)
    })

    test('who was writing while the door closed is told so', async ({ as, visitor }) => {
        const [ines, stranger] = [await as('ines'), await visitor()]
        await stranger.goto('/')
        await stranger.getByLabel('Your name').fill('Otto')
        await stranger.getByLabel('A few words').fill('May I?')
        await noAsks(ines)
        await stranger.getByRole('button', { name: 'Ask to join' }).click()
        await expect(stranger.getByText('This community takes people in by invitation only. If you know somebody here, ask them.')).toBeVisible()
    })

    test('in a full house joining waits, in a sentence, and what was typed waits too', async ({ as, visitor }) => {
        const [ines, tomek, guest] = [await as('ines'), await as('tomek'), await visitor()]
        const link = await invite(tomek, { name: 'Nell' })
        await room(ines, 42)

        await guest.goto(link)
        await guest.getByLabel('Display name').fill(nell.called)
        await guest.getByLabel('Name to sign in with').fill(nell.name)
        await guest.getByLabel('Password').fill(nell.password)
        await guest.getByText('More about you, if you like').click()
        await guest.getByLabel('Pronouns').fill('they/them')
        await guest.getByLabel('A line about you').fill('I fold what I cannot draw.')
        await guest.getByLabel('Interests').fill('paper, rain')
        await guest.getByLabel('Your clock').selectOption('Asia/Tokyo')
        await guest.getByRole('checkbox', { name: 'I have read the house rules and will keep them.' }).check()
        await guest.getByRole('button', { name: 'Move in' }).click()
        await expect(guest.getByRole('alert')).toHaveText('The house is full just now: this community keeps to a size at which people know one another. Ask whoever invited you.')
        await expect(guest.getByLabel('Display name')).toHaveValue(nell.called)
        await expect(guest.getByLabel('Name to sign in with')).toHaveValue(nell.name)
        await expect(guest.getByLabel('Password')).toHaveValue('')
        await expect(guest.getByLabel('Pronouns')).toHaveValue('they/them')
        await expect(guest.getByLabel('A line about you')).toHaveValue('I fold what I cannot draw.')
        await expect(guest.getByLabel('Interests')).toHaveValue('paper, rain')
        await expect(guest.getByLabel('Your clock')).toHaveValue('Asia/Tokyo')
        await expect(guest.getByRole('checkbox', { name: 'I have read the house rules and will keep them.' })).toBeChecked()
        expect(await guest.content()).not.toContain(nell.password)

        // Nothing was used up by it: with one chair more, the same invitation works.
        await room(ines, 43)
        await guest.getByLabel('Password').fill(nell.password)
        await guest.getByRole('button', { name: 'Move in' }).click()
        await open(guest, '/people/nell')
        await expect(guest.getByText('they/them')).toBeVisible()
        await expect(guest.getByText('I fold what I cannot draw.')).toBeVisible()
        const another = await invite(tomek, { name: 'Otto' })
        const refused = await slip(await visitor(), '/api/join', { code: path(another).slice(6), 'form[name]': otto.name, 'form[password]': otto.password, 'form[rules]': 'read' })
        expect(await refused.text()).toContain('The house is full just now')
    })
})

async function hostsOnly(admin: Page): Promise<void> {
    await admin.goto('/admin')
    await admin.getByRole('radio', { name: 'Hosts only' }).check()
    await save(admin)
}

async function noAsks(admin: Page): Promise<void> {
    await admin.goto('/admin')
    await admin.getByRole('checkbox', { name: 'Visitors may ask to join' }).uncheck()
    await save(admin)
}

async function room(admin: Page, most: number): Promise<void> {
    await admin.goto('/admin')
    await admin.getByLabel('Room for how many?').fill(String(most))
    await save(admin)
}

async function save(admin: Page): Promise<void> {
    await admin.getByRole('button', { name: 'Save for everybody' }).click()
    await expect(admin.getByText('Saved, for everybody.')).toBeVisible()
}
