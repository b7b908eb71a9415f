import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SCREENS = join(ROOT, 'test-results', 'screens');
const DESK = { width: 1280, height: 900 };
const PHONE = { width: 400, height: 800 };

/** The portrait comes from a host on the internet, which no test asks. */
const LOOK = { animations: 'disabled', style: '#wpadminbar .avatar { visibility: hidden; }' } as const;

/** Keeps pictures for people to look at: a desk, and a phone. A dialog covers what is in sight, not the whole page. */
export async function takePictures(page: Page, name: string, of: 'page' | 'dialog' = 'page'): Promise<void> {
  mkdirSync(SCREENS, { recursive: true });
  for (const size of [PHONE, DESK]) {
    await page.setViewportSize(size);
    await page.screenshot({ ...LOOK, path: join(SCREENS, `${name}-${size.width}.png`), fullPage: of === 'page' });
  }
}

/** Pictures of the documentation are renewed on request only, because every run makes another one. */
export async function renewPicture(page: Page, file: string): Promise<void> {
  if (process.env['TALLYMAN_RENEW_PICTURES'] !== '1') return;
  mkdirSync(join(ROOT, 'docs'), { recursive: true });
  await page.setViewportSize(DESK);
  await page.screenshot({ ...LOOK, path: join(ROOT, 'docs', file) });
}
