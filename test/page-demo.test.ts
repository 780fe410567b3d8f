// The demo as a visitor meets it: the real bot behind the page, in a real browser. Ann asks, Bob approves, the card says
// recovered; the same card on a phone.

import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type Demo, startDemo } from '../src/demo/start.ts';
import { launchChromium } from './support/chromium.ts';
import { freshRedis, type TestRedis } from './support/redis.ts';

const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

let browser: Browser;
let redis: TestRedis;
let demo: Demo;
beforeAll(async () => {
  redis = await freshRedis();
  process.env.REDIS_URL = redis.url;
  // The conversation that the demo prints as it happens.
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  browser = await launchChromium();
  const started = await startDemo({ port: 0, context: undefined, allowWrites: false, watch: true });
  if (!started) throw new Error('the demo did not start');
  demo = started;
});
afterAll(async () => {
  vi.restoreAllMocks();
  await browser?.close();
  await demo?.stop();
  await redis?.stop();
});

/** The page of a new visitor, who is Ann; whatever the browser complains about fails the test. */
async function open(options: object = {}): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, ...options });
  const page = await context.newPage();
  page.on('pageerror', (error) => expect.fail(`the page threw: ${error.message}`));
  await page.goto(demo.pageUrl);
  await page.getByRole('heading', { name: 'on-call' }).waitFor();
  return page;
}

async function type(page: Page, line: string): Promise<void> {
  const box = page.getByRole('textbox', { name: 'Message #on-call' });
  await box.fill(line);
  await box.press('Enter');
}

const channel = (page: Page) => page.getByRole('log', { name: 'Channel messages' });
const thread = (page: Page) => page.getByRole('complementary', { name: 'Thread' });
/** The one card that speaks of this workload. */
const card = (page: Page, name: string) => channel(page).locator('.message', { hasText: name }).last();

test('Ann reads the cause and asks for the rollback, Bob reads the difference and approves, the card says recovered', async () => {
  const page = await open();
  await type(page, '/crashloop avatars');
  const avatars = card(page, 'avatars');
  await avatars.getByRole('button', { name: 'Roll back to revision 1' }).waitFor();
  const told = (await avatars.innerText()).replace(/\s+/g, ' ');
  expect(told).toContain('avatars is crash looping · users-avatars on demo');
  expect(told).toContain('The variable AVATAR_BUCKET is not set: nothing in the template sets it.');
  expect(told).toMatch(/KeyError: 'AVATAR_BUCKET' — last words, \d\d:\d\d:\d\d/);
  expect(told).toContain('Began with revision 2: env AVATAR_BUCKET removed · revision 1 still serves');

  await avatars.getByRole('button', { name: 'Roll back to revision 1' }).click();
  await avatars.getByText('One approver is needed.').waitFor();
  await channel(page)
    .getByRole('button', { name: /\d+ replies/ })
    .click();
  await thread(page).getByText('env AVATAR_BUCKET added').waitFor();

  await page.getByRole('radio', { name: 'Be Bob' }).click();
  await page.getByRole('radio', { name: 'Be Bob', checked: true }).waitFor();
  if (!(await thread(page).isVisible()))
    await channel(page)
      .getByRole('button', { name: /\d+ replies/ })
      .click();
  await thread(page).getByRole('button', { name: 'Approve' }).click();
  const question = page.getByRole('dialog', { name: 'Roll back to revision 1?' });
  expect(await question.innerText()).toContain('gets the template of revision 1');
  await question.getByRole('button', { name: 'Not yet' }).click();
  await thread(page).getByRole('button', { name: 'Approve' }).click();
  await question.getByRole('button', { name: 'Approve' }).click();

  await card(page, 'avatars')
    .getByText(/recovered at \d\d:\d\d/)
    .waitFor();
  const ended = await card(page, 'avatars').innerText();
  expect(ended.replace(/\s+/g, ' ')).toMatch(/after approval by @bob · rolled back to revision 1/);
  expect(await channel(page).getByRole('button', { name: 'Roll back to revision 1' }).count()).toBe(0);
  await thread(page)
    .getByText(/recovered at \d\d:\d\d/)
    .last()
    .waitFor();
});

test('on a phone the card is no wider than the screen, its buttons can be hit, and the thread is one touch away', async () => {
  const page = await open(PHONE);
  await type(page, '/crashloop orders');
  await card(page, 'orders cannot start').getByText('/app/bin/orders-server').first().waitFor();
  const width = () => page.evaluate('document.documentElement.scrollWidth');
  expect(await width()).toBe(PHONE.viewport.width);
  const button = card(page, 'orders cannot start').getByRole('button', { name: 'Diagnose again' });
  expect((await button.boundingBox())?.height).toBeGreaterThanOrEqual(40);
  await channel(page)
    .getByRole('button', { name: /1 reply/ })
    .last()
    .tap();
  await thread(page).getByText('What to do next').waitFor();
  expect(await width()).toBe(PHONE.viewport.width);
});

test('what is in trouble is a menu, and choosing from it gives a card', async () => {
  const page = await open();
  await type(page, '/crashloop');
  const menu = channel(page).getByRole('button', { name: 'Choose one' });
  await menu.click();
  await page.getByRole('menuitemradio', { name: /gift-cards/ }).click();
  await channel(page).getByText('I do not know yet.').waitFor();
});
