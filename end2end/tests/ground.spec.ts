import { expect, Porchlight, test } from '../porchlight'

test('a new place prints its founding link, and the link opens', async ({ porchlight, page }) => {
    const answer = await page.goto(porchlight.foundingLink)
    expect(answer?.status()).toBe(200)
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
})

test.describe('by itself', () => {
    test.use({ place: 'own' })

    test('a polite signal ends the server without an error', async () => {
        const porchlight = await Porchlight.start()
        try {
            expect(await porchlight.kill('SIGTERM')).toBe(0)
        } finally {
            await porchlight.stop()
        }
    })
})
