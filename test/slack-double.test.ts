// The Slack double with a real Bolt app behind it, in Socket Mode and over signed HTTP: what a person does reaches the
// app as Slack would send it, and what the app answers appears where Slack would show it.

import type { App } from '@slack/bolt';
import { afterEach, describe, expect, test } from 'vitest';
import { ANN, BOB, type Bolt, INCIDENTS, startBolt } from './support/bolt-app.ts';

let bolt: Bolt | undefined;
afterEach(async () => {
  await bolt?.stop();
  bolt = undefined;
});

const card = (text: string) => [
  { type: 'section', block_id: 'words', text: { type: 'mrkdwn', text } },
  {
    type: 'actions',
    block_id: 'buttons',
    elements: [
      { type: 'button', action_id: 'approve', text: { type: 'plain_text', text: 'Approve' }, value: 'plan-1' },
      {
        type: 'static_select',
        action_id: 'pick',
        options: ['a', 'b'].map((value) => ({ text: { type: 'plain_text' as const, text: value }, value })),
      },
    ],
  },
];

function cardApp(app: App): void {
  app.command('/crashloop', async ({ ack, command, client }) => {
    await ack();
    await client.chat.postMessage({ channel: command.channel_id, text: command.text, blocks: card(command.text) });
  });
}

describe.each(['socket', 'http'] as const)('in %s mode', (mode) => {
  test('a command is answered by a message that both people see', async () => {
    bolt = await startBolt(mode, cardApp);
    expect(await bolt.slack.send.command(ANN.id, INCIDENTS.id, '/crashloop  checkout-api -n shop')).toEqual({
      ok: true,
    });
    await expect
      .poll(() => bolt?.slack.messages(INCIDENTS.id, BOB.id).map((one) => one.text))
      .toEqual(['checkout-api -n shop']);
  });

  test('an acknowledgement with text is seen by the person who asked and by nobody else', async () => {
    bolt = await startBolt(mode, (app) => {
      app.command('/crashloop', ({ ack }) => ack({ text: 'for your eyes', response_type: 'ephemeral' }));
    });
    await bolt.slack.send.command(ANN.id, INCIDENTS.id, '/crashloop x');
    expect(bolt.slack.messages(INCIDENTS.id, ANN.id).map((one) => one.text)).toEqual(['for your eyes']);
    expect(bolt.slack.messages(INCIDENTS.id, BOB.id)).toEqual([]);
    expect(bolt.slack.messages(INCIDENTS.id)).toEqual([]);
  });

  test('an acknowledgement in the channel shows the command too', async () => {
    bolt = await startBolt(mode, (app) => {
      app.command('/crashloop', ({ ack }) => ack({ text: 'for all', response_type: 'in_channel' }));
    });
    await bolt.slack.send.command(ANN.id, INCIDENTS.id, '/crashloop x');
    const seen = bolt.slack.messages(INCIDENTS.id, BOB.id).map((one) => [one.user, one.text]);
    expect(seen).toEqual([
      [ANN.id, '/crashloop x'],
      [bolt.slack.bot.userId, 'for all'],
    ]);
  });

  test('a command that is not acknowledged in three seconds fails before the eyes of the person', async () => {
    bolt = await startBolt(mode, (app) => {
      app.command('/crashloop', () => new Promise((resolve) => setTimeout(resolve, 4_000)));
    });
    const outcome = await bolt.slack.send.command(ANN.id, INCIDENTS.id, '/crashloop x');
    expect(outcome).toEqual({ ok: false, reason: 'operation_timeout' });
    expect(bolt.slack.messages(INCIDENTS.id, ANN.id).at(-1)?.text).toBe(
      '/crashloop failed with the error "operation_timeout"',
    );
  });

  test('a command fails when no app is there', async () => {
    bolt = await startBolt(mode, cardApp);
    await bolt.app.stop();
    await expect.poll(() => bolt?.slack.socket.connections()).toBe(0);
    const outcome = await bolt.slack.send.command(ANN.id, INCIDENTS.id, '/crashloop x');
    expect(outcome).toEqual({ ok: false, reason: 'dispatch_failed' });
  });

  test('an acknowledgement that Slack could not show fails the command', async () => {
    bolt = await startBolt(mode, (app) => {
      app.command('/crashloop', ({ ack }) => ack({ text: 'x', blocks: card('x'.repeat(3001)) }));
    });
    expect(await bolt.slack.send.command(ANN.id, INCIDENTS.id, '/crashloop x')).toEqual({
      ok: false,
      reason: 'invalid_command_response',
    });
  });

  test('a button carries its value, the message, and who pressed it, and the card can be edited', async () => {
    const pressed: unknown[] = [];
    bolt = await startBolt(mode, (app) => {
      cardApp(app);
      app.action({ type: 'block_actions', action_id: 'approve' }, async ({ ack, action, body, client }) => {
        await ack();
        pressed.push([body.user.id, action.type === 'button' && action.value, body.message?.text]);
        const blocks = [{ type: 'section', text: { type: 'mrkdwn', text: `approved by <@${body.user.id}>` } }];
        await client.chat.update({ channel: body.channel?.id ?? '', ts: body.message?.ts ?? '', text: 'ok', blocks });
      });
    });
    await bolt.slack.send.command(ANN.id, INCIDENTS.id, '/crashloop x');
    await expect.poll(() => bolt?.slack.messages(INCIDENTS.id).length).toBe(1);
    const message = bolt.slack.messages(INCIDENTS.id)[0]!;
    expect(await bolt.slack.send.click(BOB.id, message, 'approve')).toEqual({ ok: true });
    await expect.poll(() => bolt?.slack.lines(bolt.slack.messages(INCIDENTS.id)[0]!)).toEqual(['approved by @bob']);
    expect(pressed).toEqual([[BOB.id, 'plan-1', 'x']]);
    expect(bolt.slack.pings(bolt.slack.messages(INCIDENTS.id)[0]!).users).toEqual([BOB.id]);
  });

  test('two people who press at the same moment are both heard, the second with the old card', async () => {
    const values: unknown[] = [];
    bolt = await startBolt(mode, (app) => {
      cardApp(app);
      app.action('approve', async ({ ack, body, action, client }) => {
        await ack();
        if (body.type !== 'block_actions' || action.type !== 'button') return;
        values.push(action.value);
        await client.chat.update({ channel: INCIDENTS.id, ts: body.message?.ts ?? '', text: 'taken', blocks: [] });
      });
    });
    await bolt.slack.send.command(ANN.id, INCIDENTS.id, '/crashloop x');
    await expect.poll(() => bolt?.slack.messages(INCIDENTS.id).length).toBe(1);
    const seen = bolt.slack.messages(INCIDENTS.id)[0]!;
    await bolt.slack.send.click(ANN.id, seen, 'approve');
    await expect.poll(() => bolt?.slack.messages(INCIDENTS.id)[0]?.text).toBe('taken');
    await bolt.slack.send.click(BOB.id, seen, 'approve');
    expect(values).toEqual(['plan-1', 'plan-1']);
    const updates = () => bolt?.slack.requests().filter(({ method }) => method === 'chat.update').length;
    await expect.poll(updates).toBe(2);
  });

  test('a menu sends the option that was chosen, and the state holds it at the next press', async () => {
    const heard: unknown[] = [];
    bolt = await startBolt(mode, (app) => {
      cardApp(app);
      app.action(/.*/, async ({ ack, body }) => {
        await ack();
        if (body.type === 'block_actions') heard.push(body.state?.values.buttons?.pick?.selected_option?.value);
      });
    });
    await bolt.slack.send.command(ANN.id, INCIDENTS.id, '/crashloop x');
    await expect.poll(() => bolt?.slack.messages(INCIDENTS.id).length).toBe(1);
    const message = bolt.slack.messages(INCIDENTS.id)[0]!;
    await bolt.slack.send.click(ANN.id, message, 'pick', { choice: 'b' });
    await bolt.slack.send.click(ANN.id, message, 'approve');
    await bolt.slack.send.click(BOB.id, message, 'approve');
    expect(heard).toEqual(['b', 'b', undefined]);
    await expect(bolt.slack.send.click(ANN.id, message, 'pick', { choice: 'z' })).rejects.toThrow('has no option "z"');
    await expect(bolt.slack.send.click(ANN.id, message, 'other')).rejects.toThrow('has no element "other"');
  });

  test('a modal opens, refuses an empty field, shows the errors of the app, and closes', async () => {
    bolt = await startBolt(mode, (app) => {
      app.command('/crashloop', async ({ ack, body, client }) => {
        await ack();
        await client.views.open({
          trigger_id: body.trigger_id,
          view: {
            type: 'modal',
            callback_id: 'why',
            title: { type: 'plain_text', text: 'Reject' },
            submit: { type: 'plain_text', text: 'Send' },
            blocks: [
              {
                type: 'input',
                block_id: 'reason',
                label: { type: 'plain_text', text: 'Reason' },
                element: { type: 'plain_text_input', action_id: 'text' },
              },
            ],
          },
        });
      });
      app.view('why', async ({ ack, view }) => {
        const reason = view.state.values.reason?.text?.value;
        if (reason === 'no') await ack({ response_action: 'errors', errors: { reason: 'Say more.' } });
        else await ack();
      });
    });
    const { slack } = bolt;
    await slack.send.command(ANN.id, INCIDENTS.id, '/crashloop x');
    await expect.poll(() => slack.views(ANN.id).length).toBe(1);
    expect(slack.views(BOB.id)).toEqual([]);
    const id = slack.views(ANN.id)[0]!.id;
    expect(await slack.send.submitView(ANN.id, id, { text: '' })).toMatchObject({ ok: false, reason: 'incomplete' });
    const refused = await slack.send.submitView(ANN.id, id, { text: 'no' });
    expect(refused).toEqual({ ok: false, reason: 'errors', errors: { reason: 'Say more.' } });
    expect(await slack.send.submitView(ANN.id, id, { text: 'too risky at night' })).toEqual({ ok: true });
    expect(slack.views(ANN.id)).toEqual([]);
  });

  test('a mention reaches the app with the ids in place of the names', async () => {
    const heard: unknown[] = [];
    bolt = await startBolt(mode, (app) => {
      app.event('app_mention', async ({ event }) => {
        heard.push([event.user, event.text]);
      });
    });
    const message = await bolt.slack.send.say(ANN.id, INCIDENTS.id, 'hello @loopbreaker, ask @bob');
    expect(message.text).toBe(`hello <@${bolt.slack.bot.userId}>, ask <@${BOB.id}>`);
    expect(heard).toEqual([[ANN.id, message.text]]);
  });

  test('a message shortcut brings the message with it', async () => {
    const heard: unknown[] = [];
    bolt = await startBolt(mode, (app) => {
      app.shortcut('diagnose', async ({ ack, shortcut, respond }) => {
        await ack();
        if (shortcut.type === 'message_action') heard.push(shortcut.message.text);
        await respond('I am on it');
      });
    });
    const message = await bolt.slack.send.say(BOB.id, INCIDENTS.id, 'pod is <crashing> & burning');
    await bolt.slack.send.messageShortcut(ANN.id, message, 'diagnose');
    await expect.poll(() => bolt?.slack.messages(INCIDENTS.id, ANN.id).at(-1)?.text).toBe('I am on it');
    expect(heard).toEqual(['pod is &lt;crashing&gt; &amp; burning']);
    expect(bolt.slack.messages(INCIDENTS.id, BOB.id)).toHaveLength(1);
  });
});

test('a command in a thread never reaches the app', async () => {
  const heard: unknown[] = [];
  bolt = await startBolt('socket', (app) => {
    app.command('/crashloop', async ({ ack, command }) => {
      heard.push(command);
      await ack();
    });
  });
  const message = await bolt.slack.send.say(ANN.id, INCIDENTS.id, 'a thread');
  await bolt.slack.send.command(ANN.id, INCIDENTS.id, '/crashloop x', message.ts);
  expect(heard).toEqual([]);
  expect(bolt.slack.messages(INCIDENTS.id, ANN.id).at(-1)?.text).toBe('/crashloop is not supported in threads. Sorry!');
});

test('a bad signature is refused by the app, and the person sees that the command failed', async () => {
  bolt = await startBolt('http', cardApp, { signingSecret: 'another secret' });
  const outcome = await bolt.slack.send.command(ANN.id, INCIDENTS.id, '/crashloop x');
  expect(outcome).toEqual({ ok: false, reason: 'dispatch_failed' });
  expect(bolt.slack.messages(INCIDENTS.id)).toEqual([]);
});

test('each Socket Mode envelope goes to one connection, and a refreshed connection comes back', async () => {
  const heard: string[] = [];
  bolt = await startBolt('socket', (app) => {
    app.command('/crashloop', async ({ ack, command }) => {
      await ack();
      heard.push(command.text);
    });
  });
  const { slack } = bolt;
  for (const text of ['1', '2', '3']) await slack.send.command(ANN.id, INCIDENTS.id, `/crashloop ${text}`);
  expect(heard).toEqual(['1', '2', '3']);
  slack.socket.disconnectAll('refresh_requested');
  await expect.poll(() => slack.socket.connections()).toBe(0);
  await expect.poll(() => slack.socket.connections(), { timeout: 20_000 }).toBe(1);
  expect(await slack.send.command(ANN.id, INCIDENTS.id, '/crashloop 4')).toEqual({ ok: true });
});
