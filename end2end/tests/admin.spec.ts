import { expect, open, test, type Page } from '../porchlight'
import { expectNothingAt, invite, nextWeekday, picture, plan, post, say, slip } from '../steps'

test.use({ place: 'demo' })

const main = (page: Page) => page.getByRole('navigation', { name: 'Main' })

test.describe('name and words', () => {
    test('a new name and greeting are what everybody reads on their next page', async ({ as, visitor }) => {
        const [ines, kofi, stranger] = [await as('ines'), await as('kofi'), await visitor()]
        await kofi.goto('/people')
        await stranger.goto('/')
        await expect(stranger.getByRole('heading', { level: 1, name: 'Lantern Street' })).toBeVisible()

        await ines.goto('/admin')
        await ines.getByLabel('Its name').fill('Lantern Lane & Co')
        await ines.getByLabel('What it is for').fill('A lane that sketches.')
        await ines.getByLabel('Greeting').fill('Mind the **step**, it is new.')
        await ines.getByRole('button', { name: 'Save for everybody' }).click()
        await expect(ines.getByText('Saved, for everybody.')).toBeVisible()
        await expect(ines.getByRole('banner').getByRole('link', { name: 'Lantern Lane & Co' })).toBeVisible()

        await kofi.goto('/gatherings')
        await expect(kofi.getByRole('banner').getByRole('link', { name: 'Lantern Lane & Co' })).toBeVisible()
        await expect(kofi).toHaveTitle('Get-togethers · Lantern Lane & Co')
        await stranger.goto('/')
        await expect(stranger.getByRole('heading', { level: 1, name: 'Lantern Lane & Co' })).toBeVisible()
        await expect(stranger.getByText('A lane that sketches.')).toBeVisible()
        await expect(stranger.getByText('Mind the step, it is new.')).toBeVisible()
        await expect(stranger.getByText('Mind the step, it is new.').locator('strong')).toHaveText('step')
        await expect(stranger.getByText('Lantern Street')).toHaveCount(0)
        expect(await (await stranger.request.get('/manifest.webmanifest')).json()).toMatchObject({ name: 'Lantern Lane & Co' })
    })

    test('its own words stand wherever a gathering, a post or a member is spoken of', async ({ as, visitor }) => {
        const [ines, kofi, tomek, stranger] = [await as('ines'), await as('kofi'), await as('tomek'), await visitor()]
        await rename(ines)

        await kofi.goto('/')
        await expect(main(kofi).getByRole('link')).toHaveText([/^Timeline/, /^People/, /^Kitchen evenings/, /^Notices/])
        await main(kofi).getByRole('link', { name: 'Kitchen evenings' }).click()
        await expect(kofi.getByRole('heading', { level: 1, name: 'Kitchen evenings' })).toBeVisible()
        await expect(kofi).toHaveTitle('Kitchen evenings · Lantern Street')
        expect(new URL(kofi.url()).pathname, 'addresses keep the old words').toBe('/gatherings')
        await kofi.getByRole('link', { name: 'Plan a kitchen evening' }).click()
        await expect(kofi.getByRole('heading', { level: 1, name: 'Plan a kitchen evening' })).toBeVisible()

        await open(kofi, '/')
        const id = await say(tomek, 'First letter under a new name.')
        await kofi.getByRole('button', { name: '1 new letter' }).click()
        const letter = post(kofi, 'First letter under a new name.')
        await letter.getByRole('button', { name: 'React', exact: true }).click()
        await letter.getByRole('button', { name: '🎉' }).click()
        await expect(letter.getByRole('button', { name: '🎉: you' })).toBeVisible()
        await say(tomek, 'And a second.')
        await say(tomek, 'And a third.')
        await expect(kofi.getByRole('button', { name: '2 new letters' })).toBeAttached()
        await tomek.goto('/notifications')
        const notice = tomek.getByRole('link', { name: 'Kofi Mensah left 🎉 on your letter' })
        await expect(notice).toHaveAttribute('href', `/posts/${id}#p${id}`)
        await kofi.goto('/people/tomek')
        await expect(kofi.getByRole('region', { name: 'Tomek Zieliński: letters' })).toBeVisible()

        await stranger.goto('/')
        await expect(stranger.getByText('Our neighbours come in by knowing somebody.')).toBeVisible()
        await stranger.goto('/about')
        await expect(stranger.getByText('Forty-two neighbours are here.')).toBeVisible()
        await ines.goto('/admin/roles')
        await expect(ines.getByRole('radio', { name: 'A neighbour' })).toBeVisible()
    })

    test('a page that is open takes up name and words with its next step', async ({ as }) => {
        const [ines, kofi] = [await as('ines'), await as('kofi')]
        await open(kofi, '/people')
        await rename(ines)
        await main(kofi).getByRole('link').nth(2).click()
        await expect(kofi).toHaveURL('/gatherings')
        await expect(kofi.getByRole('heading', { level: 1, name: 'Kitchen evenings' })).toBeVisible()
        await expect(main(kofi).getByRole('link', { name: 'Kitchen evenings' })).toBeVisible()
    })

    test('an empty word is refused in a sentence, and the others stay as they were typed', async ({ as }) => {
        const ines = await as('ines')
        await ines.goto('/admin/words')
        await ines.getByLabel('A post is called').fill('letter')
        // Only blanks: that is something to the browser, and nothing to us.
        await ines.getByLabel('A member is called').fill('   ')
        await ines.getByRole('button', { name: 'Save for everybody' }).click()
        await expect(ines.getByRole('alert')).toContainText('The word for a member')
        await expect(ines.getByLabel('A post is called')).toHaveValue('letter')
        await ines.goto('/admin/words')
        await expect(ines.getByLabel('A post is called')).toHaveValue('post')
    })
})

test.describe('the colour', () => {
    test('one that is too faint is refused with its contrast and one that can be read, and stays as it was chosen', async ({ as, visitor }) => {
        const [ines, stranger] = [await as('ines'), await visitor()]
        const before = await (await stranger.request.get('/theme.css')).text()
        await ines.goto('/admin/looks')
        await ines.getByRole('radio', { name: 'A colour of our own' }).check()
        await ines.getByLabel('Our own colour').fill('#ffe680')
        await ines.getByRole('button', { name: 'Paint the door' }).click()
        const alert = ines.getByRole('alert')
        await expect(alert).toHaveText(/^That colour is too faint to read: its contrast with the page is 1\.\d to 1, and text needs 4\.5 to 1\. The nearest that can be read is #[0-9a-f]{6}\.$/)
        const [, told, proposal] = (await alert.innerText()).match(/is (\d\.\d) to 1.*(#[0-9a-f]{6})/)!
        const paper = await ines.evaluate(() => getComputedStyle(document.documentElement).backgroundColor)
        expect(Number(told)).toBeLessThanOrEqual(contrast(paper, rgb('#ffe680')))
        expect(contrast(paper, rgb(proposal))).toBeGreaterThanOrEqual(4.5)
        await expect(ines.getByRole('radio', { name: 'A colour of our own' })).toBeChecked()
        await expect(ines.getByLabel('Our own colour')).toHaveValue('#ffe680')
        await expect(ines.getByText(`The nearest colour that can be read: ${proposal}`)).toBeVisible()
        expect(await (await stranger.request.get('/theme.css')).text()).toBe(before)

        await ines.getByLabel('Our own colour').fill(proposal)
        await ines.getByRole('button', { name: 'Paint the door' }).click()
        await expect(ines.getByText('Painted. Everybody sees it from now on.')).toBeVisible()
        expect(await (await stranger.request.get('/theme.css')).text()).toContain(`:root{--accent:${proposal};`)
    })

    test('it can be looked at by day and by evening before anybody sees it', async ({ as, visitor }) => {
        const [ines, stranger] = [await as('ines'), await visitor()]
        const before = await (await stranger.request.get('/theme.css')).text()
        await ines.goto('/admin/looks')
        await ines.getByRole('radio', { name: 'Plum' }).check()
        await ines.getByRole('button', { name: 'See how it looks' }).click()
        await expect(ines.getByText('How it would look; nothing is saved yet: #5b3a73')).toBeVisible()
        await expect(ines.getByRole('radio', { name: 'Plum' })).toBeChecked()
        for (const when of ['By day', 'By evening']) await expect(ines.getByRole('img', { name: new RegExp(`^${when}: `) })).toBeVisible()
        await ines.getByRole('radio', { name: 'A colour of our own' }).check()
        await ines.getByLabel('Our own colour').fill('#ffe680')
        await ines.getByRole('button', { name: 'See how it looks' }).click()
        await expect(ines.getByRole('alert')).toContainText('That colour is too faint to read')
        await expect(ines.getByLabel('Our own colour')).toHaveValue('#ffe680')
        expect(await (await stranger.request.get('/theme.css')).text()).toBe(before)
    })

    test('it is on every page at once, light and dark, and can be read in both', async ({ as, visitor }) => {
        // Colours that fade from one to the other would be measured on the way.
        const still = { reducedMotion: 'reduce' } as const
        const [ines, kofi, stranger] = [await as('ines'), await as('kofi', still), await visitor(still)]
        await open(kofi, '/')
        const send = kofi.getByRole('button', { name: 'Send', exact: true })
        await ines.goto('/admin/looks')
        await ines.getByRole('radio', { name: 'Ink blue' }).check()
        await ines.getByRole('button', { name: 'Paint the door' }).click()
        await expect(ines.getByText('Painted. Everybody sees it from now on.')).toBeVisible()

        // His page was open, and nothing on it was loaded again but its colours.
        await expect(send).toHaveCSS('background-color', rgb('#2c4a7c'))
        await stranger.goto('/')
        const ask = stranger.getByRole('button', { name: 'Ask to join' })
        await expect(ask).toHaveCSS('background-color', rgb('#2c4a7c'))

        const css = await (await stranger.request.get('/theme.css')).text()
        const [, light, dark] = css.match(/^:root\{--accent:(#[0-9a-f]{6});.*prefers-color-scheme:dark\)\{:root\{--accent:(#[0-9a-f]{6});/)!
        expect(light).toBe('#2c4a7c')
        expect(dark).not.toBe(light)
        for (const page of [kofi, stranger]) {
            for (const colorScheme of ['light', 'dark'] as const) {
                await page.emulateMedia({ colorScheme })
                const button = page === kofi ? send : ask
                await expect(button).toHaveCSS('background-color', rgb(colorScheme === 'light' ? light : dark))
                const [ground, ink, paper] = await button.evaluate((button) => {
                    const style = getComputedStyle(button)
                    return [style.backgroundColor, style.color, getComputedStyle(document.documentElement).backgroundColor]
                })
                expect(contrast(ground, ink), `the button's words, ${colorScheme}`).toBeGreaterThanOrEqual(4.5)
                expect(contrast(ground, paper), `a link on the page, ${colorScheme}`).toBeGreaterThanOrEqual(4.5)
            }
        }
    })
})

test.describe('the mark', () => {
    test('a logo hangs in the letterhead and at the front door, until the lantern comes back', async ({ as, visitor }) => {
        const [ines, kofi, stranger] = [await as('ines'), await as('kofi'), await visitor()]
        // A mark has no words of its own beside the name, so it is found by where it stands.
        const inLetterhead = (page: Page) => page.getByRole('banner').first().locator('img')
        const onDoor = stranger.getByRole('main').getByRole('heading', { level: 1 }).locator('..').locator('img')
        await stranger.goto('/')
        await expect(onDoor).toHaveAttribute('src', '/icons/favicon.svg')

        await ines.goto('/admin/looks')
        await ines.getByLabel('Picture').setInputFiles({ name: 'mark.png', mimeType: 'image/png', buffer: Buffer.from('not a picture at all') })
        await ines.getByRole('button', { name: 'Hang it up' }).click()
        await expect(ines.getByRole('alert')).toContainText("We can't read that file as a picture.")
        await ines.getByLabel('Picture').setInputFiles(picture('mark.png', [30, 120, 90], 96, 96))
        await ines.getByRole('button', { name: 'Hang it up' }).click()
        await expect(ines.getByText('Your mark is on the door.')).toBeVisible()

        await kofi.goto('/people')
        await stranger.goto('/')
        for (const mark of [inLetterhead(ines), inLetterhead(kofi), inLetterhead(stranger), onDoor]) {
            await expect(mark).toHaveAttribute('src', /^\/pictures\//)
            expect(await mark.evaluate((img: HTMLImageElement) => img.decode().then(() => img.naturalWidth))).toBeGreaterThan(0)
        }

        await ines.getByRole('button', { name: 'Back to the lantern' }).click()
        await expect(ines.getByText('The lantern is back.')).toBeVisible()
        await kofi.goto('/people')
        await stranger.goto('/')
        for (const mark of [inLetterhead(kofi), inLetterhead(stranger), onDoor]) await expect(mark).toHaveAttribute('src', '/icons/favicon.svg')
    })
})

test.describe('the house rules', () => {
    test('a change makes a new version, and whoever joins reads that one', async ({ as, visitor }) => {
        const [ines, tomek, stranger] = [await as('ines'), await as('tomek'), await visitor()]
        const link = await invite(tomek, { name: 'Nell' })
        await stranger.goto(link)
        const rules = stranger.getByRole('region', { name: 'How we are with each other' })
        await expect(rules).toContainText('Be kind on purpose.')
        await stranger.goto('/rules')
        await expect(stranger.getByText('In force since the beginning')).toBeVisible()

        await ines.goto('/admin/rules')
        await expect(ines.getByText('This is version 1;')).toBeVisible()
        await ines.getByLabel('House rules').fill('1. **Wipe your feet.** The step is new.\n2. **Leave the cake whole** until six.')
        await ines.getByRole('button', { name: 'Put them in force' }).click()
        await expect(ines.getByText('The new rules are in force. Tell people what changed, and why.')).toBeVisible()
        await expect(ines.getByText('This is version 2;')).toBeVisible()

        await stranger.goto(link)
        await expect(rules.getByRole('listitem')).toHaveText(['Wipe your feet. The step is new.', 'Leave the cake whole until six.'])
        await expect(rules).not.toContainText('Be kind on purpose.')
        await stranger.goto('/')
        await expect(rules.getByRole('listitem')).toHaveText(['Wipe your feet.', 'Leave the cake whole'])
        await stranger.goto('/rules')
        await expect(stranger.getByText('Version 2, in force since')).toBeVisible()

        // The same words again are no new version, and none at all are refused.
        await ines.getByRole('button', { name: 'Put them in force' }).click()
        await expect(ines.getByText('This is version 2;')).toBeVisible()
        await ines.getByLabel('House rules').fill('  \n ')
        await ines.getByRole('button', { name: 'Put them in force' }).click()
        await expect(ines.getByRole('alert')).toContainText('The text of the house rules is still empty.')
        await stranger.reload()
        await expect(stranger.getByText('Wipe your feet.')).toBeVisible()
    })
})

test.describe('roles', () => {
    test('a member who is made host has the pages of hosts, and made a member again has not', async ({ as }) => {
        const [ines, teresa, kofi] = [await as('ines'), await as('teresa'), await as('kofi')]
        const address = await plan(kofi, { title: 'Dumpling school', date: nextWeekday(6), time: '10:00', place: 'Number 13' })
        const noHost = async () => {
            await expectNothingAt(teresa, '/hosting/sign-in-help', '/hosting/never')
            await expectNothingAt(teresa, `${address}/edit`, '/gatherings/never-planned/edit')
            await teresa.goto('/hosting/invitations')
            await expect(teresa.getByRole('heading', { level: 1, name: 'Invitations' })).toBeVisible()
            await expect(teresa.getByRole('region', { name: 'At the door' })).toHaveCount(0)
            await expect(teresa.getByRole('navigation', { name: 'Hosting' })).toHaveCount(0)
        }
        await noHost()

        await ines.goto('/admin/roles')
        await ines.getByLabel('Name', { exact: true }).fill('teresa')
        await ines.getByRole('radio', { name: /^A host/ }).check()
        await ines.getByRole('button', { name: 'Make it so' }).click()
        await expect(ines.getByText('Done. It holds from their next step on.')).toBeVisible()
        const holder = ines.getByRole('region', { name: 'Who looks after the place' }).getByRole('listitem').filter({ hasText: 'Teresa Nunes' })
        await expect(holder).toContainText('host')

        await teresa.reload()
        await expect(teresa.getByRole('region', { name: 'At the door' }).getByRole('listitem').filter({ hasText: 'Beatriz' })).toBeVisible()
        await teresa.getByRole('navigation', { name: 'Hosting' }).getByRole('link', { name: 'Help with signing in' }).click()
        await expect(teresa.getByRole('button', { name: 'Make the link' })).toBeVisible()
        await teresa.goto(`${address}/edit`)
        await expect(teresa.getByLabel('What is it called?')).toHaveValue('Dumpling school')
        await expectNothingAt(teresa, '/admin', '/admin/never')
        await open(kofi, '/people/teresa')
        await expect(kofi.getByRole('main').getByText('host', { exact: true })).toBeVisible()

        await holder.getByRole('button', { name: 'Back to member' }).click()
        await expect(ines.getByText('Done. It holds from their next step on.')).toBeVisible()
        await expect(holder).toHaveCount(0)
        await noHost()
    })

    test('a host made admin shapes the place, and a name that nobody has is refused', async ({ as }) => {
        const [ines, amara] = [await as('ines'), await as('amara')]
        await ines.goto('/admin/roles')
        await ines.getByLabel('Name', { exact: true }).fill('nobody-at-all')
        await ines.getByRole('radio', { name: 'An admin' }).check()
        await ines.getByRole('button', { name: 'Make it so' }).click()
        await expect(ines.getByRole('alert')).toHaveText('There is nobody of that name here.')
        await expect(ines.getByLabel('Name', { exact: true })).toHaveValue('nobody-at-all')
        await expect(ines.getByRole('radio', { name: 'An admin' })).toBeChecked()

        await open(amara, '/people')
        await amara.getByRole('button', { name: 'You' }).click()
        await expect(amara.getByRole('link', { name: 'Your page' })).toBeVisible()
        await expect(amara.getByRole('link', { name: 'The place' })).toHaveCount(0)
        await ines.getByLabel('Name', { exact: true }).fill('@Amara')
        await ines.getByRole('button', { name: 'Make it so' }).click()
        await expect(ines.getByText('Done. It holds from their next step on.')).toBeVisible()
        await open(amara, '/people')
        await amara.getByRole('button', { name: 'You' }).click()
        await amara.getByRole('link', { name: 'The place' }).click()
        await amara.getByLabel('Its name').fill('Lantern Lane')
        await amara.getByRole('button', { name: 'Save for everybody' }).click()
        await expect(amara.getByText('Saved, for everybody.')).toBeVisible()
    })

    test('the last admin stays one', async ({ as }) => {
        const ines = await as('ines')
        await ines.goto('/admin/roles')
        const mine = ines.getByRole('region', { name: 'Who looks after the place' }).getByRole('listitem').filter({ hasText: 'Inês Carvalho' })
        await expect(mine).toContainText('The only one: make somebody else an admin to step back.')
        await expect(mine.getByRole('button')).toHaveCount(0)
        for (const role of [/^A host/, /^A member/]) {
            await ines.goto('/admin/roles')
            await ines.getByLabel('Name', { exact: true }).fill('ines')
            await ines.getByRole('radio', { name: role }).check()
            await ines.getByRole('button', { name: 'Make it so' }).click()
            await expect(ines.getByRole('alert')).toContainText('Somebody has to be able to look after the place.')
            await expect(ines.getByLabel('Name', { exact: true })).toHaveValue('ines')
            await expect(mine).toContainText('admin')
        }
        await ines.goto('/admin')
        await expect(ines.getByRole('button', { name: 'Save for everybody' })).toBeVisible()
    })

    test('a row that is refused says so itself, and leaves the form below alone', async ({ as }) => {
        const [ines, amara] = [await as('ines'), await as('amara')]
        const row = (page: Page, name: string) =>
            page.getByRole('region', { name: 'Who looks after the place' }).getByRole('listitem').filter({ hasText: name })
        for (const button of ['Make host', 'Back to member']) {
            await ines.goto('/admin/roles')
            await ines.getByLabel('Name', { exact: true }).fill('amara')
            await ines.getByRole('radio', { name: 'An admin' }).check()
            await ines.getByRole('button', { name: 'Make it so' }).click()
            await expect(row(ines, 'Inês Carvalho').getByRole('button', { name: button })).toBeVisible()
            // While she looks at it, the other steps down.
            await amara.goto('/admin/roles')
            const answered = amara.waitForResponse((response) => new URL(response.url()).pathname === '/api/community/role')
            await row(amara, 'Amara').getByRole('button', { name: 'Make host' }).click()
            await answered

            await row(ines, 'Inês Carvalho').getByRole('button', { name: button }).click()
            await expect(row(ines, 'Inês Carvalho').getByRole('alert')).toContainText('Somebody has to be able to look after the place.')
            await expect(ines.getByRole('alert')).toHaveCount(1)
            await expect(ines.getByLabel('Name', { exact: true })).toHaveValue('')
            await expect(row(ines, 'Inês Carvalho')).toContainText('admin')
        }
    })

    test('an admin steps down when there is another, and is told that it is done', async ({ as }) => {
        const ines = await as('ines')
        await ines.goto('/admin/roles')
        await ines.getByLabel('Name', { exact: true }).fill('amara')
        await ines.getByRole('radio', { name: 'An admin' }).check()
        await ines.getByRole('button', { name: 'Make it so' }).click()
        await expect(ines.getByText('Done. It holds from their next step on.')).toBeVisible()
        const mine = ines.getByRole('region', { name: 'Who looks after the place' }).getByRole('listitem').filter({ hasText: 'Inês Carvalho' })
        const answered = ines.waitForResponse((response) => new URL(response.url()).pathname === '/api/community/role')
        await mine.getByRole('button', { name: 'Make host' }).click()
        await answered
        await expectNothingAt(ines, '/admin', '/admin/never')
        expect((await ines.request.get('/hosting/sign-in-help')).status(), 'she is a host now').toBe(200)
        await expect(ines.getByRole('navigation', { name: 'Main' })).toBeVisible()
        await expect(ines.getByRole('heading', { level: 1 })).not.toHaveText('There is nothing here')
    })
})

test.describe('who may', () => {
    const forAdmins = ['/admin', '/admin/looks', '/admin/words', '/admin/rules', '/admin/roles', '/admin/looks?accent=own&own=%23ffff66', '/admin/roles?done=role']
    const forHosts = ['/hosting', '/hosting/sign-in-help', '/hosting/sign-in-help?code=abc', '/gatherings/thursday-drawing-party/edit']

    test('to a member, what is for admins and hosts is not there', async ({ as, porchlight }) => {
        const tomek = await as(porchlight.names.member)
        for (const address of forAdmins) await expectNothingAt(tomek, address, '/admin/never')
        for (const address of forHosts) await expectNothingAt(tomek, address, address.startsWith('/gatherings') ? '/gatherings/never-planned/edit' : '/hosting/never')
        await tomek.goto('/admin/looks')
        await expect(tomek.getByRole('heading', { level: 1, name: 'There is nothing here' })).toBeVisible()
        await tomek.getByRole('button', { name: 'You' }).click()
        await expect(tomek.getByRole('link', { name: 'The place' })).toHaveCount(0)
    })

    test('to a host, what is for admins is not there', async ({ as, porchlight }) => {
        const marco = await as(porchlight.names.host)
        for (const address of forAdmins) await expectNothingAt(marco, address, '/admin/never')
        for (const address of forHosts) expect((await marco.request.get(address)).status(), address).toBe(200)
    })

    test('a visitor is asked to sign in, whether there is such a page or not', async ({ visitor }) => {
        const stranger = await visitor()
        for (const address of [...forAdmins, '/admin/never', '/hosting', '/hosting/invitations', '/hosting/invitations/1', '/hosting/sign-in-help', '/hosting/never']) {
            await stranger.goto(address)
            await expect(stranger).toHaveURL(`/sign-in?next=${address.split('?')[0]}`)
            await expect(stranger.getByText('That page is for members.')).toBeVisible()
            await expect(stranger.getByRole('button', { name: 'Sign in' })).toBeVisible()
        }
    })

    test('a form that somebody slips past its page changes nothing', async ({ as, visitor, porchlight }) => {
        const [ines, tomek, marco, stranger] = [await as('ines'), await as(porchlight.names.member), await as(porchlight.names.host), await visitor()]
        const theme = await (await stranger.request.get('/theme.css')).text()
        const shaping: [string, Record<string, string>][] = [
            ['community/change', { 'form[name]': 'Mine now', 'form[purpose]': 'Mine.', 'form[size_cap]': '500', 'form[reactions]': '🎉' }],
            ['community/words', { 'words[post]': 'a', 'words[posts]': 'b', 'words[gathering]': 'c', 'words[gatherings]': 'd', 'words[member]': 'e', 'words[members]': 'f' }],
            ['community/accent', { accent: '#2c4a7c', own: '' }],
            ['community/logo/remove', {}],
            ['community/rules', { markdown: 'Everything is allowed.' }],
            ['community/role', { name: 'tomek', role: 'admin' }],
            ['community/role', { name: 'ines', role: 'member' }],
        ]
        const hosting: [string, Record<string, string>][] = [
            ['asks/welcome', { ask: '1' }],
            ['asks/decline', { ask: '1', words: 'No.' }],
            ['asks/welcome', { ask: '2' }],
        ]
        for (const page of [stranger, tomek, marco]) {
            for (const [address, fields] of page === marco ? shaping : [...shaping, ...hosting]) {
                const answer = await slip(page, `/api/${address}`, fields)
                // Who is signed in is not asked to sign in.
                expect(answer.status(), address).toBe(page === stranger ? 401 : address.startsWith('asks/') ? 404 : 403)
            }
            const logo = await page.request.post('/api/community/logo', { multipart: { file: picture('mine.png') }, headers: { accept: 'application/json', origin: porchlight.url } })
            expect(logo.status()).toBe(page === stranger ? 401 : 403)
        }

        expect(await (await stranger.request.get('/theme.css')).text()).toBe(theme)
        await stranger.goto('/')
        await expect(stranger.getByRole('heading', { level: 1, name: 'Lantern Street' })).toBeVisible()
        await expect(stranger.getByText('Our members come in by knowing somebody.')).toBeVisible()
        await expect(stranger.getByRole('main').locator('img').first()).toHaveAttribute('src', '/icons/favicon.svg')
        await stranger.goto('/rules')
        await expect(stranger.getByText('In force since the beginning')).toBeVisible()
        await ines.goto('/admin/roles')
        await expect(ines.getByRole('region', { name: 'Who looks after the place' }).getByRole('listitem')).toHaveText([/Amara Okafor.*host/, /Inês Carvalho.*admin/, /Marco Bellini.*host/])
        await ines.goto('/hosting/invitations')
        await expect(ines.getByRole('region', { name: 'At the door' }).getByRole('listitem')).toHaveCount(2)
    })
})

/** Gives things other names. */
async function rename(admin: Page): Promise<void> {
    await admin.goto('/admin/words')
    for (const [label, at, word] of [
        ['A post is called', 0, 'letter'],
        ['Several are', 0, 'letters'],
        ['A gathering is called', 0, 'kitchen evening'],
        ['Several are', 1, 'kitchen evenings'],
        ['A member is called', 0, 'neighbour'],
        ['Several are', 2, 'neighbours'],
    ] as const) {
        await admin.getByLabel(label).nth(at).fill(word)
    }
    await admin.getByRole('button', { name: 'Save for everybody' }).click()
    await expect(admin.getByText('Saved. From now on that is what everybody reads.')).toBeVisible()
}

/** `#2c4a7c` as a browser tells it: `rgb(44, 74, 124)`. */
function rgb(hex: string): string {
    return `rgb(${[1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16)).join(', ')})`
}

/** The contrast of two colours that a browser told, by WCAG 2.2. */
function contrast(one: string, other: string): number {
    const luminance = (colour: string) => {
        const [red, green, blue] = colour.match(/\d+/g)!.slice(0, 3).map((channel) => {
            const part = Number(channel) / 255
            return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
        })
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue
    }
    const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b)
    return (light + 0.05) / (dark + 0.05)
}
