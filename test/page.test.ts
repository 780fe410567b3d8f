// The demo's page in a real browser, with a real Bolt app behind it: what a visitor types, presses, sees, and does not
// see, on a desk and on a phone.

import type { App } from '@slack/bolt';
import type { KnownBlock } from '@slack/types';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { ANN, BOB, type Bolt, INCIDENTS, startBolt } from './support/bolt-app.ts';
import { launchChromium } from './support/chromium.ts';

const PHONE = { width: 390, height: 844 };
const LONG = `${'very-long-name-without-any-break-'.repeat(12)}end`;
/** Scripts for the page are text: the project's types know no DOM. */
const FOCUSED = 'document.activeElement?.dataset.action';
const EVIL = '<img src=x onerror="window.pwned=1"><script>window.pwned=1</script>';

const plain = (text: string) => ({ type: 'plain_text' as const, text });
const mrkdwn = (text: string) => ({ type: 'mrkdwn' as const, text });

function card(name: string): KnownBlock[] {
  return [
    { type: 'header', text: plain(`${name} is crash looping`.slice(0, 150)) },
    { type: 'section', text: mrkdwn(`:red_circle: *${name}* exits with \`1\`\n> last words &lt;here&gt;`) },
    {
      type: 'actions',
      block_id: 'ways',
      elements: [
        {
          type: 'button',
          action_id: 'approve',
          style: 'danger',
          text: plain('Roll back'),
          confirm: {
            title: plain('Roll back?'),
            text: mrkdwn('*Two* pods restart.'),
            confirm: plain('Yes'),
            deny: plain('No'),
          },
        },
        {
          type: 'static_select',
          action_id: 'other',
          placeholder: plain('Other ways'),
          options: [
            { text: plain('Restart'), value: 'restart', description: plain('will not help') },
            { text: plain('Scale to zero'), value: 'zero' },
          ],
        },
        { type: 'button', action_id: 'reject', text: plain('Reject') },
      ],
    },
    {
      type: 'rich_text',
      elements: [{ type: 'rich_text_preformatted', elements: [{ type: 'text', text: `FATAL <!channel> ${EVIL}` }] }],
    },
  ];
}

function incidents(app: App): void {
  app.command('/crashloop', async ({ ack, command, client }) => {
    if (command.text === 'nobody') return ack({ response_type: 'ephemeral', text: 'No pod is named `nobody`.' });
    await ack();
    const channel = command.channel_id;
    const { ts } = await client.chat.postMessage({ channel, text: command.text, blocks: card(command.text) });
    await client.chat.postMessage({ channel, thread_ts: ts ?? '', text: `Evidence: ${EVIL}` });
  });
  app.action('approve', async ({ ack, body, client }) => {
    await ack();
    if (body.type !== 'block_actions') return;
    const blocks = [{ type: 'section', text: mrkdwn(`:large_green_circle: approved by <@${body.user.id}>`) }];
    await client.chat.update({ channel: INCIDENTS.id, ts: body.message?.ts ?? '', text: 'approved', blocks });
  });
  app.action('other', async ({ ack, action, respond }) => {
    await ack();
    if (action.type === 'static_select') await respond(`You chose ${action.selected_option.value}`);
  });
  app.action('reject', async ({ ack, body, client }) => {
    await ack();
    if (body.type !== 'block_actions') return;
    const input = { type: 'plain_text_input' as const, action_id: 'text' };
    const blocks: KnownBlock[] = [{ type: 'input', block_id: 'reason', label: plain('Reason'), element: input }];
    const view = { type: 'modal' as const, callback_id: 'why', title: plain('Reject'), submit: plain('Send'), blocks };
    await client.views.open({ trigger_id: body.trigger_id, view });
  });
  app.view('why', async ({ ack, view }) => {
    const reason = view.state.values.reason?.text?.value;
    await ack(reason === 'no' ? { response_action: 'errors', errors: { reason: 'Say more.' } } : undefined);
  });
}

let browser: Browser;
let bolt: Bolt | undefined;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());
afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
  await bolt?.stop();
  bolt = undefined;
});

/** A started demo and its page; whatever the browser complains about fails the test. */
async function open(more: Parameters<typeof startBolt>[2] = {}, options: object = {}): Promise<Page> {
  bolt = await startBolt('socket', incidents, more);
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  page.on('pageerror', (error) => expect.fail(`the page threw: ${error.message}`));
  await page.goto(bolt.slack.pageUrl);
  await page.getByRole('heading', { name: 'incidents' }).waitFor();
  return page;
}

async function type(page: Page, line: string): Promise<void> {
  const box = page.getByRole('textbox', { name: `Message #${INCIDENTS.name}` });
  await box.fill(line);
  await box.press('Enter');
}

const log = (page: Page) => page.getByRole('log', { name: 'Channel messages' });

test('a command is answered by a card, its button asks first, and the card changes where it stands', async () => {
  const page = await open();
  await type(page, '/crashloop checkout-api');
  await page.getByRole('heading', { name: 'checkout-api is crash looping' }).waitFor();
  await page.getByRole('button', { name: 'Roll back' }).click();
  const question = page.getByRole('dialog', { name: 'Roll back?' });
  expect(await question.innerText()).toContain('Two pods restart.');
  await question.getByRole('button', { name: 'No' }).click();
  expect(await page.getByRole('button', { name: 'Roll back' }).isVisible()).toBe(true);
  await page.getByRole('button', { name: 'Roll back' }).click();
  await question.getByRole('button', { name: 'Yes' }).click();
  await log(page).getByText('approved by').waitFor();
  expect(await log(page).innerText()).toContain('@ann');
  expect(await page.getByRole('button', { name: 'Roll back' }).count()).toBe(0);
});

test('the thread opens beside the channel, takes a reply, and Escape closes it', async () => {
  const page = await open();
  await type(page, '/crashloop checkout-api');
  await page.getByRole('button', { name: /1 reply/ }).click();
  const thread = page.getByRole('complementary', { name: 'Thread' });
  await thread.getByText('Evidence:').waitFor();
  await thread.getByRole('textbox').fill('I see it too');
  await thread.getByRole('textbox').press('Enter');
  await thread.getByText('2 replies').waitFor();
  await log(page)
    .getByRole('button', { name: /2 replies/ })
    .waitFor();
  await page.keyboard.press('Escape');
  await thread.waitFor({ state: 'hidden' });
  expect(bolt?.slack.messages(INCIDENTS.id).at(-1)).toMatchObject({ user: ANN.id, text: 'I see it too' });
});

test('what is only for Ann is gone when the page becomes Bob', async () => {
  const page = await open();
  await type(page, '/crashloop nobody');
  await log(page).getByText('No pod is named').waitFor();
  expect(await log(page).innerText()).toContain('Only visible to you');
  await page.getByRole('radio', { name: 'Be Bob Builder' }).click();
  await page.getByRole('radio', { name: 'Be Bob Builder', checked: true }).waitFor();
  await page.getByText('A pod keeps restarting. Ask why.').waitFor();
  expect(await page.content()).not.toContain('No pod is named');
  await type(page, 'hello from me');
  await log(page).getByText(BOB.realName).waitFor();
});

test('a menu is driven by the keyboard alone, and nothing is chosen on the way', async () => {
  const page = await open();
  await type(page, '/crashloop checkout-api');
  await page.getByRole('button', { name: 'Other ways' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('menuitemradio', { name: 'Restart' }).waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Escape');
  expect(await page.getByRole('menu').count()).toBe(0);
  expect(await page.evaluate(FOCUSED)).toBe('other');
  await page.keyboard.press('Enter');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await log(page).getByText('You chose zero').waitFor();
});

test('a modal shows what is missing, what the app objects to, and closes when it is content', async () => {
  const page = await open();
  await type(page, '/crashloop checkout-api');
  await page.getByRole('button', { name: 'Reject' }).click();
  const modal = page.getByRole('dialog', { name: 'Reject' });
  await modal.getByRole('button', { name: 'Send' }).click();
  await modal.getByText('Please complete this required field.').waitFor();
  await modal.getByLabel('Reason').fill('no');
  await modal.getByRole('button', { name: 'Send' }).click();
  await modal.getByText('Say more.').waitFor();
  expect(await modal.getByLabel('Reason').inputValue()).toBe('no');
  await modal.getByLabel('Reason').fill('too risky at night');
  await page.keyboard.press('Enter');
  await modal.waitFor({ state: 'hidden' });
});

test('a message that is edited while a button has the focus leaves the focus there', async () => {
  const page = await open();
  await type(page, '/crashloop checkout-api');
  await page.getByRole('button', { name: 'Reject' }).focus();
  const message = bolt!.slack.messages(INCIDENTS.id)[0]!;
  await bolt!.app.client.chat.update({
    channel: INCIDENTS.id,
    ts: message.ts,
    text: 'x',
    blocks: card('checkout-api-2'),
  });
  await page.getByRole('heading', { name: 'checkout-api-2' }).waitFor();
  expect(await page.evaluate(FOCUSED)).toBe('reject');
});

test('foreign text is inert wherever it stands', async () => {
  const evil = { id: 'U0EVE', name: 'eve', realName: EVIL };
  const page = await open({
    users: [ANN, evil],
    channels: [{ ...INCIDENTS, topic: EVIL }],
    page: { banner: EVIL, suggestions: [{ text: EVIL, note: EVIL }] },
  });
  await bolt!.app.client.chat.postMessage({
    channel: INCIDENTS.id,
    text: EVIL,
    blocks: [
      { type: 'header', text: plain(EVIL) },
      { type: 'section', text: mrkdwn(`${EVIL} <javascript:alert(1)|click> <data:text/html,x|data>`) },
      { type: 'markdown', text: `# ${EVIL}\n\n- ${EVIL}\n\n[x](javascript:alert(1))` },
      { type: 'image', image_url: 'https://example.invalid/x.png', alt_text: EVIL },
      { type: 'context', elements: [mrkdwn(`<@${evil.id}> *${EVIL}*`)] },
    ],
  });
  await type(page, '/crashloop checkout-api');
  await page.getByRole('button', { name: /1 reply/ }).click();
  await page.getByText('Evidence:').waitFor();
  await page.getByRole('radio', { name: /Be .*img/ }).click();
  await page.getByText('Evidence:').waitFor();
  const found = await page.evaluate(`({
    pwned: 'pwned' in window,
    images: document.images.length,
    scripts: document.querySelectorAll('body script').length,
    links: [...document.links].map((link) => link.protocol).filter((protocol) => !/^https?:$/.test(protocol)),
  })`);
  expect(found).toEqual({ pwned: false, images: 0, scripts: 0, links: [] });
});

test('on a phone nothing is wider than the screen, and thread, channels and suggestions are within reach', async () => {
  const suggestions = [{ text: '/crashloop checkout-api', note: 'a lost variable' }];
  const page = await open({ page: { suggestions } }, { viewport: PHONE, isMobile: true, hasTouch: true });
  await page.getByRole('button', { name: 'Try this' }).tap();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /checkout-api/ })
    .tap();
  const box = page.getByRole('textbox', { name: `Message #${INCIDENTS.name}` });
  expect(await box.inputValue()).toBe('/crashloop checkout-api');
  await page.getByRole('button', { name: 'Send' }).tap();
  await page.getByRole('heading', { name: 'checkout-api is crash looping' }).waitFor();
  await type(page, `/crashloop ${LONG}`);
  await page.getByText(LONG).first().waitFor();
  const width = () => page.evaluate('document.documentElement.scrollWidth');
  expect(await width()).toBe(PHONE.width);
  await page
    .getByRole('button', { name: /1 reply/ })
    .last()
    .tap();
  await page.getByRole('complementary', { name: 'Thread' }).getByText('Evidence:').waitFor();
  expect(await width()).toBe(PHONE.width);
  await page.goBack();
  await page.getByRole('complementary', { name: 'Thread' }).waitFor({ state: 'hidden' });
  await page.getByRole('button', { name: 'Channels', exact: true }).tap();
  await page.getByRole('button', { name: 'incidents' }).waitFor();
  const small = await page.evaluate(`
    [...document.querySelectorAll('.message .button')].filter((one) => one.getBoundingClientRect().height < 40).length
  `);
  expect(small).toBe(0);
});

test('a suggestion goes into the message box, a slash offers the command, and Tab completes it', async () => {
  const page = await open({ page: { suggestions: [{ text: '/crashloop cart-api', note: 'a wrong port' }] } });
  await page
    .getByRole('complementary', { name: 'Workspace' })
    .getByRole('button', { name: /cart-api/ })
    .click();
  const box = page.getByRole('textbox', { name: `Message #${INCIDENTS.name}` });
  expect(await box.inputValue()).toBe('/crashloop cart-api');
  await box.fill('');
  await page.keyboard.type('/cr');
  await page.getByRole('button', { name: '/crashloop Tab to complete' }).waitFor();
  await page.keyboard.press('Tab');
  expect(await box.inputValue()).toBe('/crashloop ');
});

test('a slow app fails before the eyes of the visitor, in words of Slack', async () => {
  bolt = await startBolt('socket', (app) => {
    app.command('/crashloop', () => new Promise((resolve) => setTimeout(resolve, 3_500)));
  });
  const page = await browser.newPage();
  await page.goto(bolt.slack.pageUrl);
  await page.getByRole('heading', { name: 'incidents' }).waitFor();
  await type(page, '/crashloop x');
  await log(page).getByText('/crashloop failed with the error "operation_timeout"').waitFor();
});

test('where people must not be switched there is one person and the banner says what holds', async () => {
  const page = await open({ page: { canSwitch: false, banner: 'Your own cluster, read-only' } });
  expect(await page.getByRole('note').innerText()).toBe('Your own cluster, read-only');
  expect(await page.getByRole('radio').count()).toBe(0);
  const act = { do: 'say', as: BOB.id, channel: INCIDENTS.id, text: 'I am not Bob' };
  const answer = await page.evaluate(
    `fetch('/act', { method: 'POST', body: ${JSON.stringify(JSON.stringify(act))} }).then((response) => response.json())`,
  );
  expect(answer).toEqual({ ok: false, reason: `The page may not act as ${BOB.id}.` });
  expect(bolt?.slack.messages(INCIDENTS.id)).toEqual([]);
});

test('when the demo stops the page says so, and when the address has no key it stays shut', async () => {
  const page = await open();
  const address = new URL(bolt!.slack.pageUrl);
  expect(page.url()).toBe(`${address.origin}/`);
  const stranger = await browser.newContext();
  const other = await stranger.newPage();
  expect((await other.goto(`${address.origin}/`))?.status()).toBe(401);
  expect((await other.goto(`${address.origin}/?token=guess`))?.status()).toBe(401);
  await bolt!.stop();
  bolt = undefined;
  await page.locator('body.offline').waitFor();
});
