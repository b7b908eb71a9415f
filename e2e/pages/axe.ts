import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

const STANDARDS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** Only our part of the page: the rest is WordPress's. */
export async function axeFindsNothing(page: Page, part: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).include(part).withTags(STANDARDS).analyze();
  const found = violations.map(
    ({ id, impact, help, nodes }) =>
      `${impact} ${id}: ${help}\n  ${nodes.map(({ target }) => target.join(' ')).join('\n  ')}`,
  );
  expect(found, `axe on ${part} of ${page.url()}`).toEqual([]);
}
