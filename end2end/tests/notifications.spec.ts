import { expect, open, test, type Page } from '../porchlight'
import { found, reply, say } from '../steps'

test.use({ place: 'demo' })

const notices = (page: Page) => page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Notices' })

test('a mention lights the badge at once, and looking puts it out', async ({ as }) => {
    const [tomek, kofi] = [await as('tomek'), await as('kofi')]
    await tomek.goto('/notifications')
    await open(tomek, '/people')
    await expect(notices(tomek)).toHaveText('Notices')
    await say(kofi, 'Could @tomek bring the ladder?')
    await expect(notices(tomek)).toHaveText('Notices1 new')
    await say(kofi, 'And the string, @tomek.')
    await expect(notices(tomek)).toHaveText('Notices2 new')

    await notices(tomek).click()
    await expect(tomek.getByRole('heading', { level: 1, name: 'Notices' })).toBeVisible()
    const newest = tomek.getByRole('main').getByRole('listitem').first()
    await expect(newest).toContainText('Kofi Mensah mentioned you')
    await expect(newest).toContainText('And the string, @tomek.')
    await expect(notices(tomek)).toHaveText('Notices')
    await newest.getByRole('link').click()
    await expect(tomek.getByRole('article').filter({ hasText: 'And the string' })).toBeVisible()
    await tomek.reload()
    await expect(notices(tomek)).toHaveText('Notices')
})

test('a reply, a reaction and an answer to a gathering are each told in a sentence', async ({ as }) => {
    const [ines, kofi] = [await as('ines'), await as('kofi')]
    await open(ines, '/notifications')
    const id = await say(ines, 'Who carries chairs?')
    await reply(kofi, id, 'I carry two.')
    const lines = ines.getByRole('main').getByRole('listitem')
    await expect(lines.first()).toContainText('Kofi Mensah replied to you')
    await expect(lines.first()).toContainText('I carry two.')

    await open(kofi, `/posts/${id}`)
    const chairs = kofi.getByRole('article').filter({ hasText: 'Who carries chairs?' })
    await chairs.getByRole('button', { name: 'React', exact: true }).click()
    await chairs.getByRole('button', { name: '🙏' }).click()
    await expect(lines.first()).toContainText('Kofi Mensah left 🙏 on your post')

    await open(kofi, '/gatherings')
    await kofi.getByRole('listitem').filter({ hasText: 'Thursday drawing party' }).getByRole('link').last().click()
    await kofi.getByRole('radio', { name: 'Maybe' }).check()
    await kofi.getByRole('main').getByRole('button').first().click()
    await expect(lines.first()).toContainText('Kofi Mensah might come to Thursday drawing party')
    await lines.first().getByRole('link').click()
    await expect(ines.getByRole('region', { name: 'Who’s coming' })).toBeVisible()
})

test('the link of a reply leads to the reply', async ({ as }) => {
    const [tomek, kofi] = [await as('tomek'), await as('kofi')]
    const id = await say(tomek, 'A long thread.')
    for (let at = 0; at < 12; at++) await reply(tomek, id, `Line ${at} of a list that makes the page long enough to scroll.`)
    const last = await reply(kofi, id, 'The very last word.')
    await open(tomek, '/notifications')
    await tomek.getByRole('link', { name: /Kofi Mensah\s+replied to you/ }).first().click()
    await expect(tomek).toHaveURL(`/posts/${id}#p${last}`)
    await expect(tomek.getByText('The very last word.')).toBeInViewport()
})

test('one is not told of what one may not read', async ({ as }) => {
    const [tomek, kofi] = [await as('tomek'), await as('kofi')]
    await tomek.goto('/notifications')
    await open(tomek, '/')
    await say(kofi, 'A surprise for @tomek, so hush.', { audience: 'named', named: '@ines' })
    await say(kofi, 'Hello, @tomek.')
    await expect(notices(tomek)).toHaveText('Notices1 new')
    await notices(tomek).click()
    await expect(tomek.getByRole('main').getByRole('listitem').first()).toContainText('Hello, @tomek.')
    await expect(tomek.getByText('so hush')).toHaveCount(0)
})

test.describe('in a place of one', () => {
    test.use({ place: 'empty' })

    test('nothing waits, and the page says so', async ({ page, porchlight }) => {
        await found(page, porchlight.foundingLink, { name: 'ana', called: 'Ana Reis', password: 'a drawer full of pencils' }, 'Kofi')
        await page.goto('/notifications')
        await expect(page.getByText('Nothing is waiting for you.')).toBeVisible()
    })
})
