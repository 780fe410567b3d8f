// The double's Web API, refusal by refusal: an app that gets an answer here would get it from Slack, and an app that
// Slack would refuse is refused here in the same words. The clock is turned by hand.

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Slack, type SlackOptions, startSlack } from '../src/demo/slack/server.ts';
import { ANN, BOB, INCIDENTS, SECRETS } from './support/bolt-app.ts';

const GUEST = { id: 'U0GUEST', name: 'gus', isUltraRestricted: true };
const STRANGER = { id: 'U0FAR', name: 'fay', isStranger: true, teamId: 'T0FAR' };
const GONE = { id: 'U0GONE', name: 'gone', deleted: true };
const SHARED = { id: 'C0EXT', name: 'with-customer', isExtShared: true, contextTeamId: 'T0FAR' };
const OUTSIDE = { id: 'C0OUT', name: 'not-invited', botIsMember: false };
const SECRET = { id: 'C0SEC', name: 'secret', isPrivate: true, botIsMember: false };
const QUIET = { id: 'C0OLD', name: 'old', isArchived: true };
const ALONE = { id: 'C0ANN', name: 'ann-only', members: [ANN.id] };

let slack: Slack;
let clockMs = 0;

async function start(more: Partial<SlackOptions> = {}): Promise<void> {
  slack = await startSlack({
    mode: 'socket',
    ...SECRETS,
    users: [ANN, BOB, GUEST, STRANGER, GONE],
    channels: [INCIDENTS, SHARED, OUTSIDE, SECRET, QUIET, ALONE],
    userGroups: [{ id: 'S0OPS', handle: 'oncall', users: [ANN.id] }],
    commands: ['/crashloop'],
    now: () => clockMs,
    ...more,
  });
}

beforeEach(async () => {
  clockMs = Date.parse('2026-11-21T03:00:00Z');
  await start();
});
afterEach(() => slack.stop());

// biome-ignore lint/suspicious/noExplicitAny: every method answers with fields of its own
type Fields = Record<string, any>;
type Answer = { status: number; headers: Headers; body: Fields };

/** One call as a form, objects as JSON, the way Slack's own client does. */
async function call(method: string, args: Record<string, unknown> = {}, token = SECRETS.botToken): Promise<Answer> {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(args)) {
    form.set(name, typeof value === 'string' ? value : JSON.stringify(value));
  }
  const headers: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {};
  const response = await fetch(slack.apiUrl + method, { method: 'POST', headers, body: form });
  return { status: response.status, headers: response.headers, body: (await response.json()) as Fields };
}

const post = (args: Record<string, unknown> = {}) =>
  call('chat.postMessage', { channel: INCIDENTS.id, text: 'hi', ...args });
const error = async (answer: Promise<Answer>) => (await answer).body.error;
const texts = (user?: string) => slack.messages(INCIDENTS.id, user).map((message) => message.text);

describe('who calls', () => {
  test('no token, a wrong token, the other token and a missing scope are refused', async () => {
    expect(await error(call('auth.test', {}, ''))).toBe('not_authed');
    expect(await error(call('auth.test', {}, 'xoxb-stolen'))).toBe('invalid_auth');
    expect(await error(call('auth.test', {}, SECRETS.appToken))).toBe('not_allowed_token_type');
    expect(await error(call('apps.connections.open'))).toBe('not_allowed_token_type');
    await slack.stop();
    await start({ scopes: ['chat:write'] });
    expect((await call('users.info', { user: ANN.id })).body).toMatchObject({
      error: 'missing_scope',
      needed: 'users:read',
      provided: 'chat:write',
    });
  });

  test('an unknown method is named as such, also where the language itself knows the word', async () => {
    expect(await error(call('chat.shout'))).toBe('unknown_method');
    expect(await error(call('constructor'))).toBe('unknown_method');
  });

  test('a form with the token in it and a JSON body work too; broken JSON does not', async () => {
    const url = `${slack.apiUrl}auth.test`;
    const form = await fetch(url, { method: 'POST', body: new URLSearchParams({ token: SECRETS.botToken }) });
    expect(await form.json()).toMatchObject({ ok: true, user_id: slack.bot.userId });
    const headers = { authorization: `Bearer ${SECRETS.botToken}`, 'content-type': 'application/json' };
    expect(await (await fetch(url, { method: 'POST', headers, body: '{' })).json()).toMatchObject({ ok: false });
  });

  test('the API does not answer a browser or another name for this machine', async () => {
    const headers = { origin: 'http://evil.example', authorization: `Bearer ${SECRETS.botToken}` };
    expect((await fetch(`${slack.apiUrl}auth.test`, { method: 'POST', headers })).status).toBe(403);
  });
});

describe('posting', () => {
  test('the same request twice posts twice', async () => {
    const [first, second] = [await post(), await post()];
    expect(texts()).toEqual(['hi', 'hi']);
    expect(first.body.ts).not.toBe(second.body.ts);
  });

  test('a message needs a channel that the bot may write in, and something to say', async () => {
    expect(await error(post({ channel: 'C0NOPE' }))).toBe('channel_not_found');
    expect(await error(post({ channel: OUTSIDE.id }))).toBe('not_in_channel');
    expect(await error(post({ channel: SECRET.id }))).toBe('channel_not_found');
    expect(await error(post({ channel: QUIET.id }))).toBe('is_archived');
    expect(await error(post({ text: '' }))).toBe('no_text');
    expect(await error(post({ text: 'x'.repeat(40_001) }))).toBe('msg_too_long');
    expect(await error(post({ blocks: '{' }))).toBe('invalid_blocks_format');
  });

  test('a reply goes below its parent and may be shown in the channel; replies and ghosts have no replies', async () => {
    const parent = (await post()).body.ts;
    const reply = await post({ thread_ts: parent, reply_broadcast: true, text: 're' });
    expect(reply.body.message).toMatchObject({ thread_ts: parent, subtype: 'thread_broadcast' });
    expect(await error(post({ thread_ts: reply.body.ts }))).toBe('cannot_reply_to_message');
    expect(await error(post({ thread_ts: '1.000001' }))).toBe('thread_not_found');
  });

  test('metadata needs a type and a payload', async () => {
    expect(await error(post({ metadata: { event_type: 'x' } }))).toBe('invalid_metadata_schema');
    const metadata = { event_type: 'incident', event_payload: { id: '7' } };
    expect((await post({ metadata })).body.message.metadata).toEqual(metadata);
  });

  test('an ephemeral message is seen by one person and cannot be found again', async () => {
    const answer = await call('chat.postEphemeral', { channel: INCIDENTS.id, user: ANN.id, text: 'psst' });
    expect([texts(ANN.id), texts(BOB.id)]).toEqual([['psst'], []]);
    const ts = answer.body.message_ts;
    expect(await error(call('chat.update', { channel: INCIDENTS.id, ts, text: 'x' }))).toBe('message_not_found');
    expect(await error(call('chat.delete', { channel: INCIDENTS.id, ts }))).toBe('message_not_found');
    expect(await error(post({ thread_ts: ts }))).toBe('thread_not_found');
    const toBob = call('chat.postEphemeral', { channel: ALONE.id, user: BOB.id, text: 'psst' });
    expect(await error(toBob)).toBe('user_not_in_channel');
  });
});

describe('editing', () => {
  const section = (text: string) => [{ type: 'section', text: { type: 'mrkdwn', text } }];

  test('only the own message, and only with content', async () => {
    const other = await slack.send.say(ANN.id, INCIDENTS.id, 'mine');
    const update = (args: object) => error(call('chat.update', { channel: INCIDENTS.id, ...args }));
    expect(await update({ ts: other.ts, text: 'x' })).toBe('cant_update_message');
    expect(await update({ ts: '1.2', text: 'x' })).toBe('message_not_found');
    const { ts } = (await post()).body;
    expect(await update({ ts })).toBe('no_text');
    expect(await update({ ts, text: 'x'.repeat(4_001) })).toBe('msg_too_long');
  });

  test('text alone takes the place of the blocks and shows as edited; blocks do not', async () => {
    const { ts } = (await post({ blocks: section('one') })).body;
    await call('chat.update', { channel: INCIDENTS.id, ts, text: 'two', blocks: section('two') });
    expect(slack.messages(INCIDENTS.id)[0]).toMatchObject({ text: 'two', edited: undefined });
    await call('chat.update', { channel: INCIDENTS.id, ts, text: 'three' });
    expect(slack.messages(INCIDENTS.id)[0]).toMatchObject({ text: 'three', blocks: [], edited: expect.anything() });
  });

  test('a deleted parent leaves its thread behind', async () => {
    const { ts } = (await post()).body;
    await post({ thread_ts: ts, text: 're' });
    await call('chat.delete', { channel: INCIDENTS.id, ts });
    expect(texts()).toEqual(['This message was deleted.', 're']);
    expect(await error(call('chat.delete', { channel: INCIDENTS.id, ts }))).toBe('message_not_found');
  });

  test('a message has an address', async () => {
    const { ts } = (await post()).body;
    const answer = await call('chat.getPermalink', { channel: INCIDENTS.id, message_ts: ts });
    expect(answer.body.permalink).toBe(`https://demo.slack.com/archives/${INCIDENTS.id}/p${ts.replace('.', '')}`);
  });
});

describe('rate limits', () => {
  test('posting faster than one a second in one channel is told how long to wait, and the message is not posted', async () => {
    const answers = [];
    for (let count = 0; count < 6; count += 1) answers.push(await post());
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(2);
    expect(refused[0]?.headers.get('retry-after')).toBe('1');
    expect(refused[0]?.body).toEqual({ ok: false, error: 'ratelimited' });
    expect(texts()).toHaveLength(4);
    expect((await post({ channel: SHARED.id })).status).toBe(200);
    clockMs += 1_000;
    expect((await post()).status).toBe(200);
  });

  test('a message may be edited fifty times a minute', async () => {
    const { ts } = (await post()).body;
    const edit = () => call('chat.update', { channel: INCIDENTS.id, ts, text: 'x' });
    const answers = await Promise.all(Array.from({ length: 51 }, edit));
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(1);
  });
});

describe('who is who', () => {
  test('guests, strangers and people who left are told apart', async () => {
    const info = async (user: string) => (await call('users.info', { user })).body.user;
    expect(await info(ANN.id)).toMatchObject({ is_restricted: false, is_bot: false, team_id: 'T0DEMO' });
    expect(await info(GUEST.id)).toMatchObject({ is_restricted: true, is_ultra_restricted: true });
    expect(await info(STRANGER.id)).toMatchObject({ is_stranger: true, team_id: 'T0FAR' });
    const gone = await info(GONE.id);
    expect(gone.deleted).toBe(true);
    expect(gone).not.toHaveProperty('is_restricted');
    expect(await error(call('users.info', { user: 'U0NOPE' }))).toBe('user_not_found');
  });

  test('a shared channel says so, a private one hides from a bot that is not in it', async () => {
    const info = (channel: string) => call('conversations.info', { channel });
    expect((await info(SHARED.id)).body.channel).toMatchObject({ is_ext_shared: true, context_team_id: 'T0FAR' });
    expect((await info(INCIDENTS.id)).body.channel).toMatchObject({ is_ext_shared: false, is_member: true });
    expect((await info(OUTSIDE.id)).body.channel).toMatchObject({ is_member: false });
    expect((await info(SECRET.id)).body.error).toBe('channel_not_found');
  });

  test('members come in pages, a user group names its people', async () => {
    const first = await call('conversations.members', { channel: INCIDENTS.id, limit: 2 });
    const cursor = first.body.response_metadata.next_cursor;
    const second = await call('conversations.members', { channel: INCIDENTS.id, limit: 9, cursor });
    expect([...first.body.members, ...second.body.members]).toEqual([
      ...[ANN.id, BOB.id, GUEST.id, STRANGER.id],
      slack.bot.userId,
    ]);
    expect((await call('usergroups.users.list', { usergroup: 'S0OPS' })).body.users).toEqual([ANN.id]);
    expect(await error(call('usergroups.users.list', { usergroup: 'S0NO' }))).toBe('no_such_subteam');
  });
});

describe('short-lived keys', () => {
  const view = { type: 'modal', title: { type: 'plain_text', text: 'Why' }, blocks: [{ type: 'divider' }] };

  /** The payload of a command: nobody is connected, so it fails, but its keys are real. */
  async function keys(): Promise<{ trigger_id: string; response_url: string }> {
    const { createServer } = await import('node:http');
    const { text } = await import('node:stream/consumers');
    let payload: Record<string, string> = {};
    const app = createServer(async (request, response) => {
      payload = Object.fromEntries(new URLSearchParams(await text(request)));
      response.end();
    });
    await new Promise<void>((resolve) => app.listen(0, '127.0.0.1', resolve));
    await slack.stop();
    await start({ mode: 'http', appUrl: `http://127.0.0.1:${(app.address() as { port: number }).port}/` });
    await slack.send.command(ANN.id, INCIDENTS.id, '/crashloop x');
    app.close();
    return payload as { trigger_id: string; response_url: string };
  }

  const answer = (url: string, body: object) => fetch(url, { method: 'POST', body: JSON.stringify(body) });

  test('a trigger id opens one modal', async () => {
    const { trigger_id } = await keys();
    expect((await call('views.open', { trigger_id, view })).body.ok).toBe(true);
    expect(await error(call('views.open', { trigger_id, view }))).toBe('exchanged_trigger_id');
    expect(await error(call('views.open', { trigger_id: 'made.up', view }))).toBe('invalid_trigger_id');
  });

  test('a trigger id lives three seconds', async () => {
    const { trigger_id } = await keys();
    clockMs += 3_001;
    expect(await error(call('views.open', { trigger_id, view }))).toBe('expired_trigger_id');
  });

  test('a malformed modal is refused and costs no trigger', async () => {
    const { trigger_id } = await keys();
    const bad = { ...view, title: { type: 'plain_text', text: 'x'.repeat(25) }, submit_disabled: true };
    expect((await call('views.open', { trigger_id, view: bad })).body).toMatchObject({
      error: 'invalid_arguments',
      response_metadata: {
        messages: [
          '[ERROR] must be less than 25 characters [json-pointer:/view/title/text]',
          '[ERROR] invalid additional property: submit_disabled [json-pointer:/view]',
        ],
      },
    });
    expect((await call('views.open', { trigger_id, view })).body.ok).toBe(true);
  });

  test('a modal is updated by its id and hash', async () => {
    const { trigger_id } = await keys();
    const opened = (await call('views.open', { trigger_id, view })).body.view;
    const updated = await call('views.update', { view_id: opened.id, hash: opened.hash, view });
    expect(updated.body.ok).toBe(true);
    expect(await error(call('views.update', { view_id: opened.id, hash: opened.hash, view }))).toBe('hash_conflict');
    expect(await error(call('views.update', { view_id: 'V0', view }))).toBe('not_found');
  });

  test('a response URL answers five times', async () => {
    const { response_url } = await keys();
    for (const text of ['1', '2', '3', '4', '5']) expect((await answer(response_url, { text })).status).toBe(200);
    expect(await (await answer(response_url, { text: '6' })).json()).toEqual({ ok: false, error: 'used_url' });
    expect([texts(ANN.id), texts(BOB.id)]).toEqual([['1', '2', '3', '4', '5'], []]);
  });

  test('a response URL lives half an hour, and a command has no original to replace', async () => {
    const { response_url } = await keys();
    await answer(response_url, { text: 'first', response_type: 'in_channel' });
    await answer(response_url, { text: 'second', response_type: 'in_channel', replace_original: true });
    expect(texts(BOB.id)).toEqual(['first', 'second']);
    expect((await answer(response_url, { blocks: [{ type: 'nope' }] })).status).toBe(400);
    clockMs += 30 * 60_000 + 1;
    expect(await (await answer(response_url, { text: 'late' })).json()).toEqual({ ok: false, error: 'expired_url' });
  });
});

test('every call is remembered with its result, without its token', async () => {
  await post();
  await call('chat.shout');
  expect(slack.requests().map(({ method, result }) => [method, result])).toEqual([
    ['chat.postMessage', 'ok'],
    ['chat.shout', 'unknown_method'],
  ]);
  expect(JSON.stringify(slack.requests())).not.toContain(SECRETS.botToken);
});
