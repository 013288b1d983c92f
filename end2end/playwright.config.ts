import { defineConfig, devices } from '@playwright/test'

export default defineConfig({
    testDir: 'tests',
    globalSetup: './demo.ts',
    outputDir: 'test-results',
    // Every test has a server and a folder of its own, so they may run beside each other; two cores carry two browsers.
    fullyParallel: true,
    workers: 2,
    // A test that passes at the second try has found something, and a forgotten `test.only` would hide all the others.
    retries: 0,
    forbidOnly: true,
    timeout: 60_000,
    expect: { timeout: 10_000 },
    reporter: [['list']],
    use: {
        ...devices['Desktop Chrome'],
        locale: 'en-GB',
        timezoneId: 'Europe/Lisbon',
        // Without it, a click on what is not there would wait until the test ends, and name the wrong reason.
        actionTimeout: 10_000,
        navigationTimeout: 15_000,
        trace: 'retain-on-failure',
        screenshot: 'only-on-failure',
        launchOptions: {
            executablePath: process.env.PORCHLIGHT_CHROMIUM ?? '/usr/bin/chromium',
            // As root, which is who runs tests in a container, Chromium refuses its sandbox; and nothing here needs another host.
            args: [
                '--no-sandbox',
                '--disable-gpu',
                '--disable-quic',
                '--no-first-run',
                '--disable-background-networking',
                '--disable-component-update',
                '--disable-sync',
            ],
        },
    },
    projects: [{ name: 'chromium' }],
})
