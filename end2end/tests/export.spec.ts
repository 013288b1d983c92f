import { readFileSync } from 'node:fs'
import { expect, test } from '../porchlight'
import { flaws } from '../steps'

test.use({ place: 'demo' })

for (const javaScriptEnabled of [true, false]) {
    test(`what somebody brought here is downloaded as one file, ${javaScriptEnabled ? 'with' : 'without'} script`, async ({ as }) => {
        const kofi = await as('kofi', { javaScriptEnabled })
        await kofi.goto('/settings')
        await kofi.getByRole('navigation', { name: 'Settings' }).getByRole('link', { name: 'Export' }).click()
        await expect(kofi.getByRole('heading', { level: 2, name: 'What is not' })).toBeVisible()
        await expect(kofi.getByText('What you do as a host')).toHaveCount(0)
        if (javaScriptEnabled) {
            await kofi.setViewportSize({ width: 320, height: 700 })
            expect(await flaws(kofi, 'taking it home')).toEqual([])
            expect(await kofi.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320)
        }
        const begins = kofi.waitForEvent('download')
        await kofi.getByRole('button', { name: 'Download my file' }).click()
        const file = await begins
        expect(file.suggestedFilename()).toMatch(/^[a-z-]+-\d{4}-\d{2}-\d{2}\.zip$/)
        expect(readFileSync(await file.path()).subarray(0, 4)).toEqual(Buffer.from('PK\x03\x04'))
        // The page stays where it is.
        await expect(kofi).toHaveURL(/\/settings\/export$/)
    })
}

test('a host reads that their hosting comes along, and a visitor is asked to sign in first', async ({ as, page }) => {
    const marco = await as('marco')
    await marco.goto('/settings/export')
    await expect(marco.getByText('What you do as a host: your weeks, your sparks and prompts, and the time you gave.')).toBeVisible()
    for (const address of ['/settings/export', '/settings/export.zip']) {
        await page.goto(address)
        await expect(page).toHaveURL(/\/sign-in\?next=\/settings\/export$/)
    }
})
