import type { Browser, Page } from '@playwright/test';
import type { Stack } from '../stack/stack.ts';
import type { Employee } from '../stack/staff.ts';

/** A browser tab in which this person is logged in. Close its context when done. */
export async function openTab(browser: Browser, stack: Pick<Stack, 'url'>, person: Employee): Promise<Page> {
  const context = await browser.newContext({ baseURL: stack.url, locale: 'en-GB' });
  await context.addCookies(person.visitor.cookies().map(([name, value]) => ({ name, value, url: stack.url })));
  return context.newPage();
}
