import { expect, test, type Page } from '../porchlight'
import { answer, daysLater, expectNothingAt, flaws, inWords, nextWeekday, plan } from '../steps'

test.use({ place: 'demo' })

const thursday = nextWeekday(4)

/** Has Kofi plan a table that Leila keeps with him, without script; returns the page that he did it on and the address of the first session. */
async function table(as: (name: string, options?: { javaScriptEnabled: boolean }) => Promise<Page>, named?: string): Promise<[Page, string]> {
    const kofi = await as('kofi', { javaScriptEnabled: false })
    const series = await plan(kofi, {
        title: 'The long table', date: thursday, time: '19:00', often: 'Every week', place: 'The hall with the blue door', cohosts: '@leila',
        ...(named ? { named } : { public: true }),
    })
    return [kofi, `${series}/${thursday}`]
}

/** Keeps a list on the page of what to bring. */
async function write(page: Page, list: string): Promise<void> {
    await page.getByLabel('Things to bring').fill(list)
    await page.getByRole('button', { name: 'Keep the list' }).click()
    await expect(page.getByRole('status')).toHaveText('The list is kept. What was taken stays taken.')
}

/** The line of a thing. */
function thing(page: Page, name: string) {
    return page.getByRole('main').getByRole('listitem').filter({ has: page.getByText(name, { exact: true }) })
}

for (const javaScriptEnabled of [true, false]) {
    test(`people take what is to be brought, and give it back, ${javaScriptEnabled ? 'with' : 'without'} script`, async ({ as }) => {
        const [kofi, session] = await table(as)

        await test.step('Kofi writes the list', async () => {
            await kofi.goto(session)
            await kofi.getByRole('link', { name: 'What to bring' }).click()
            await expect(kofi.getByRole('heading', { level: 1, name: 'What to bring' })).toBeVisible()
            await write(kofi, 'Bread\n3 salads\nThe projector')
        })

        const tomek = await as('tomek', { javaScriptEnabled })
        await test.step('Tomek takes two of the salads', async () => {
            await tomek.goto(`${session}/bring`)
            await expect(thing(tomek, 'salads')).toContainText('3 needed')
            await tomek.getByRole('button', { name: 'I bring this (salads)' }).click()
            await expect(tomek.getByRole('status')).toHaveText('Thank you. The others see that you bring it.')
            await tomek.getByRole('button', { name: 'I bring one more (salads)' }).click()
            await expect(thing(tomek, 'salads')).toContainText('1 of 3 still open')
            await expect(thing(tomek, 'salads')).toContainText('Tomek Zieliński brings 2')
        })

        await test.step('what somebody else took meanwhile is told in a sentence', async () => {
            const [ravi, carlos] = [await as('ravi', { javaScriptEnabled }), await as('carlos', { javaScriptEnabled })]
            for (const page of [ravi, carlos]) await page.goto(`${session}/bring`)
            await ravi.getByRole('button', { name: 'I bring this (Bread)' }).click()
            await carlos.getByRole('button', { name: 'I bring this (Bread)' }).click()
            await expect(carlos.getByRole('alert')).toContainText('Somebody was quicker: of “Bread”, all that is needed is taken.')
            await expect(thing(carlos, 'Bread')).toContainText('all taken')
            await expect(carlos.getByRole('button', { name: /\(Bread\)/ })).toHaveCount(0)
        })

        await test.step('the page of the session says who brings what', async () => {
            await kofi.goto(session)
            await expect(kofi.getByText('Bread (Ravi Desai), salads (2 from Tomek Zieliński, 1 still open), The projector still open')).toBeVisible()
        })

        await test.step('another list for this one leaves what was taken', async () => {
            await kofi.goto(`${session}/bring`)
            await kofi.getByRole('checkbox', { name: /^For this one only/ }).check()
            await write(kofi, 'Bread\nOlives')
            await tomek.reload()
            await expect(tomek.getByRole('heading', { name: 'Also' })).toBeVisible()
            await tomek.getByRole('button', { name: 'I can’t bring it (salads)' }).click()
            await expect(tomek.getByRole('status')).toHaveText('It is open again for somebody else.')
            await expect(tomek.getByRole('heading', { name: 'Also' })).toHaveCount(0)
            await kofi.goto(`${session.replace(thursday, daysLater(thursday, 7))}/bring`)
            await expect(kofi.getByLabel('Things to bring')).toHaveValue('Bread\n3 salads\nThe projector')
            await kofi.goto(`${session}/bring`)
            await kofi.getByRole('button', { name: 'Use the usual list again' }).click()
            await expect(thing(kofi, 'The projector')).toBeVisible()
        })

        await test.step('whoever can’t come gives back what they took', async () => {
            const ravi = await as('ravi', { javaScriptEnabled })
            await answer(ravi, session, 'no')
            await ravi.goto(`${session}/bring`)
            await expect(ravi.getByRole('button', { name: 'I bring this (Bread)' })).toBeVisible()
        })

        await test.step('what can’t be a list is refused, and nothing typed is lost', async () => {
            await kofi.goto(`${session}/bring`)
            await kofi.getByLabel('Things to bring').fill('Bread\n120 paper cups')
            await kofi.getByRole('button', { name: 'Keep the list' }).click()
            await expect(kofi.getByRole('alert')).toContainText('How many are needed is a number from 1 to 99, and “120 paper cups” begins with another.')
            await expect(kofi.getByLabel('Things to bring')).toHaveValue('Bread\n120 paper cups')
        })
    })
}

test('a list that somebody else changed meanwhile is not lost', async ({ as }) => {
    const [kofi, session] = await table(as)
    const leila = await as('leila')
    for (const page of [kofi, leila]) await page.goto(`${session}/bring`)
    await write(kofi, 'Bread')
    await leila.getByLabel('Things to bring').fill('Olives')
    await leila.getByRole('button', { name: 'Keep the list' }).click()
    await expect(leila.getByRole('alert')).toContainText('Somebody changed the list while you were writing.')
    await expect(leila.getByText('Now it is Bread')).toBeVisible()
    await expect(leila.getByLabel('Things to bring')).toHaveValue('Olives')
    await write(leila, 'Olives')
    await expect(thing(leila, 'Bread')).toHaveCount(0)
})

test('those who keep it take turns, and whose turn it is stands on the page of the session', async ({ as }) => {
    const [kofi, session] = await table(as)
    const edit = session.replace(`/${thursday}`, '/edit')
    await kofi.goto(edit)
    const turns = kofi.getByRole('region', { name: 'Whose turn is it?' }).getByRole('combobox')
    await expect(turns).toHaveCount(8)
    await kofi.getByRole('button', { name: 'Fill it in turns' }).click()
    await expect(kofi.getByRole('status')).toHaveText('The rota is kept.')
    const leila = await as('leila')
    await leila.goto(edit)
    const hers = leila.getByRole('region', { name: 'Whose turn is it?' }).getByRole('combobox')
    await expect(hers).toHaveCount(8)
    expect(await hers.evaluateAll((all) => all.map((one) => (one as HTMLSelectElement).selectedOptions[0]!.label))).toEqual(
        Array.from({ length: 8 }, (_, at) => (at % 2 === 0 ? 'Kofi Mensah' : 'Leila Haddad')),
    )
    await leila.getByLabel(new RegExp(`^${inWords(thursday)}`)).selectOption('Leila Haddad')
    await leila.getByRole('button', { name: 'Keep the rota' }).click()
    await expect(leila.getByRole('status')).toHaveText('The rota is kept.')
    await kofi.goto(session)
    await expect(kofi.getByRole('definition').filter({ hasText: /^Leila Haddad$/ })).toBeVisible()
})

test('of what is brought nobody else sees anything', async ({ as, visitor }) => {
    const [kofi, session] = await table(as, '@tomek')
    await kofi.goto(`${session}/bring`)
    await write(kofi, 'A cake')
    for (const page of [await as('carlos'), await visitor()]) {
        await expectNothingAt(page, `${session}/bring`, `/gatherings/the-long-table-000000/${thursday}/bring`)
    }
    const tomek = await as('tomek')
    await tomek.goto(`${session}/bring`)
    await expect(thing(tomek, 'A cake')).toBeVisible()
    await expect(tomek.getByLabel('Things to bring')).toHaveCount(0)
})

test('the list and the rota are for everybody’s eyes, hands and screens', async ({ as }) => {
    const [kofi, session] = await table(as)
    await kofi.goto(`${session}/bring`)
    await write(kofi, 'Bread\n3 salads\nUnpronounceablylongthingwithoutaspaceinitthatwillnotfitonanyphonethatpeoplehave\n12 paper bowls')
    const [tomek, leila] = [await as('tomek'), await as('leila')]
    await tomek.goto(`${session}/bring`)
    await tomek.getByRole('button', { name: 'I bring this (salads)' }).click()
    await tomek.getByRole('button', { name: 'I bring this (paper bowls)' }).click()
    await expect(thing(tomek, 'paper bowls')).toContainText('11 of 12 still open')
    expect(await flaws(tomek, 'what to bring')).toEqual([])
    await leila.goto(`${session}/bring`)
    await leila.getByRole('checkbox', { name: /^For this one only/ }).check()
    await write(leila, 'Bread')
    expect(await flaws(leila, 'what to bring, of one who keeps it')).toEqual([])
    await leila.goto(session.replace(`/${thursday}`, '/edit'))
    await expect(leila.getByRole('heading', { name: 'Whose turn is it?' })).toBeVisible()
    expect(await flaws(leila, 'the rota')).toEqual([])
})
