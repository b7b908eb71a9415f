import { existsSync } from 'node:fs';
import { defineConfig } from '@playwright/test';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

const executablePath = process.env['TALLYMAN_CHROMIUM'] ?? CHROMIUM.find((path) => existsSync(path)) ?? CHROMIUM[0]!;

export default defineConfig({
  testDir: '.',
  testMatch: ['specs/**/*.spec.ts', 'contract/**/*.spec.ts'],
  outputDir: '../node_modules/.cache/e2e-results',
  // Each worker has a shop of its own; the machines this runs on are small.
  workers: 1,
  fullyParallel: false,
  timeout: 90_000,
  expect: { timeout: 15_000 },
  forbidOnly: process.env['CI'] !== undefined,
  // A browser on a loaded machine; what passed only the second time is reported as flaky.
  retries: process.env['CI'] === undefined ? 0 : 1,
  reporter: [['list']],
  use: {
    browserName: 'chromium',
    viewport: { width: 1280, height: 900 },
    locale: 'en-GB',
    screenshot: 'only-on-failure',
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath,
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
});
