import type { Locator } from '@playwright/test'
import { expect, test, type Page } from '../porchlight'
import { flaws } from '../steps'

test.use({ place: 'demo' })

/** What is on the card that is open. */
function card(page: Page) {
    return page.getByRole('article')
}

/** Whose card is open. */
async function whose(page: Page): Promise<string> {
    return page.locator('#card').getAttribute('data-name').then((name) => name ?? '')
}

/** Begins a round of the last seven days, or joins it. */
async function begin(page: Page): Promise<void> {
    await page.goto('/hosting/round')
    const week = page.getByRole('radio', { name: /^The last seven days/ })
    if (await week.count()) {
        await week.check()
        await page.getByRole('button', { name: 'Go round' }).click()
    } else {
        await page.getByRole('link', { name: 'Go on' }).click()
    }
    await expect(card(page)).toBeVisible()
}

/** Goes to something by Tab alone, forward or back, and presses a key there. */
async function press(page: Page, what: Locator, key = 'Enter', tab = 'Tab'): Promise<void> {
    for (let tabs = 0; tabs < 60; tabs++) {
        if (await what.evaluate((node) => node === document.activeElement)) return page.keyboard.press(key)
        await page.keyboard.press(tab)
    }
    throw new Error(`nobody comes to ${what} by Tab`)
}

test('a host goes round by keyboard alone, with a co-host in the same round', async ({ as, porchlight }) => {
    test.setTimeout(120_000)
    const [marco, ines] = [await as(porchlight.names.host), await as(porchlight.names.admin)]
    await marco.goto('/hosting/round')
    const week = marco.getByRole('radio', { name: /^The last seven days/ })
    await press(marco, marco.getByRole('radio', { checked: true }), 'ArrowDown')
    while (!(await week.isChecked())) await marco.keyboard.press('ArrowDown')
    await press(marco, marco.getByRole('button', { name: 'Go round' }))
    await expect(card(marco)).toBeVisible()
    const first = await whose(marco)
    let hers = ''

    await test.step('the co-host is given another card, and sees who has the first', async () => {
        await begin(ines)
        hers = await whose(ines)
        expect(hers).not.toBe(first)
        await ines.goto(`/hosting/round/${first}`)
        await expect(card(ines)).toContainText(/has this card\. Go on with the next one\./)
        await expect(ines.getByRole('button', { name: 'Seen, go on' })).toHaveCount(0)
        await ines.keyboard.press('j')
        await expect.poll(() => whose(ines)).toBe(hers)
        await expect(ines).toHaveURL(`/hosting/round/${hers}`)
    })

    await test.step('the keys are shown, and do nothing while one writes', async () => {
        await marco.keyboard.press('?')
        await expect(marco.getByRole('dialog', { name: 'Keys' })).toBeVisible()
        await marco.keyboard.press('Escape')
        await expect(marco.getByRole('dialog', { name: 'Keys' })).toBeHidden()
        await marco.keyboard.press('n')
        await expect(marco.getByRole('textbox', { name: 'Private note' })).toBeFocused()
        await marco.keyboard.type('jkxs? Has moved here in May.')
        expect(await whose(marco)).toBe(first)
        await marco.keyboard.press('Control+Enter')
        await expect(marco.getByRole('status')).toHaveText('Noted, for hosts alone.')
        await expect(card(marco)).toContainText('jkxs? Has moved here in May.')
        await marco.keyboard.press('j')
        await expect.poll(() => whose(marco)).not.toBe(first)
        await expect(card(marco)).toHaveAttribute('data-state', 'open')
        for (const before of [hers, first]) {
            await marco.keyboard.press('k')
            await expect.poll(() => whose(marco)).toBe(before)
        }
        await expect(marco).toHaveURL(`/hosting/round/${first}`)
    })

    await test.step('he introduces them to somebody, and is on their card again, which he had meanwhile', async () => {
        await marco.keyboard.press('i')
        await expect(marco.getByRole('heading', { level: 1, name: 'Introduce two people' })).toBeVisible()
        await ines.goto(`/hosting/round/${first}`)
        await expect(card(ines)).toContainText(/has this card\. Go on with the next one\./)
        await press(marco, marco.getByLabel('And the other'), 'Control+a')
        await marco.keyboard.type(first === 'hannah' ? 'andrei' : 'hannah')
        await press(marco, marco.getByLabel('Who that is'), 'Control+a')
        await marco.keyboard.type('Plays the piano, and not the scales you hear at four.')
        await press(marco, marco.getByRole('button', { name: 'Introduce them' }))
        await expect(marco).toHaveURL(`/hosting/round/${first}?done=introduced`)
        await expect(marco.getByText('They are introduced, and both are told. Here you go on.')).toBeVisible()
        expect(await whose(marco)).toBe(first)
        await expect(marco.getByRole('button', { name: 'Seen, go on' })).toBeVisible()
    })

    await test.step('he writes a sentence, greets and replies', async () => {
        await marco.keyboard.press('s')
        await marco.keyboard.press('Control+a')
        await marco.keyboard.type('Knows every boat on the river.')
        await marco.keyboard.press('Control+Enter')
        await expect(card(marco)).toContainText('Waits for their yes')
        await marco.keyboard.press('g')
        await expect(marco.getByLabel('Your words')).toBeFocused()
        await marco.keyboard.press('Control+Enter')
        await expect(marco.getByRole('status')).toHaveText('Your words are on their way, for nobody else to see.')
    })

    await test.step('he goes through twelve people and answers one; each next card stands before anything is asked for', async () => {
        let answered = false
        for (let seen = 0; seen < 12; seen++) {
            if (!answered && (await marco.locator('.reply').count())) {
                await marco.keyboard.press('r')
                await marco.keyboard.type('That sounds lovely, tell me more.')
                await marco.keyboard.press('Control+Enter')
                await expect(marco.getByRole('status')).toHaveText('Your reply is sent.')
                answered = true
            }
            // Whoever reads a card gives the next one the time to be ready.
            await marco.waitForFunction(() => performance.getEntriesByName(`${document.querySelector<HTMLAnchorElement>('#next')!.href}/card`).length > 0)
            const name = await whose(marco)
            let answer = (): void => {}
            const stands = new Promise<void>((resolve) => (answer = resolve))
            await marco.route('**/*', (route) => stands.then(() => route.continue()))
            await marco.keyboard.press('x')
            await expect.poll(() => whose(marco)).not.toBe(name)
            expect(new URL(marco.url()).pathname).toBe(`/hosting/round/${await whose(marco)}`)
            answer()
            await marco.unrouteAll({ behavior: 'wait' })
        }
        expect(answered).toBe(true)
    })

    await test.step('what he saw is seen for the co-host, and the summary says who did what', async () => {
        await ines.goto(`/hosting/round/${first}`)
        await expect(card(ines)).toContainText(/Seen by .?Marco Bellini/)
        await ines.goto('/hosting/round')
        await ines.getByRole('link', { name: 'Go on' }).click()
        const last = await whose(ines)
        await ines.getByRole('button', { name: 'Seen, go on' }).click()
        await expect.poll(() => whose(ines)).not.toBe(last)
        await expect(ines.getByRole('link', { name: '13 of' })).toBeVisible()
        await press(marco, marco.locator('#progress'), 'Enter', 'Shift+Tab')
        await press(marco, marco.getByRole('button', { name: 'End it here' }))
        await expect(marco.getByRole('heading', { level: 1, name: 'The round is done' })).toBeVisible()
        await expect(marco.getByRole('main')).toContainText('One person introduced to somebody')
        await expect(marco.getByRole('main')).toContainText('one sentence written', { ignoreCase: true })
        await expect(marco.getByRole('main')).toContainText('One person greeted')
        await expect(marco.getByRole('main')).toContainText('One person answered')
        await expect(marco.getByRole('main')).toContainText('by you (12) and Inês Carvalho (1)')
        expect(await flaws(marco, 'the summary')).toEqual([])
    })

    await test.step('the person lets the sentence stand, and others see it', async () => {
        const person = await as(first)
        await person.goto('/notifications')
        await expect(person.getByRole('main')).toContainText('wrote a sentence about you')
        await person.goto('/settings/sentence')
        await expect(person.getByText('Knows every boat on the river.').first()).toBeVisible()
        await person.getByRole('button', { name: 'Let it stand' }).click()
        await expect(person.getByRole('status')).toContainText('It stands now.')
        const leila = await as(first === 'leila' ? 'kofi' : 'leila')
        await leila.goto(`/people/${first}`)
        await expect(leila.getByRole('main')).toContainText('Knows every boat on the river.')
    })

    await test.step('a draft says who is here, and the host sends it', async () => {
        await marco.getByRole('link', { name: /Who’s here/ }).click()
        await expect(marco.getByLabel('Your post')).toHaveValue(new RegExp(`@${first}: Knows every boat on the river\\.`))
        await marco.getByRole('button', { name: 'Send it' }).click()
        await marco.waitForURL('**/posts/*')
        await expect(marco.getByRole('main')).toContainText('Knows every boat on the river.')
    })
})

test('what is being written on a card is not lost, whatever happens meanwhile', async ({ as, porchlight, troubles }) => {
    const [marco, ines] = [await as(porchlight.names.host), await as(porchlight.names.admin)]
    await begin(marco)
    const note = marco.getByRole('textbox', { name: 'Private note' })
    const come = (): Promise<boolean> => marco.evaluate(() => dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })))
    while (!(await marco.locator('.reply').count())) {
        const name = await whose(marco)
        await marco.keyboard.press('j')
        await expect.poll(() => whose(marco)).not.toBe(name)
    }
    const name = await whose(marco)

    await test.step('what was begun is there when something else was sent, and the next thing is being written', async () => {
        await marco.keyboard.press('n')
        await marco.keyboard.type('Half a note.')
        await marco.keyboard.press('Escape')
        await marco.keyboard.press('g')
        await marco.keyboard.press('Control+Enter')
        await expect(marco.getByRole('status')).toHaveText('Your words are on their way, for nobody else to see.')
        await expect(note).toHaveValue('Half a note.')
    })

    await test.step('it is there again on its card, when one was elsewhere', async () => {
        await marco.keyboard.press('j')
        await expect.poll(() => whose(marco)).not.toBe(name)
        await expect(note).toBeHidden()
        await marco.goBack()
        await expect.poll(() => whose(marco)).toBe(name)
        await expect(note).toHaveValue('Half a note.')
    })

    await test.step('a reply that was not sent leads back to it, and stands there', async () => {
        let lose = (): void => {}
        const lost = new Promise<void>((resolve) => (lose = resolve))
        await marco.route('**/api/hosting/round/reply', (route) => lost.then(() => route.abort()))
        await marco.keyboard.press('r')
        await marco.keyboard.type('Tell me more.')
        await marco.keyboard.press('Control+Enter')
        await marco.keyboard.press('Escape')
        await marco.keyboard.press('j')
        await expect.poll(() => whose(marco)).not.toBe(name)
        lose()
        await expect(card(marco).getByRole('alert')).toContainText('We could not be reached.')
        expect(await whose(marco)).toBe(name)
        await expect(marco.getByRole('textbox', { name: 'Your reply' }).first()).toHaveValue('Tell me more.')
        await marco.unroute('**/api/hosting/round/reply')
        troubles.splice(0, troubles.length, ...troubles.filter((trouble) => !/round\/reply: .*ERR_FAILED/.test(trouble)))
    })

    await test.step('a key that is held down sees one card', async () => {
        await marco.keyboard.press('Escape')
        const [before] = ((await marco.locator('#progress').textContent()) ?? '').split(' ')
        await card(marco).focus()
        await marco.keyboard.down('x')
        await expect.poll(() => whose(marco)).not.toBe(name)
        for (let times = 0; times < 4; times++) await marco.keyboard.down('x')
        await marco.keyboard.up('x')
        await expect(marco.locator('#progress')).toContainText(`${Number(before) + 1} of`)
    })

    await test.step('whoever comes back by the memory of the browser has their card again', async () => {
        const hers = await whose(marco)
        const left = marco.evaluate(async () => (await fetch('/api/hosting/round/leave', { method: 'POST', body: new URLSearchParams() })).ok)
        expect(await left).toBe(true)
        await come()
        await expect(async () => {
            await ines.goto(`/hosting/round/${hers}`)
            await expect(card(ines)).toContainText('has this card', { timeout: 500 })
        }).toPass()
    })

    await test.step('a round that another host ended is not left while one writes', async () => {
        await marco.keyboard.press('n')
        await marco.keyboard.type('The other half.')
        await ines.goto('/hosting/round')
        await ines.getByRole('button', { name: 'End it here' }).click()
        await expect(ines.getByRole('heading', { level: 1, name: 'The round is done' })).toBeVisible()
        await come()
        await expect(card(marco).getByRole('alert')).toHaveText('This round has ended. What you wrote is still here, and can still be sent.')
        await expect(note).toHaveValue('The other half.')
        await marco.keyboard.press('Control+Enter')
        await expect(marco.getByRole('status')).toHaveText('Noted, for hosts alone.')
        await come()
        await marco.waitForURL('**/hosting/round')
    })
})

test('without script a round is links and forms', async ({ as, porchlight }) => {
    const marco = await as(porchlight.names.host, { javaScriptEnabled: false })
    await begin(marco)
    const first = marco.url()
    await card(marco).getByText('Note something').click()
    await marco.getByRole('textbox', { name: 'Private note' }).fill('Likes the window seat.')
    await marco.getByRole('button', { name: 'Keep the note' }).click()
    await expect(marco.getByRole('status').filter({ hasText: 'Noted' })).toBeVisible()
    await expect(card(marco)).toContainText('Likes the window seat.')
    await marco.getByRole('button', { name: /^Take it away/ }).click()
    await expect(card(marco)).not.toContainText('Likes the window seat.')
    await marco.getByRole('button', { name: 'Seen, go on' }).click()
    expect(marco.url()).not.toBe(first)
    await marco.getByRole('link', { name: 'Back' }).click()
    await expect(card(marco)).toContainText('You have seen this card.')
    await marco.getByRole('button', { name: 'Leave it for now' }).click()
    await expect(marco.getByRole('heading', { name: /^1 of \d+ seen$/ })).toBeVisible()
    await marco.getByRole('button', { name: 'End it here' }).click()
    await expect(marco.getByRole('heading', { level: 1, name: 'The round is done' })).toBeVisible()
})

test('each screen is sound, at any width, by day and by night', async ({ as, porchlight }) => {
    const marco = await as(porchlight.names.host)
    const sound = async (at: string): Promise<void> => expect(await flaws(marco, at)).toEqual([])
    await marco.goto('/hosting/round')
    await sound('before a round')
    await begin(marco)
    for (const fold of await marco.locator('#card details').all()) await fold.evaluate((fold) => fold.setAttribute('open', ''))
    await sound('a card')
    await marco.keyboard.press('?')
    await sound('the keys')
    await marco.goto('/hosting/round')
    await sound('where a round stands')
    await marco.goto('/hosting/people/tomek')
    for (const fold of await marco.locator('details').all()) await fold.evaluate((fold) => fold.setAttribute('open', ''))
    await sound('about somebody')
    const tomek = await as('tomek')
    await marco.getByLabel('Who they are, in one sentence').fill('Brings the good pencils.')
    await marco.getByRole('button', { name: 'Propose it' }).click()
    await tomek.goto('/settings/sentence')
    expect(await flaws(tomek, 'my sentence')).toEqual([])
})

test('on a phone what one goes on with is in reach, covers no focus, and the other pages are folded', async ({ as, porchlight }) => {
    const marco = await as(porchlight.names.host)
    await marco.setViewportSize({ width: 390, height: 844 })
    await begin(marco)
    const go = marco.getByRole('navigation', { name: 'Round' })
    const seen = marco.getByRole('button', { name: 'Seen, go on' })
    await expect(seen).toBeInViewport({ ratio: 1 })
    await expect(marco.getByRole('navigation', { name: 'Hosting' })).toHaveCount(0)
    // As long as one page fades into the next, neither has anything at a point.
    const lowerEnd = () => seen.evaluate((button) => {
        const { x, y, width, height } = button.getBoundingClientRect()
        return button.contains(document.elementFromPoint(x + width / 2, y + height - 2))
    })
    await expect.poll(lowerEnd, 'not covered by the ways about').toBe(true)
    for (const summary of await card(marco).locator('summary').all()) {
        await summary.focus()
        await expect(async () => {
            const [its, bar] = [await summary.boundingBox(), await go.boundingBox()]
            expect(its!.y + its!.height, (await summary.textContent()) ?? '').toBeLessThanOrEqual(bar!.y)
        }).toPass()
    }
    expect(await flaws(marco, 'a card on a phone')).toEqual([])
    await marco.getByRole('link', { name: 'Desk' }).press('Enter')
    const pages = marco.getByRole('navigation', { name: 'Hosting' })
    await expect(pages).toHaveCount(1)
    await pages.locator('summary').press('Enter')
    expect(await flaws(marco, 'the desk on a phone')).toEqual([])
    await pages.getByRole('link', { name: 'Introductions' }).press('Enter')
    await expect(marco).toHaveURL('/hosting/introductions')
})

test('a card is free again when the tab of whoever had it is closed', async ({ as, porchlight }) => {
    const [marco, ines] = [await as(porchlight.names.host), await as(porchlight.names.admin)]
    await begin(marco)
    const first = await whose(marco)
    await ines.goto(`/hosting/round/${first}`)
    await expect(card(ines)).toContainText('has this card')
    await marco.goto('/')
    await expect(async () => {
        await ines.goto(`/hosting/round/${first}`)
        await expect(ines.getByRole('button', { name: 'Seen, go on' })).toBeVisible({ timeout: 500 })
    }).toPass()
})

test('for a member there is no round', async ({ as, porchlight }) => {
    const marco = await as(porchlight.names.host)
    await begin(marco)
    const tomek = await as('tomek')
    for (const address of ['/hosting/round', new URL(marco.url()).pathname, `${new URL(marco.url()).pathname}/card`, '/hosting/people/leila']) {
        const answer = await tomek.request.get(address)
        expect(answer.status(), address).toBe(404)
    }
})
