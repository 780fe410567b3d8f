// The doors of the demo's page, without a browser: who may come in, from where, and as whom.

import { request } from 'node:http';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Slack, startSlack } from '../src/demo/slack/server.ts';
import { ANN, BOB, INCIDENTS, SECRETS } from './support/bolt-app.ts';

const EVE = { id: 'U0EVE', name: 'eve' };
const PRIVATE = { id: 'C0BOB', name: 'bobs-own', isPrivate: true, members: [BOB.id] };

let slack: Slack;
let origin = '';
beforeEach(async () => {
  const users = [ANN, BOB, EVE];
  const channels = [INCIDENTS, PRIVATE];
  slack = await startSlack({ mode: 'socket', ...SECRETS, users, channels, commands: ['/crashloop'] });
  origin = new URL(slack.pageUrl).origin;
});
afterEach(() => slack.stop());

const bearer = () => ({ authorization: `Bearer ${slack.token}` });

async function cookie(): Promise<string> {
  const response = await fetch(slack.pageUrl, { redirect: 'manual' });
  return response.headers.get('set-cookie') ?? '';
}

test('the address with the key gives a cookie that scripts and other sites cannot use, and hides the key', async () => {
  const response = await fetch(slack.pageUrl, { redirect: 'manual' });
  expect([response.status, response.headers.get('location')]).toEqual([303, '/']);
  expect(response.headers.get('set-cookie')).toMatch(/^slack-page-\d+=\S+; HttpOnly; SameSite=Strict; Path=\/$/);
});

test('the page is served with a policy that runs its own scripts only', async () => {
  const response = await fetch(origin, { headers: bearer() });
  const policy = response.headers.get('content-security-policy') ?? '';
  expect(policy).toContain("default-src 'none'; script-src 'self'");
  expect(policy).not.toContain('unsafe');
  expect(await response.text()).not.toMatch(/https?:\/\/|<script>|style="/);
});

test('without the key nothing is served, not even a style sheet', async () => {
  for (const path of ['/', '/page.js', '/state', '/events', '/theme.css']) {
    expect((await fetch(origin + path)).status).toBe(401);
  }
});

test('no path leads out of the folder of the page', async () => {
  for (const path of [
    '/../slack/main.ts',
    '/..%2fslack%2fmain.ts',
    '/%2e%2e/slack/main.ts',
    '/package.json',
    '/.env',
  ]) {
    expect((await fetch(origin + path, { headers: bearer() })).status).toBe(404);
  }
});

test('a request under another name, or from another page, is refused', async () => {
  const body = JSON.stringify({ do: 'say', as: ANN.id, channel: INCIDENTS.id, text: 'hi' });
  const headers = { cookie: (await cookie()).split(';')[0] ?? '' };
  const act = (more: object) => fetch(`${origin}/act`, { method: 'POST', headers: { ...headers, ...more }, body });
  expect((await act({})).status).toBe(403);
  expect((await act({ origin: 'http://evil.example' })).status).toBe(403);
  expect((await act({ origin })).status).toBe(200);
  const status = await new Promise((resolve) => {
    const port = new URL(origin).port;
    const options = { port, host: '127.0.0.1', path: '/', headers: { ...headers, host: `evil.example:${port}` } };
    request(options, (response) => resolve(response.statusCode)).end();
  });
  expect(status).toBe(403);
  expect(slack.messages(INCIDENTS.id)).toHaveLength(1);
});

test('a program with the key can do what the page can, as the people of the page', async () => {
  const act = async (body: object) => {
    const response = await fetch(`${origin}/act`, { method: 'POST', headers: bearer(), body: JSON.stringify(body) });
    return [response.status, await response.json()];
  };
  expect(await act({ do: 'say', as: ANN.id, channel: INCIDENTS.id, text: 'hi' })).toMatchObject([200, { ok: true }]);
  expect((await act({ do: 'say', as: EVE.id, channel: INCIDENTS.id, text: 'hi' }))[0]).toBe(400);
  expect((await act({ do: 'fly', as: ANN.id }))[0]).toBe(400);
  const outside = await act({ do: 'say', as: ANN.id, channel: PRIVATE.id, text: 'hi' });
  expect(outside).toEqual([409, { ok: false, reason: `${ANN.id} is not in #${PRIVATE.name}` }]);
});

test('each person is sent what they may see and nothing else', async () => {
  await slack.send.say(BOB.id, PRIVATE.id, 'a secret of Bob');
  const state = async (user: string) => {
    const response = await fetch(`${origin}/state?as=${user}`, { headers: bearer() });
    return { status: response.status, text: await response.text() };
  };
  expect((await state(BOB.id)).text).toContain('a secret of Bob');
  expect((await state(ANN.id)).text).not.toContain('bobs-own');
  expect((await state(ANN.id)).text).not.toContain('a secret of Bob');
  expect((await state(EVE.id)).status).toBe(403);
});
