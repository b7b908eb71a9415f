import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SCREENS = join(ROOT, 'test-results', 'screens');
const HEIGHTS = { 1280: 900, 400: 800 } as const;

/** Keeps pictures for people to look at: a desk, and a phone. */
export async function takePictures(page: Page, name: string): Promise<void> {
  mkdirSync(SCREENS, { recursive: true });
  for (const width of [400, 1280] as const) {
    await page.setViewportSize({ width, height: HEIGHTS[width] });
    await page.screenshot({ path: join(SCREENS, `${name}-${width}.png`), fullPage: true, animations: 'disabled' });
  }
}

/** The pictures in the documentation are renewed on request only: every run would change them. */
export function renewPicture(name: string, file: string): void {
  if (process.env['TALLYMAN_RENEW_PICTURES'] !== '1') return;
  mkdirSync(join(ROOT, 'docs'), { recursive: true });
  copyFileSync(join(SCREENS, `${name}-1280.png`), join(ROOT, 'docs', file));
}
