// The Slack double seen by a program that speaks the wire itself, without Bolt: what happens to an app that is slow,
// that opens too many connections, or that forges a ticket.

import { spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { type Slack, type SlackOptions, startSlack } from '../src/demo/slack/server.ts';
import { ANN, INCIDENTS, SECRETS } from './support/bolt-app.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function start(mode: 'socket' | 'http', more: Partial<SlackOptions> = {}): Promise<Slack> {
  const base = { mode, ...SECRETS, users: [ANN], channels: [INCIDENTS], commands: ['/crashloop'] };
  const slack = await startSlack({ ...base, ...more });
  closers.push(slack.stop);
  return slack;
}

async function socketUrl(slack: Slack): Promise<string> {
  const headers = { authorization: `Bearer ${SECRETS.appToken}` };
  const response = await fetch(`${slack.apiUrl}apps.connections.open`, { method: 'POST', headers });
  return ((await response.json()) as { url: string }).url;
}

type Heard = Record<string, never>;

/** A connection that keeps what it hears; it acknowledges nothing by itself. */
async function connect(slack: Slack): Promise<{ socket: WebSocket; heard: Heard[]; closed: Promise<unknown> }> {
  const socket = new WebSocket(await socketUrl(slack));
  const heard: Heard[] = [];
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.on('message', (data) => heard.push(JSON.parse(String(data))));
  await expect.poll(() => heard.length).toBe(1);
  return { socket, heard, closed };
}

test('a connection is greeted, gets its envelopes, and its acknowledgement may carry the answer', async () => {
  const slack = await start('socket');
  const { socket, heard } = await connect(slack);
  expect(heard[0]).toMatchObject({ type: 'hello', num_connections: 1 });
  const outcome = slack.send.command(ANN.id, INCIDENTS.id, '/crashloop x');
  await expect.poll(() => heard.length).toBe(2);
  expect(heard[1]).toMatchObject({
    type: 'slash_commands',
    accepts_response_payload: true,
    payload: { command: '/crashloop', text: 'x', user_id: ANN.id, channel_id: INCIDENTS.id },
  });
  socket.send(JSON.stringify({ envelope_id: heard[1]?.envelope_id, payload: { text: 'hello' } }));
  expect(await outcome).toEqual({ ok: true });
  expect(slack.messages(INCIDENTS.id, ANN.id).at(-1)?.text).toBe('hello');
});

test('a button says nothing back through its acknowledgement', async () => {
  const slack = await start('socket');
  const { socket, heard } = await connect(slack);
  const blocks = [
    { type: 'actions', elements: [{ type: 'button', action_id: 'go', text: { type: 'plain_text', text: 'Go' } }] },
  ];
  await fetch(`${slack.apiUrl}chat.postMessage`, {
    method: 'POST',
    headers: { authorization: `Bearer ${SECRETS.botToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({ channel: INCIDENTS.id, text: 'x', blocks }),
  });
  const outcome = slack.send.click(ANN.id, slack.messages(INCIDENTS.id)[0]!, 'go');
  await expect.poll(() => heard.length).toBe(2);
  socket.send(JSON.stringify({ envelope_id: heard[1]?.envelope_id, payload: { text: 'ignored' } }));
  expect(await outcome).toEqual({ ok: true });
  expect(slack.messages(INCIDENTS.id, ANN.id)).toHaveLength(1);
});

test('an event that nobody acknowledges comes again over the socket, numbered, with the same id', async () => {
  const slack = await start('socket', { eventRetryAfterMs: [0] });
  const { heard } = await connect(slack);
  await slack.send.say(ANN.id, INCIDENTS.id, '@loopbreaker are you there');
  await expect.poll(() => heard.length).toBe(3);
  const [, first, second] = heard as unknown as { retry_attempt: number; payload: { event_id: string } }[];
  expect([first?.retry_attempt, second?.retry_attempt]).toEqual([0, 1]);
  expect(second?.payload.event_id).toBe(first?.payload.event_id);
});

test('an event that is answered with an error comes again over HTTP, signed and numbered', async () => {
  const heard: { headers: IncomingHttpHeaders; body: string }[] = [];
  const app = createServer(async (request, response) => {
    heard.push({ headers: request.headers, body: await text(request) });
    response.writeHead(heard.length === 1 ? 500 : 200).end();
  });
  await new Promise<void>((resolve) => app.listen(0, '127.0.0.1', resolve));
  closers.push(() => app.close());
  const appUrl = `http://127.0.0.1:${(app.address() as AddressInfo).port}/slack/events`;
  const slack = await start('http', { appUrl, eventRetryAfterMs: [0] });
  await slack.send.say(ANN.id, INCIDENTS.id, '@loopbreaker are you there');
  await expect.poll(() => heard.length).toBe(2);
  expect(heard.map(({ headers }) => headers['x-slack-retry-num'])).toEqual([undefined, '1']);
  expect(heard[1]?.headers['x-slack-retry-reason']).toBe('http_error');
  for (const { headers, body } of heard) {
    const base = `v0:${headers['x-slack-request-timestamp']}:${body}`;
    const expected = createHmac('sha256', SECRETS.signingSecret).update(base).digest('hex');
    expect(headers['x-slack-signature']).toBe(`v0=${expected}`);
  }
});

test('the envelopes are spread over the connections, each goes to one', async () => {
  const slack = await start('socket');
  const connections = [await connect(slack), await connect(slack)];
  for (const { socket } of connections) {
    socket.on('message', (data) => {
      socket.send(JSON.stringify({ envelope_id: JSON.parse(String(data)).envelope_id, payload: {} }));
    });
  }
  for (const text of ['1', '2', '3', '4']) await slack.send.command(ANN.id, INCIDENTS.id, `/crashloop ${text}`);
  expect(connections.map(({ heard }) => heard.length - 1)).toEqual([2, 2]);
});

test('an eleventh connection is sent away', async () => {
  const slack = await start('socket', { rateLimits: false });
  for (let count = 0; count < 10; count += 1) await connect(slack);
  const { heard, closed } = await connect(slack);
  await closed;
  expect(heard[0]).toMatchObject({ type: 'disconnect', reason: 'too_many_websockets' });
  expect(slack.socket.connections()).toBe(10);
});

test('a socket address works once, and an invented one never', async () => {
  const slack = await start('socket');
  const address = await socketUrl(slack);
  const first = new WebSocket(address);
  await new Promise((resolve) => first.once('open', resolve));
  for (const bad of [address, address.replace(/ticket=\w+/, 'ticket=abc')]) {
    const socket = new WebSocket(bad);
    expect(String(await new Promise((resolve) => socket.once('error', resolve)))).toContain('401');
  }
});

test('as a process of its own it prints where it is, answers there, and ends when told', async () => {
  const program = fileURLToPath(new URL('../src/demo/slack/main.ts', import.meta.url));
  const settings = { mode: 'socket', ...SECRETS, users: [ANN], channels: [INCIDENTS], commands: [] };
  const child = spawn(process.execPath, ['--import', 'tsx', program, JSON.stringify(settings)]);
  closers.push(() => child.kill('SIGKILL'));
  let printed = '';
  child.stdout.on('data', (data) => {
    printed += data;
  });
  await expect.poll(() => printed, { timeout: 20_000 }).toContain('\n');
  const { apiUrl, pageUrl, token } = JSON.parse(printed) as Record<string, string>;
  const headers = { authorization: `Bearer ${SECRETS.botToken}` };
  const answer = await fetch(`${apiUrl}auth.test`, { method: 'POST', headers });
  expect(await answer.json()).toMatchObject({ ok: true });
  expect(pageUrl).toContain(token);
  const code = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  expect(await code).toBe(0);
});
