// `npx tsx test/support/card-picture.ts`: takes the picture of a card for the README from the running demo, by day and by
// night, into docs/card.png and docs/card-dark.png. What it shows is what the demo shows.

import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { startDemo } from '../../src/demo/start.ts';
import { launchChromium } from './chromium.ts';

const COMMAND = '/crashloop avatars';
/** So wide that no line of the card is broken. */
const VIEWPORT = { width: 1072, height: 700 };

async function take(browser: Browser, pageUrl: string, colorScheme: 'light' | 'dark', name: string): Promise<void> {
  const context = await browser.newContext({ viewport: VIEWPORT, deviceScaleFactor: 2, colorScheme });
  const page = await context.newPage();
  await page.goto(pageUrl);
  const card = page.getByRole('log', { name: 'Channel messages' }).locator('.message').last();
  await card.getByRole('button', { name: /^Roll back/ }).waitFor();
  await card.getByRole('button', { name: /\d+ repl/ }).waitFor();
  await page.mouse.move(0, 0);
  const [all, author] = await Promise.all([card, card.getByText('Loopbreaker').first()].map((l) => l.boundingBox()));
  if (!all || !author) throw new Error('the card is not to be seen');
  // Without the line that names the day.
  const top = author.y - 12;
  const clip = { x: all.x, y: top, width: Math.min(all.width, 800), height: all.y + all.height - top };
  await page.screenshot({ path: fileURLToPath(new URL(`../../docs/${name}`, import.meta.url)), clip });
  await context.close();
}

const demo = await startDemo({ port: 0, context: undefined, allowWrites: false, watch: false });
if (!demo) throw new Error('the demo did not start');
const browser = await launchChromium();
try {
  await demo.slack.send.command('U0ANN', 'C0ONCALL', COMMAND);
  await take(browser, demo.pageUrl, 'light', 'card.png');
  await take(browser, demo.pageUrl, 'dark', 'card-dark.png');
} finally {
  await browser.close();
  await demo.stop();
}
