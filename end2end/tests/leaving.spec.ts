import { expect, test, type Page } from '../porchlight'
import { expectNothingAt, flaws } from '../steps'

test.use({ place: 'demo' })

for (const javaScriptEnabled of [true, false]) {
    test(`somebody leaves, ${javaScriptEnabled ? 'with' : 'without'} script, and the others go on`, async ({ as, porchlight }) => {
        const kofi = await as('kofi', { javaScriptEnabled })
        const rosa = await as('rosa', { javaScriptEnabled })

        await test.step('the page says what goes and what stays', async () => {
            await kofi.goto('/settings')
            await kofi.getByRole('navigation', { name: 'Settings' }).getByRole('link', { name: 'Leave' }).click()
            await expect(kofi.getByRole('heading', { level: 2, name: 'What goes' })).toBeVisible()
            await expect(kofi.getByRole('main')).toContainText('Nobody is told that you left.')
            await expect(kofi.getByRole('link', { name: 'your words and pictures, as files' })).toHaveAttribute('href', '/settings/export')
            if (javaScriptEnabled) expect(await flaws(kofi, '/settings/leave')).toEqual([])
        })

        await test.step('with a wrong password nothing happens', async () => {
            await kofi.getByLabel('Your password').fill('not the one at all')
            await kofi.getByRole('button', { name: 'Delete everything of mine, and leave' }).click()
            await expect(kofi.getByRole('alert')).toContainText('Your present password is not that one. Please try again.')
            await expect(kofi.getByLabel('Your password')).toHaveValue('')
            await rosa.goto('/people/kofi')
            await expect(rosa.getByRole('heading', { level: 1 })).toContainText('Kofi')
        })

        await test.step('with the right one they stand at the front door', async () => {
            await kofi.getByLabel('Your password').fill(porchlight.password)
            await kofi.getByRole('button', { name: 'Delete everything of mine, and leave' }).click()
            await expect(kofi).toHaveURL('/?done=left')
            await expect(kofi.getByRole('status')).toHaveText(
                'You have left, and what was yours here is gone. Thank you for the time you were part of this; go well.',
            )
            if (javaScriptEnabled) expect(await flaws(kofi, '/?done=left')).toEqual([])
            await kofi.goto('/people')
            await expect(kofi).toHaveURL(/\/sign-in/)
        })

        await test.step('nothing of theirs is there', async () => {
            await expectNothingAt(rosa, '/people/kofi', '/people/nobody-here')
            for (const address of ['/', '/people']) {
                await rosa.goto(address)
                await expect(rosa.getByRole('main').getByRole('link', { name: /^Kofi/ })).toHaveCount(0)
            }
        })
    })
}

test('an admin removes somebody in the middle of a round that a host walks', async ({ as, porchlight }) => {
    const [marco, ines] = [await as(porchlight.names.host), await as(porchlight.names.admin)]
    const whose = (page: Page) => page.locator('#card').getAttribute('data-name')
    await marco.goto('/hosting/round')
    await marco.getByRole('radio', { name: /^The last seven days/ }).check()
    await marco.getByRole('button', { name: 'Go round' }).click()
    await expect(marco.getByRole('article')).toBeVisible()
    const first = (await whose(marco)) ?? ''
    expect(first).not.toBe('')

    await test.step('the admin finds the page where roles are given', async () => {
        await ines.goto('/admin/roles')
        await ines.getByRole('link', { name: 'Remove somebody' }).click()
        await ines.getByLabel('Name').fill('nobody-here')
        await ines.getByRole('button', { name: 'Go on' }).click()
        await expect(ines.getByText('There is nobody of that name here.')).toBeVisible()
        expect(await flaws(ines, '/admin/remove')).toEqual([])
        await ines.getByLabel('Name').fill(`@${first}`)
        await ines.getByRole('button', { name: 'Go on' }).click()
        await expect(ines).toHaveURL(`/admin/remove/${first}`)
        await expect(ines.getByRole('heading', { level: 2, name: /^Remove / })).toBeVisible()
        expect(await flaws(ines, '/admin/remove/…')).toEqual([])
    })

    await test.step('another name is not theirs, theirs is', async () => {
        await ines.getByLabel('Their name').fill('somebody-else')
        await ines.getByRole('button', { name: /^Remove / }).click()
        await expect(ines.getByRole('alert')).toContainText('That is not their name.')
        await expect(ines.getByLabel('Their name')).toHaveValue('somebody-else')
        await ines.getByLabel('Their name').fill(first)
        await ines.getByRole('button', { name: /^Remove / }).click()
        await expect(ines).toHaveURL('/admin/roles?done=removed')
        await expect(ines.getByRole('status')).toHaveText('They are removed, and what was theirs is gone.')
    })

    await test.step('the host, who has their card open, goes on with the next', async () => {
        await marco.getByRole('button', { name: 'Seen, go on' }).click()
        await expect(marco.getByRole('alert')).toBeVisible()
        await marco.goto('/hosting/round')
        await marco.getByRole('link', { name: 'Go on' }).click()
        await expect.poll(() => whose(marco)).not.toBe(first)
        await marco.getByRole('button', { name: 'Seen, go on' }).click()
        await marco.goto(`/hosting/round/${first}`)
        await expect(marco).toHaveURL('/hosting/round')
        await expectNothingAt(marco, `/people/${first}`, '/people/nobody-here')
    })
})

test('the only admin is told how to go, and a host can’t remove anybody', async ({ as, porchlight }) => {
    const [marco, ines] = [await as(porchlight.names.host), await as(porchlight.names.admin)]
    await ines.goto('/settings/leave')
    await expect(ines.getByText(/^You are the only admin, and somebody has to look after the place\./)).toBeVisible()
    await expect(ines.getByLabel('Your password')).toHaveCount(0)
    await expect(ines.getByRole('link', { name: 'Hand the place over' })).toHaveAttribute('href', '/admin/hand-over')
    expect(await flaws(ines, '/settings/leave')).toEqual([])
    await expectNothingAt(marco, '/admin/remove/leila', '/admin/remove/nobody-here')
})
