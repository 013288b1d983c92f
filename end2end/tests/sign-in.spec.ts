import { expect, open, run, test } from '../porchlight'
import { composer, signIn } from '../steps'

test.use({ place: 'demo' })

test('a wrong password is told kindly, without saying which half was wrong', async ({ page, porchlight }) => {
    for (const [name, password] of [
        ['tomek', 'not this one'],
        ['nobodyatall', porchlight.password],
    ]) {
        await signIn(page, name, password)
        await expect(page.getByRole('alert')).toHaveText(
            "That name and password don't belong together. Try again, or ask a host for a link to set a new password.",
        )
        await expect(page.getByLabel('Name', { exact: true })).toHaveValue(name)
        await expect(page.getByLabel('Password')).toHaveValue('')
    }
})

test('after signing in one is where one wanted to go', async ({ page, porchlight }) => {
    await page.goto('/people/yuki')
    await expect(page.getByText('That page is for members.')).toBeVisible()
    await page.getByLabel('Name', { exact: true }).fill('tomek')
    await page.getByLabel('Password').fill('wrong at first')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await expect(page.getByRole('alert')).toBeVisible()
    await page.getByLabel('Password').fill(porchlight.password)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await expect(page).toHaveURL('/people/yuki')
})

test('nobody is led elsewhere by a link to the sign-in', async ({ page, porchlight }) => {
    for (const elsewhere of ['https://evil.example/', '//evil.example/', '/\\evil.example']) {
        await page.context().clearCookies()
        await page.goto(`/sign-in?next=${encodeURIComponent(elsewhere)}`)
        await page.getByLabel('Name', { exact: true }).fill('tomek')
        await page.getByLabel('Password').fill(porchlight.password)
        await page.getByRole('button', { name: 'Sign in' }).click()
        await expect(page).toHaveURL('/')
        await expect(composer(page)).toBeVisible()
    }
})

test('a link that a host makes sets a new password, once', async ({ as, visitor, porchlight }) => {
    const host = await as(porchlight.names.host)
    await host.goto('/hosting/sign-in-help')
    await host.getByLabel('Name of the member').fill('tomek')
    await host.getByRole('button', { name: 'Make the link' }).click()
    const link = await host.getByRole('textbox', { name: 'Link for a new password' }).inputValue()

    const tomek = await visitor()
    await tomek.goto(link)
    await expect(tomek.getByText('Tomek Zieliński')).toBeVisible()
    await tomek.getByLabel('The new password').fill('short')
    await tomek.getByLabel('The new password').evaluate((input: HTMLInputElement) => input.removeAttribute('minlength'))
    await tomek.getByRole('button', { name: 'Set it and come in' }).click()
    await expect(tomek.getByRole('alert')).toContainText('A password has at least')
    await tomek.getByLabel('The new password').fill('oil on every chain')
    await tomek.getByRole('button', { name: 'Set it and come in' }).click()
    await expect(composer(tomek)).toBeVisible()

    const other = await visitor()
    expect((await other.goto(link))?.status()).toBe(404)
    await signIn(other, 'tomek', porchlight.password)
    await expect(other.getByRole('alert')).toBeVisible()
    await signIn(other, 'tomek', 'oil on every chain')
    await expect(composer(other)).toBeVisible()
})

test('the keeper of the machine makes such a link, too', async ({ page, porchlight }) => {
    const { code, says } = await run('reset-password', '--data', porchlight.folder, '--origin', porchlight.url, 'ines')
    expect(code, says).toBe(0)
    await page.goto(says.match(/http\S+/)![0])
    await page.getByLabel('The new password').fill('the good scissors again')
    await page.getByRole('button', { name: 'Set it and come in' }).click()
    await expect(composer(page)).toBeVisible()
})

test("only an admin can make a link for an admin, and no member for anybody", async ({ as, porchlight }) => {
    const [host, member] = [await as(porchlight.names.host), await as(porchlight.names.member)]
    await host.goto('/hosting/sign-in-help')
    await host.getByLabel('Name of the member').fill(porchlight.names.admin)
    await host.getByRole('button', { name: 'Make the link' }).click()
    await expect(host.getByRole('alert')).toContainText('only another admin can make this link')
    expect((await member.goto('/hosting/sign-in-help'))?.status()).toBe(404)
})

test('a changed password signs the other devices out, and not this one', async ({ as, porchlight }) => {
    const [desk, phone] = [await as('tomek'), await as('tomek')]
    await desk.goto('/settings/sign-in')
    await desk.getByLabel('The one you have').fill('not this one')
    await desk.getByLabel('A new one').fill('oil on every chain')
    await desk.getByRole('button', { name: 'Change it' }).click()
    await expect(desk.getByRole('alert')).toContainText('Your present password is not that one.')
    await desk.getByLabel('The one you have').fill(porchlight.password)
    await desk.getByLabel('A new one').fill('oil on every chain')
    await desk.getByRole('button', { name: 'Change it' }).click()
    await expect(desk.getByText('Your password is changed.')).toBeVisible()
    await phone.goto('/people')
    await expect(phone).toHaveURL('/sign-in?next=/people')
    await open(desk, '/people')
    await expect(desk.getByRole('heading', { level: 1, name: 'People' })).toBeVisible()
})

test('after signing out, going back shows nothing of the members', async ({ as }) => {
    const page = await as('tomek')
    await open(page, '/people')
    await page.getByRole('button', { name: 'You' }).click()
    await page.getByRole('button', { name: 'Sign out' }).click()
    await expect(page.getByRole('link', { name: 'Sign in' })).toBeVisible()
    await page.goBack()
    await expect(page).toHaveURL(/\/sign-in/)
    await expect(page.getByText('Carvalho')).toHaveCount(0)
})
