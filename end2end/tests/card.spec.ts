import { expect, open, test, type Page } from '../porchlight'
import { answer, daysLater, flaws, inWords, nextWeekday, plan, post, slip } from '../steps'

test.use({ place: 'demo' })

const thursday = nextWeekday(4)

test.describe('without script', () => {
    test.use({ javaScriptEnabled: false })

    test('one answers on the card, is back at the post, and changes it on the page of the session', async ({ as }) => {
        const [kofi, tomek, leila] = [await as('kofi'), await as('tomek'), await as('leila')]
        const series = await plan(kofi, { title: 'Glue and paper', date: thursday, time: '19:30', often: 'Every week', place: 'The shed', guests: 'one guest' })

        await test.step('the card says when it is next, and asks', async () => {
            await tomek.goto('/')
            await expect(card(tomek)).toContainText(`On the agenda: every Thursday, next on ${inWords(thursday)}, 19:30 in Lisbon.`)
            await expect(ways(card(tomek))).toHaveText(['Yes', 'Maybe', 'Not this time'])
        })

        await test.step('an answer leads back to the post', async () => {
            await card(tomek).getByRole('button', { name: 'Yes', exact: true }).click()
            await expect(tomek).toHaveURL(/\/#p\d+$/)
            expect(new URL(tomek.url()).hash).toBe(`#${await card(tomek).getAttribute('id')}`)
            await expect(card(tomek)).toContainText('You are coming. Change it')
            await expect(ways(card(tomek))).toHaveCount(0)
            await leila.goto('/')
            await expect(ways(card(leila))).toHaveCount(3)
        })

        await test.step('a note and a guest are given on the page of the session', async () => {
            await card(tomek).getByRole('link', { name: 'Change it' }).click()
            await expect(tomek).toHaveURL(new RegExp(`${series}/${thursday}$`))
            await tomek.getByLabel('A word with it').fill('With the good scissors.')
            await tomek.getByLabel('Guests').fill('1')
            await tomek.getByRole('button', { name: 'Change my answer' }).click()
            await expect(coming(tomek)).toContainText('With the good scissors.')
        })

        await test.step('a press of the button in another window loses neither', async () => {
            const [, , slug] = series.split('/')
            const fields = { slug, date: thursday, answer: 'yes', 'form[keep]': 'yes' }
            expect((await slip(tomek, '/api/gatherings/rsvp', fields)).status()).toBe(200)
            await kofi.goto(`${series}/${thursday}`)
            await expect(coming(kofi).getByRole('listitem').filter({ hasText: 'Tomek' })).toContainText(/and one more .*With the good scissors\./)
        })
    })

    test('what is full, cancelled or over is said, and a visitor is asked nothing', async ({ as, visitor }) => {
        const [kofi, tomek, leila, stranger] = [await as('kofi'), await as('tomek'), await as('leila'), await visitor()]
        const series = await plan(kofi, { title: 'Glue and paper', date: thursday, time: '19:30', often: 'Every week', place: 'The shed', room: 1, public: true })
        const [, , slug] = series.split('/')
        await answer(leila, `${series}/${thursday}`, 'yes')

        await test.step('where it is full, a yes waits', async () => {
            await tomek.goto('/')
            await expect(card(tomek)).toContainText('It is full. Whoever says yes now waits')
            await card(tomek).getByRole('button', { name: 'Yes', exact: true }).click()
            await expect(card(tomek)).toContainText('You are on the waiting list. Change it')
        })

        await test.step('a visitor reads when it is, and nothing of answers', async () => {
            const address = await card(tomek).getByRole('link').filter({ has: tomek.locator('time') }).getAttribute('href')
            await stranger.goto(address!)
            await expect(card(stranger)).toContainText(`next on ${inWords(thursday)}, 19:30 in Lisbon.`)
            await expect(ways(card(stranger))).toHaveCount(0)
            await expect(card(stranger)).not.toContainText(/full|coming|waiting/)
        })

        await test.step('where it was cancelled meanwhile, the card says so instead of taking the answer', async () => {
            const ravi = await as('ravi')
            await ravi.goto('/')
            await slip(kofi, '/api/gatherings/wish', { slug, session: thursday, wish: 'cancel', why: 'No key.' })
            await card(ravi).getByRole('button', { name: 'Maybe' }).click()
            await expect(card(ravi)).toContainText(`next on ${inWords(thursday)}, 19:30 in Lisbon. That one is cancelled.`)
            await expect(ways(card(ravi))).toHaveCount(0)
        })

        await test.step('what was cancelled altogether says so', async () => {
            await slip(kofi, '/api/gatherings/cancel', { slug, why: 'The shed is gone.' })
            await tomek.goto('/')
            await expect(card(tomek)).toContainText('It was cancelled.')
            await expect(ways(card(tomek))).toHaveCount(0)
        })
    })

    test('a card that is months old says the next session, not the first', async ({ as, porchlight }) => {
        const [kofi, tomek] = [await as('kofi'), await as('tomek')]
        await plan(kofi, { title: 'Glue and paper', date: thursday, time: '19:30', often: 'Every week', place: 'The shed' })
        await tomek.goto('/')
        const address = await card(tomek).getByRole('link').filter({ has: tomek.locator('time') }).getAttribute('href')
        await porchlight.kill()
        // The day after the second of them.
        await porchlight.serve((Date.parse(`${daysLater(thursday, 8)}T12:00:00Z`) - Date.now()) / 1000)
        await tomek.goto(address!)
        await expect(card(tomek)).toContainText(`next on ${inWords(daysLater(thursday, 14))}`)
    })
})

test.describe('with script', () => {
    test('an answer shows on the card without a reload, and nobody else’s card moves', async ({ as }) => {
        // It is looked at eight times with axe.
        test.setTimeout(150_000)
        const [kofi, tomek, leila] = [await as('kofi'), await as('tomek'), await as('leila')]
        await plan(kofi, { title: 'Glue and paper', date: thursday, time: '19:30', often: 'Every week', place: 'The shed' })
        for (const page of [tomek, leila]) await open(page, '/')
        await tomek.evaluate(() => document.documentElement.setAttribute('data-same', ''))
        const asked: string[] = []
        leila.on('request', (request) => asked.push(request.url()))
        const taken = tomek.waitForResponse('**/api/gatherings/rsvp')
        await card(tomek).getByRole('button', { name: 'Maybe' }).click()
        expect((await taken).status()).toBe(200)
        await expect(card(tomek)).toContainText('You said maybe. Change it')
        await expect(ways(card(tomek))).toHaveCount(0)
        await expect(card(tomek)).toBeFocused()
        await expect(tomek.locator('html')).toHaveAttribute('data-same')
        expect(new URL(tomek.url()).pathname).toBe('/')
        await expect(ways(card(leila))).toHaveCount(3)
        expect(asked.filter((url) => url.includes('/api/page'))).toEqual([])
        expect(await flaws(leila, 'a card that asks')).toEqual([])
        expect(await flaws(tomek, 'a card that was answered')).toEqual([])

        // The page that it leads to is the session's, and its answer is there.
        await card(tomek).getByRole('link', { name: 'Change it' }).click()
        await expect(tomek.getByRole('heading', { level: 1, name: inWords(thursday) })).toBeVisible()
        await expect(tomek.getByRole('radio', { name: 'Maybe' })).toBeChecked()
    })

    test('what was cancelled meanwhile is refused beside the buttons', async ({ as }) => {
        const [kofi, tomek] = [await as('kofi'), await as('tomek')]
        const series = await plan(kofi, { title: 'Glue and paper', date: thursday, time: '19:30', often: 'Every week', place: 'The shed' })
        await open(tomek, '/')
        await slip(kofi, '/api/gatherings/wish', { slug: series.split('/')[2], session: thursday, wish: 'cancel', why: 'No key.' })
        await card(tomek).getByRole('button', { name: 'Yes', exact: true }).click()
        await expect(card(tomek).getByRole('alert')).toContainText('That one was cancelled.')
        await expect(ways(card(tomek))).toHaveCount(3)
    })
})

/** The post that announces what the stories are about. */
function card(page: Page) {
    return post(page, 'Glue and paper').first()
}

/** The three ways of answering on a card. */
function ways(of: ReturnType<typeof card>) {
    return of.getByRole('group', { name: 'Will you come?' }).getByRole('button')
}

function coming(page: Page) {
    return page.getByRole('region', { name: 'Who’s coming' })
}
