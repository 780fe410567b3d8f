// deploy/slack: the two app manifests ask for the scopes of the methods that are called, and for nothing else.
import { expect, test } from 'vitest';
import { readCommand } from '../src/slack/command.ts';
import { filesIn, textOf, yamlOf } from './support/manifests.ts';

/** The bot scopes that Slack asks for each method we call, as its documentation names them. */
const SCOPES_OF: { [method: string]: string[] } = {
  'auth.test': [],
  'chat.postMessage': ['chat:write'],
  'chat.postEphemeral': ['chat:write'],
  'chat.update': ['chat:write'],
  'users.info': ['users:read'],
  'usergroups.users.list': ['usergroups:read'],
  'views.open': [],
  // A channel may be public or private. Direct messages are not read from.
  'conversations.info': ['channels:read', 'groups:read'],
};

/** Those without which something is done less well. */
const OPTIONAL_SCOPES_OF: { [method: string]: string[] } = {
  'conversations.history': ['channels:history', 'groups:history'],
  'conversations.replies': ['channels:history', 'groups:history'],
};

const sources = filesIn('src/slack').map((file) => textOf(file));
const socket = yamlOf('deploy/slack/manifest-socket.yaml');
const http = yamlOf('deploy/slack/manifest-http.yaml');

function methodsCalled(): string[] {
  const calls = sources.flatMap((code) => [...code.matchAll(/\bclient\.([a-z]+(?:\.\w+)+)\(/gi)]);
  expect(sources.filter((code) => /apiCall\(|filesUploadV2|chatStream\(/.test(code))).toEqual([]);
  return [...new Set(calls.map(([, method = '']) => method))];
}

test('the app asks for the scopes of what it calls, and for no other', () => {
  const methods = methodsCalled();
  expect(methods.filter((method) => !SCOPES_OF[method] && !OPTIONAL_SCOPES_OF[method])).toEqual([]);
  expect(methods.length).toBeGreaterThan(3);
  const inUse = new Set(['commands', ...methods.flatMap((method) => SCOPES_OF[method] ?? [])]);
  const better = new Set(methods.flatMap((method) => OPTIONAL_SCOPES_OF[method] ?? []));
  for (const manifest of [socket, http]) {
    expect(new Set(manifest.oauth_config.scopes.bot)).toEqual(inUse);
    expect(new Set(manifest.oauth_config.scopes.bot_optional)).toEqual(better);
    expect(manifest.oauth_config.scopes.user).toBeUndefined();
    expect(manifest.settings.event_subscriptions).toBeUndefined();
  }
});

test('the manifests know the commands that the bot answers, and switch on the buttons that it draws', () => {
  const answered = sources.flatMap((code) => [...code.matchAll(/app\.command\('([^']+)'/g)].map(([, name]) => name));
  for (const manifest of [socket, http]) {
    const commands: { command: string; usage_hint: string }[] = manifest.features.slash_commands;
    expect(commands.map(({ command }) => command)).toEqual(answered);
    expect(manifest.settings.interactivity.is_enabled).toBe(true);
  }
});

test('every flag of the usage hint is understood', () => {
  const [{ usage_hint: hint }] = socket.features.slash_commands;
  const flags = [...hint.matchAll(/\[(-\w) ([A-Z]+)\]/g)].map(([, flag]) => flag);
  expect(flags).toEqual(['-n', '-c', '-l']);
  for (const flag of flags)
    expect(readCommand(`checkout-api ${flag} word`, { clusters: ['prod'] }), flag).toMatchObject({ is: 'wanted' });
});

test('the two manifests differ in how Slack reaches the bot, and in nothing else', () => {
  expect(socket.settings).toMatchObject({ socket_mode_enabled: true });
  expect(http.settings).toMatchObject({ socket_mode_enabled: false });
  const url = 'https://loopbreaker.example.com/slack/events';
  expect(http.settings.interactivity.request_url).toBe(url);
  expect(http.features.slash_commands[0].url).toBe(url);
  const sameOtherwise = structuredClone(http);
  sameOtherwise.settings.socket_mode_enabled = true;
  delete sameOtherwise.settings.interactivity.request_url;
  delete sameOtherwise.features.slash_commands[0].url;
  expect(sameOtherwise).toEqual(socket);
});

test('Slack accepts the lengths and the characters of every name', () => {
  const { display_information: shown, features } = socket;
  expect(shown.name.length).toBeLessThanOrEqual(35);
  expect(shown.description.length).toBeLessThanOrEqual(140);
  expect(features.bot_user.display_name).toMatch(/^[a-z0-9._-]{1,80}$/);
  expect(features.slash_commands[0].command.length).toBeLessThanOrEqual(32);
});
