import { expect, open, test } from '../porchlight'
import { aboveTheLine, composer, picture, post, reply, say, sayUntilNew } from '../steps'

test.use({ place: 'demo' })

test.describe('writing', () => {
    test('a name is completed by keyboard alone', async ({ as }) => {
        const page = await as('tomek')
        await open(page, '/')
        await composer(page).pressSequentially('Soup, @kof')
        const kofi = page.getByRole('listbox', { name: 'Suggestions' }).getByRole('option', { name: 'Kofi Mensah' })
        await expect(kofi).toHaveAttribute('aria-selected', 'true')
        await composer(page).press('Enter')
        await expect(composer(page)).toHaveValue('Soup, @kofi ')
        await expect(page.getByRole('listbox', { name: 'Suggestions' })).toBeHidden()
    })

    test('the arrows choose among several names, and Escape none', async ({ as }) => {
        const page = await as('tomek')
        await open(page, '/')
        await composer(page).pressSequentially('@a')
        const options = page.getByRole('listbox', { name: 'Suggestions' }).getByRole('option')
        await expect(options.nth(1)).toBeVisible()
        await composer(page).press('ArrowDown')
        await expect(options.nth(1)).toHaveAttribute('aria-selected', 'true')
        const handle = await options.nth(1).locator('.handle').innerText()
        await composer(page).press('Tab')
        await expect(composer(page)).toHaveValue(`${handle} `)
        await composer(page).pressSequentially('and @')
        await expect(options.first()).toBeVisible()
        await composer(page).press('Escape')
        await expect(options).toHaveCount(0)
        await expect(composer(page)).toHaveValue(`${handle} and @`)
    })

    test('those for whom a post is are completed too, with their mark or without', async ({ as }) => {
        const page = await as('tomek')
        await open(page, '/')
        await page.getByLabel('Who can read this').selectOption('named')
        const who = page.getByRole('textbox', { name: 'Who?' })
        const option = (name: string) => page.getByRole('listbox', { name: 'Suggestions' }).getByRole('option', { name })
        await who.pressSequentially('kof')
        await expect(option('Kofi Mensah')).toHaveAttribute('aria-selected', 'true')
        await expect(who).toHaveAttribute('aria-activedescendant', (await option('Kofi Mensah').getAttribute('id'))!)
        await who.press('Enter')
        await expect(who).toHaveValue('@kofi ')
        await who.pressSequentially('@amar')
        await option('Amara Okafor').click()
        await expect(who).toHaveValue('@kofi @amara ')
        await expect(page.getByRole('listbox')).toBeHidden()

        await composer(page).fill('The three of us, on Friday?')
        await page.getByRole('button', { name: 'Send', exact: true }).click()
        await expect(post(page, 'The three of us, on Friday?')).toContainText('For Amara Okafor and Kofi Mensah')
    })

    test('a tag is completed, and leads to all that has it', async ({ as }) => {
        const page = await as('tomek')
        await open(page, '/')
        await composer(page).pressSequentially('A new nib. #dra')
        await expect(page.getByRole('option', { name: '#drawing' })).toHaveAttribute('aria-selected', 'true')
        await composer(page).press('Tab')
        await expect(composer(page)).toHaveValue('A new nib. #drawing ')
        await page.getByRole('button', { name: 'Send', exact: true }).click()
        await post(page, 'A new nib.').getByRole('link', { name: '#drawing' }).click()
        await expect(page.getByRole('heading', { level: 1, name: '#drawing' })).toBeVisible()
        await expect(post(page, 'A new nib.')).toBeVisible()
        await expect(post(page, 'every Thursday at half past seven')).toBeVisible()
    })

    test('a draft survives a closed tab, and is gone once it is sent', async ({ as }) => {
        const page = await as('tomek')
        await open(page, '/')
        await composer(page).pressSequentially('The pump squeaks ag')
        await expect(page.getByText('Draft kept')).toBeVisible()
        const context = page.context()
        await page.close()

        const later = await context.newPage()
        await open(later, '/')
        await expect(composer(later)).toHaveValue('The pump squeaks ag')
        await composer(later).press('End')
        await composer(later).pressSequentially('ain.')
        await later.getByRole('button', { name: 'Send', exact: true }).click()
        await expect(post(later, 'The pump squeaks again.')).toBeVisible()
        await expect(composer(later)).toHaveValue('')
        await open(later, '/')
        await expect(composer(later)).toHaveValue('')
    })

    test('Ctrl and Enter send', async ({ as }) => {
        const page = await as('tomek')
        await open(page, '/')
        await composer(page).fill('Sent without a mouse.')
        await composer(page).press('Control+Enter')
        await expect(post(page, 'Sent without a mouse.')).toBeVisible()
        await expect(composer(page)).toHaveValue('')
    })

    test('a content note folds the text until somebody opens it', async ({ as }) => {
        const page = await as('tomek')
        await open(page, '/')
        await composer(page).fill('The soup was too salty.')
        await page.getByText('Content note', { exact: true }).first().click()
        await page.getByLabel('What is it about?').fill('Soup, critically')
        await page.getByRole('button', { name: 'Send', exact: true }).click()
        const folded = post(page, 'Soup, critically')
        await expect(folded.getByText('The soup was too salty.')).toBeHidden()
        await folded.getByText('Soup, critically').click()
        await expect(folded.getByText('The soup was too salty.')).toBeVisible()
        await expect(page.getByLabel('What is it about?')).toBeHidden()
    })

    test('an empty post is refused in words, and words stay when a post is refused', async ({ as }) => {
        const page = await as('tomek')
        await open(page, '/')
        await page.getByRole('button', { name: 'Send', exact: true }).click()
        await expect(page.getByRole('alert')).toContainText('There is nothing in it yet.')
        // Whoever goes on has read it.
        await composer(page).fill('For whom, I wonder.')
        await expect(page.getByRole('alert')).toBeHidden()
        await page.getByLabel('Who can read this').selectOption('Named people …')
        await page.getByLabel('Who?').fill('@nobodyatall')
        await page.getByRole('button', { name: 'Send', exact: true }).click()
        await expect(page.getByRole('alert')).toContainText('Nobody here has the name nobodyatall.')
        const who = page.getByLabel('Who?')
        await expect(who).toBeFocused()
        await expect(who).toHaveAccessibleDescription(/Nobody here has the name nobodyatall\./)
        await expect(who).toHaveAttribute('aria-invalid', 'true')
        await expect(composer(page)).toHaveValue('For whom, I wonder.')
        await who.fill('@kofi')
        await expect(page.getByRole('alert')).toBeHidden()
        await expect(who).not.toHaveAttribute('aria-invalid')
    })

    test('four pictures go with a post, and a fifth is refused', async ({ as }) => {
        const page = await as('tomek')
        await open(page, '/')
        await composer(page).fill('Five bolts.')
        await page.getByLabel('Pictures, up to 4').setInputFiles([1, 2, 3, 4, 5].map((at) => picture(`${at}.png`, [at * 40, 90, 90])))
        await expect(page.getByRole('alert')).toContainText('There is room for 4 pictures.')
        await expect(page.getByLabel('What does it show?')).toHaveCount(4)
        await page.getByRole('button', { name: 'Remove' }).first().click()
        await expect(page.getByLabel('What does it show?')).toHaveCount(3)
        await page.getByRole('button', { name: 'Send', exact: true }).click()
        await expect(post(page, 'Five bolts.').getByRole('img')).toHaveCount(3)
    })
})

test.describe('reading', () => {
    test('new posts wait behind a button, and the page does not jump', async ({ as }) => {
        const page = await as('tomek')
        await open(page, '/')
        await page.evaluate(() => window.scrollTo(0, 600))
        const top = page.getByRole('region', { name: 'Posts' }).getByRole('article').first()
        const newestBefore = await top.getAttribute('id')
        const kofi = await as('kofi')
        await say(kofi, 'First ladle.')
        await say(kofi, 'Second ladle.')
        const fresh = page.getByRole('button', { name: '2 new posts' })
        await expect(fresh).toBeAttached()
        expect(await top.getAttribute('id')).toBe(newestBefore)
        await fresh.click()
        await expect(post(page, 'Second ladle.')).toBeVisible()
        await expect(post(page, 'First ladle.')).toBeVisible()
        await expect(fresh).toBeHidden()
        await expect(top).toContainText('Second ladle.')
    })

    test('a line shows from where on one had read', async ({ as, porchlight }) => {
        const page = await as(porchlight.names.member)
        await page.goto('/')
        const line = page.getByText('New above, read below')
        await expect(line).toBeVisible()
        expect((await aboveTheLine(page)).length, 'something new stands above the line').toBeGreaterThan(0)
        // It stays where it is as long as the visit lasts.
        await page.reload()
        await expect(line).toBeVisible()
    })

    test('the line is found also where more is new than a page holds', async ({ as, porchlight }) => {
        const [page, marco] = [await as(porchlight.names.member), await as('marco')]
        const line = page.getByText('New above, read below')
        await page.goto('/')
        const already = await aboveTheLine(page)
        const said = await sayUntilNew(marco, already.length, 45)

        await open(page, '/')
        const articles = page.getByRole('region', { name: 'Posts' }).getByRole('article')
        await expect(articles).toHaveCount(20)
        await expect(line).toBeHidden()
        for (const shown of [40, 60]) {
            await page.getByRole('link', { name: 'Earlier' }).click()
            await expect(articles).toHaveCount(shown)
        }
        await expect(line).toHaveCount(1)
        expect(await aboveTheLine(page)).toEqual([...said.reverse(), ...already])
    })

    test('earlier posts are loaded below, down to an end', async ({ as }) => {
        const page = await as('tomek')
        await open(page, '/')
        const articles = page.getByRole('region', { name: 'Posts' }).getByRole('article')
        const earlier = page.getByRole('link', { name: 'Earlier' })
        await expect(articles).toHaveCount(20)
        await earlier.click()
        await expect(articles).toHaveCount(40)
        expect(new URL(page.url()).search).toBe('')
        for (let shown = 40; await earlier.isVisible(); ) {
            await earlier.click()
            await expect.poll(() => articles.count()).toBeGreaterThan(shown)
            shown = await articles.count()
        }
        await expect(page.getByText("You're all caught up.")).toBeVisible()
        // The first thing that was ever put on the agenda, two years ago; what people say begins with a greeting.
        await expect(articles.last()).toContainText('Soup night')
        await expect(articles.filter({ hasText: 'Hello, Lantern Street.' })).toHaveCount(1)
        const ids = await articles.evaluateAll((all) => all.map((article) => article.id))
        expect(new Set(ids).size).toBe(ids.length)
    })

    test('a reply nests, says whom it answers, and arrives in an open thread', async ({ as }) => {
        const [tomek, kofi] = [await as('tomek'), await as('kofi')]
        const id = await say(tomek, 'Who has a hammer?')
        await open(tomek, `/posts/${id}`)
        const first = await reply(kofi, id, 'I have.')
        await expect(post(tomek, 'I have.')).toBeVisible()
        await post(tomek, 'I have.').getByRole('link', { name: 'Reply' }).click()
        await expect(tomek.getByText('You answer Kofi Mensah.')).toBeVisible()
        await tomek.getByRole('textbox', { name: 'Write a reply' }).fill('Bring it, please.')
        await tomek.getByRole('button', { name: 'Send', exact: true }).click()
        await expect(tomek.getByRole('heading', { name: 'Two replies' })).toBeVisible()
        await open(kofi, `/posts/${id}`)
        await expect(kofi.locator(`li:has(> #p${first})`).getByText('Bring it, please.')).toBeVisible()
    })
})

test.describe('who may read', () => {
    test('what is for named people is, for all others, as if it had never been', async ({ as, visitor, porchlight }) => {
        const headers = { origin: porchlight.url }
        const [tomek, kofi, amara, stranger] = [await as('tomek'), await as('kofi'), await as('amara'), await visitor()]
        const id = await say(tomek, 'Only for you: the surprise is on Sunday.', { audience: 'named', named: '@kofi' })
        const theReply = await reply(kofi, id, 'My lips are sealed.')
        await kofi.goto(`/posts/${id}`)
        await expect(kofi.getByText('the surprise is on Sunday')).toBeVisible()

        const never = id + 1_000_000
        for (const page of [amara, stranger]) {
            for (const [hidden, nothing] of [
                [`/posts/${id}`, `/posts/${never}`],
                [`/posts/${theReply}`, `/posts/${never}`],
                [`/posts/${id}/history`, `/posts/${never}/history`],
                [`/posts/${id}/edit`, `/posts/${never}/edit`],
                [`/api/page?address=/posts/${id}`, `/api/page?address=/posts/${never}`],
                [`/api/page?address=/posts/${id}?alone`, `/api/page?address=/posts/${never}?alone`],
            ]) {
                const [there, gone] = [await page.request.get(hidden, { headers }), await page.request.get(nothing, { headers })]
                expect(there.status(), hidden).toBe(gone.status())
                expect(there.status(), hidden).toBe(hidden.startsWith('/api/') ? 200 : 404)
                expect(same(await there.text(), hidden), hidden).toBe(same(await gone.text(), nothing))
            }
        }
        await amara.goto('/')
        await expect(amara.getByRole('article').first()).toBeVisible()
        await expect(amara.getByText('the surprise is on Sunday')).toHaveCount(0)
        await amara.goto('/people/tomek')
        await expect(amara.getByText('the surprise is on Sunday')).toHaveCount(0)
    })

    test('a visitor reads what is public, and no client is loaded for it', async ({ as, visitor }) => {
        const tomek = await as('tomek')
        await open(tomek, '/')
        await composer(tomek).fill('Bicycle surgery for everybody, on Sunday.')
        await tomek.getByLabel('Who can read this').selectOption('Everyone, public')
        await expect(tomek.getByText('Anybody on the web will be able to read this.')).toBeVisible()
        await tomek.getByRole('button', { name: 'Send', exact: true }).click()
        const address = await post(tomek, 'Bicycle surgery for everybody').getByRole('link').filter({ has: tomek.locator('time') }).getAttribute('href')

        const stranger = await visitor()
        const asked: string[] = []
        stranger.on('request', (request) => asked.push(new URL(request.url()).pathname))
        for (const page of [address!, '/', '/gatherings', '/about', '/rules', '/sign-in']) {
            await stranger.goto(page)
            await expect(stranger.locator('script, link[rel=modulepreload], link[as=fetch]')).toHaveCount(0)
        }
        expect(asked.filter((path) => /\.(js|wasm)$/.test(path))).toEqual([])
        await stranger.goto(address!)
        await expect(stranger.getByText('Bicycle surgery for everybody')).toBeVisible()
        await expect(stranger.getByRole('button', { name: 'Send' })).toHaveCount(0)
    })
})

test.describe('together', () => {
    test('a reaction shows who left it, on the other page as well, and can be taken away', async ({ as }) => {
        const [tomek, kofi] = [await as('tomek'), await as('kofi')]
        await say(tomek, 'The pump works again.')
        await open(tomek, '/')
        await open(kofi, '/')
        const mine = post(kofi, 'The pump works again.')
        await mine.getByRole('button', { name: 'React', exact: true }).click()
        await mine.getByRole('button', { name: '🎉' }).click()
        await expect(mine.getByRole('button', { name: '🎉: you' })).toHaveAttribute('aria-pressed', 'true')
        const theirs = post(tomek, 'The pump works again.').getByRole('button', { name: '🎉: Kofi Mensah' })
        await expect(theirs).toHaveAttribute('aria-pressed', 'false')
        await mine.getByRole('button', { name: '🎉: you' }).click()
        await expect(theirs).toHaveCount(0)
    })

    test('an edit arrives, says that it is one, and leaves the earlier words to be read', async ({ as }) => {
        const [tomek, kofi] = [await as('tomek'), await as('kofi')]
        const id = await say(tomek, 'We meet at nine.')
        await open(kofi, `/posts/${id}`)
        await open(tomek, `/posts/${id}`)
        await tomek.getByRole('link', { name: 'Edit' }).click()
        await tomek.getByLabel('Your text').fill('We meet at ten.')
        await tomek.getByRole('button', { name: 'Save' }).click()
        await expect(tomek.getByText('We meet at ten.')).toBeVisible()
        await expect(kofi.getByText('We meet at ten.')).toBeVisible()
        await kofi.getByRole('link', { name: 'edited' }).click()
        await expect(kofi.getByRole('heading', { level: 1, name: 'How it was edited' })).toBeVisible()
        await expect(kofi.getByText('We meet at nine.')).toBeVisible()
        await expect(kofi.getByText('We meet at ten.')).toBeVisible()
    })

    test('what is taken back leaves every open page, and its address answers nothing', async ({ as }) => {
        const [tomek, kofi] = [await as('tomek'), await as('kofi')]
        const id = await say(tomek, 'I should not have said this.')
        await open(kofi, '/')
        await expect(post(kofi, 'I should not have said this.')).toBeVisible()
        await tomek.goto(`/posts/${id}/edit`)
        await tomek.getByRole('button', { name: 'Take it back' }).click()
        await expect(composer(tomek)).toBeVisible()
        await expect(post(kofi, 'I should not have said this.')).toHaveCount(0)
        expect((await kofi.request.get(`/posts/${id}`)).status()).toBe(404)
    })
})

/** A page without what differs each time: the nonce, and the address that was asked for. */
function same(text: string, address: string): string {
    const number = address.match(/\d+/)![0]
    return text.replaceAll(/nonce="[^"]*"|nonce-[\w-]+/g, 'nonce').replaceAll(number, 'N')
}
