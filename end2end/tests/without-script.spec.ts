import { expect, test } from '../porchlight'
import { aboveTheLine, composer, found, join, nextWeekday, picture, post, reply, say, sayUntilNew, signIn } from '../steps'

test.use({ javaScriptEnabled: false })

test('a place is founded, joined, and lived in without any script', async ({ porchlight, visitor }) => {
    const ana = { name: 'ana', called: 'Ana Reis', password: 'a drawer full of pencils' }
    const kofi = { name: 'kofi', called: 'Kofi Mensah', password: 'seven bowls of soup' }
    const [home, away] = [await visitor(), await visitor()]
    const invitation = await found(home, porchlight.foundingLink, ana, 'Kofi')
    await join(away, invitation, kofi)

    await test.step('a member comes back by the form', async () => {
        const again = await visitor()
        await signIn(again, kofi.name, kofi.password)
        await expect(composer(again)).toBeVisible()
    })

    await test.step('a post goes out with a picture and its description', async () => {
        await composer(away).fill('Here is my **first** leaf.')
        await away.getByLabel('Pictures, up to 4').setInputFiles(picture('leaf.png', [60, 120, 70]))
        await away.getByText('Descriptions of the pictures').click()
        await away.getByLabel('What does picture 1 show?').fill('A green leaf')
        await away.getByRole('button', { name: 'Send', exact: true }).click()
        await expect(post(away, 'Here is my first leaf.').getByRole('img', { name: 'A green leaf' })).toBeVisible()
    })

    await test.step('it is answered', async () => {
        await home.goto('/')
        await post(home, 'Here is my first leaf.').getByRole('link', { name: 'Reply' }).click()
        await home.getByRole('textbox', { name: 'Write a reply' }).fill('Look at that stem.')
        await home.getByRole('button', { name: 'Send', exact: true }).click()
        await expect(post(home, 'Look at that stem.')).toBeVisible()
        await away.goto('/notifications')
        await away.getByRole('link', { name: /Ana Reis\s+replied to you/ }).click()
        await expect(post(away, 'Look at that stem.')).toBeVisible()
    })

    await test.step('an answer to the gathering is seen by the others', async () => {
        await away.goto('/gatherings')
        await away.getByRole('listitem').filter({ hasText: 'Saturday sketches' }).first().getByRole('link').click()
        await away.getByRole('radio', { name: 'Yes' }).check()
        await away.getByLabel('A word with it').fill('With cake.')
        await away.getByRole('button', { name: 'Tell them' }).click()
        await expect(away.getByRole('button', { name: 'Change my answer' })).toBeVisible()
        await home.goto(`/gatherings/saturday-sketches/${nextWeekday(6)}`)
        await expect(home.getByRole('region', { name: 'Who’s coming' }).getByRole('listitem').filter({ hasText: 'Kofi Mensah' })).toContainText('With cake.')
    })

    await test.step('settings and the place itself are changed', async () => {
        await away.goto('/settings')
        await away.getByLabel('Your sentence').fill('Cook behind the school.')
        await away.getByRole('button', { name: 'Save' }).click()
        await expect(away.getByText('Saved. That is how they see you now.')).toBeVisible()
        await home.goto('/people/kofi')
        await expect(home.getByText('Cook behind the school.')).toBeVisible()
        await home.goto('/admin')
        await home.getByLabel('Its name').fill('The Circle')
        await home.getByRole('button', { name: 'Save for everybody' }).click()
        await expect(home.getByText('Saved, for everybody.')).toBeVisible()
        await away.goto('/')
        await expect(away.getByRole('banner').getByRole('link', { name: 'The Circle' })).toBeVisible()
    })

    await test.step('one signs out', async () => {
        await away.getByRole('button', { name: 'You' }).click()
        await away.getByRole('button', { name: 'Sign out' }).click()
        await expect(away.getByRole('link', { name: 'Sign in' })).toBeVisible()
    })
})

test.describe('in a lively place', () => {
    test.use({ place: 'demo' })

    test('the line of what had been read stands on the page on which it is', async ({ as, porchlight }) => {
        const [page, marco] = [await as(porchlight.names.member), await as('marco')]
        const [line, earlier] = [page.getByText('New above, read below'), page.getByRole('link', { name: 'Earlier' })]
        await page.goto('/')
        const already = await aboveTheLine(page)
        await sayUntilNew(marco, already.length, 40)
        // Two whole pages are new, so the line is at the very top of the third; then five more.
        for (const above of [0, 5]) {
            await page.goto('/')
            await expect(line).toBeHidden()
            await earlier.click()
            await expect(page).toHaveURL(/before=/)
            await expect(line).toBeHidden()
            const second = page.url()
            await earlier.click()
            await expect(page).not.toHaveURL(second)
            await expect(line).toBeVisible()
            expect(await aboveTheLine(page)).toHaveLength(above)
            await sayUntilNew(marco, 40, 45)
        }
    })

    test('a reaction is left and taken away', async ({ as }) => {
        const [tomek, kofi] = [await as('tomek'), await as('kofi')]
        await say(tomek, 'The pump works again.')
        await kofi.goto('/')
        const pump = post(kofi, 'The pump works again.')
        await pump.getByRole('button', { name: 'React', exact: true }).click()
        await pump.getByRole('button', { name: '🎉' }).click()
        await expect(pump.getByRole('button', { name: '🎉: you' })).toBeVisible()
        await pump.getByRole('button', { name: '🎉: you' }).click()
        await expect(pump.getByRole('button', { name: '🎉: you' })).toHaveCount(0)
    })

    test('a post is edited with its history, and taken back', async ({ as }) => {
        const tomek = await as('tomek')
        const id = await say(tomek, 'We meet at nine.')
        await tomek.goto(`/posts/${id}`)
        await tomek.getByRole('link', { name: 'Edit' }).click()
        await tomek.getByLabel('Your text').fill('We meet at ten.')
        await tomek.getByRole('button', { name: 'Save' }).click()
        await expect(post(tomek, 'We meet at ten.')).toBeVisible()
        await tomek.getByRole('link', { name: 'edited' }).click()
        await expect(tomek.getByText('We meet at nine.')).toBeVisible()
        await tomek.goto(`/posts/${id}/edit`)
        await tomek.getByRole('button', { name: 'Take it back' }).click()
        await expect(composer(tomek)).toBeVisible()
        expect((await tomek.goto(`/posts/${id}`))?.status()).toBe(404)
    })

    test('a post that was answered leaves an empty place when it is taken back', async ({ as }) => {
        const [tomek, kofi] = [await as('tomek'), await as('kofi')]
        const id = await say(tomek, 'Something rash.')
        await reply(kofi, id, 'Think again.')
        await tomek.goto(`/posts/${id}/edit`)
        await tomek.getByRole('button', { name: 'Take it back' }).click()
        await kofi.goto(`/posts/${id}`)
        await expect(kofi.getByText('What stood here is gone.')).toBeVisible()
        await expect(kofi.getByText('Think again.')).toBeVisible()
        await expect(kofi.getByText('Something rash.')).toHaveCount(0)
    })

    test('a refused post comes back with its text, its audience and a sentence', async ({ as }) => {
        const tomek = await as('tomek')
        await tomek.goto('/')
        await composer(tomek).fill('For whom, I wonder.')
        await tomek.getByLabel('Who can read this').selectOption('Named people …')
        await tomek.getByLabel('Who?').fill('@nobodyatall')
        await tomek.getByRole('button', { name: 'Send', exact: true }).click()
        await expect(tomek.getByRole('alert')).toContainText('Nobody here has the name nobodyatall.')
        await expect(tomek.getByLabel('Who?')).toBeFocused()
        await expect(tomek.getByLabel('Who?')).toHaveAccessibleDescription(/Nobody here has the name nobodyatall\./)
        await expect(composer(tomek)).toHaveValue('For whom, I wonder.')
        await expect(tomek.getByLabel('Who can read this')).toHaveValue('named')
        await tomek.getByLabel('Who?').fill('@kofi')
        await tomek.getByRole('button', { name: 'Send', exact: true }).click()
        await expect(post(tomek, 'For whom, I wonder.')).toContainText('For Kofi Mensah')
    })

    test('a refused reply comes back with a sentence', async ({ as }) => {
        const tomek = await as('tomek')
        const id = await say(tomek, 'Nine bolts.')
        await tomek.goto(`/posts/${id}`)
        await tomek.getByRole('textbox', { name: 'Write a reply' }).fill('   ')
        await tomek.getByRole('button', { name: 'Send', exact: true }).click()
        await expect(tomek.getByRole('alert')).toContainText('There is nothing in it yet.')
    })

    test('a gathering that is nowhere comes back with all that was typed', async ({ as }) => {
        const tomek = await as('tomek')
        await tomek.goto('/gatherings/new')
        await tomek.getByLabel('What is it called?').fill('Bicycle surgery')
        await tomek.getByLabel('First day').fill(nextWeekday(6))
        await tomek.getByLabel('At', { exact: true }).fill('10:00')
        await tomek.getByRole('button', { name: 'Put it on the agenda' }).click()
        await expect(tomek.getByRole('alert')).toContainText('Where is it?')
        await expect(tomek.getByLabel('What is it called?')).toHaveValue('Bicycle surgery')
        await expect(tomek.getByLabel('First day')).toHaveValue(nextWeekday(6))
        await tomek.getByLabel('Place', { exact: true }).fill('In front of the hall')
        await tomek.getByRole('button', { name: 'Put it on the agenda' }).click()
        await expect(tomek.getByRole('heading', { level: 1, name: 'Bicycle surgery' })).toBeVisible()
    })

    test('a link leads to earlier posts, page by page', async ({ as }) => {
        const tomek = await as('tomek')
        await tomek.goto('/')
        const articles = tomek.getByRole('region', { name: 'Posts' }).getByRole('article')
        await expect(articles).toHaveCount(20)
        const first = await articles.evaluateAll((all) => all.map((article) => article.id))
        await tomek.getByRole('link', { name: 'Earlier' }).click()
        await expect(tomek).toHaveURL(/\/\?before=\d+$/)
        await expect(articles).toHaveCount(20)
        const second = await articles.evaluateAll((all) => all.map((article) => article.id))
        expect(second.filter((id) => first.includes(id))).toEqual([])
    })

    test('a visitor asks to join by the front door', async ({ page }) => {
        await page.goto('/')
        await page.getByLabel('Your name').fill('Beatriz')
        await page.getByLabel('A few words').fill('I walked under the lanterns.')
        await page.getByRole('button', { name: 'Ask to join' }).click()
        await expect(page.getByRole('heading', { level: 1, name: 'Thank you for knocking' })).toBeVisible()
    })
})
