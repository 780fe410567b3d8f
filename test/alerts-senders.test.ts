// The senders file and the one token that can stand for it: what is wrong is told with its line, its cure and no secret.

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { loadSenders } from '../src/config/senders.ts';
import { InvalidConfig, readConfig } from '../src/config.ts';
import { folderWith } from './support/processes.ts';

const exampleText = readFileSync(new URL('../deploy/senders.example.yaml', import.meta.url), 'utf8');
const example = (): string => file(exampleText.replaceAll('put-a-secret-of-your-own-here', SECRET));
const SECRET = 'a-secret-that-is-long-enough';
const file = (text: string): string => `${folderWith({ 'senders.yaml': text })}/senders.yaml`;
const problems = (entries: string, loopback = false): string => {
  const loaded = loadSenders(file(`version: 1\nsenders:\n${entries}`), ['prod'], loopback);
  return loaded.ok ? '' : loaded.problems.join('\n').replaceAll(/\S*senders\.yaml/g, 'senders.yaml');
};

describe('a senders file', () => {
  test('as the example has it is in order', () => {
    expect(loadSenders(example(), ['this'], false)).toMatchObject({ ok: true, senders: { length: 5 } });
  });

  test.each([
    [
      'two proofs',
      `  - {name: a, format: grafana, auth: {bearer: ${SECRET}, path: ${SECRET}}}`,
      'senders.yaml:3: senders[0].auth: must say one of bearer, basic, hmac, path or none.',
    ],
    ['no proof', '  - {name: a, format: grafana, auth: {}}', 'must say one of bearer'],
    [
      'a secret that YAML takes for a number',
      '  - {name: a, format: azure, auth: {path: 1234567890123456}}',
      'quotation marks',
    ],
    ['the secrets of the example', exampleText.split('senders:\n')[1] ?? '', 'is still that of the example'],
    ['a short secret', '  - {name: a, format: grafana, auth: {bearer: hunter2}}', 'at least 16 characters'],
    [
      'a format that is none',
      `  - {name: a, format: nagios, auth: {bearer: ${SECRET}}}`,
      'must be one of alertmanager',
    ],
    ['no paths', `  - {name: a, format: generic, auth: {bearer: ${SECRET}}}`, 'senders[0].fields: is missing'],
    [
      'a signature without its header',
      `  - {name: a, format: azure, auth: {hmac: {secret: ${SECRET}}}}`,
      'name the header that carries the signature',
    ],
    [
      'an unknown word',
      `  - {name: a, format: azure, auth: {token: ${SECRET}}}`,
      'auth.token: is not a word of the senders',
    ],
    [
      'an unknown cluster',
      `  - {name: a, format: azure, auth: {path: ${SECRET}}, cluster: us}`,
      'LOOPBREAKER_CLUSTERS has prod',
    ],
    [
      'one name twice',
      `  - {name: a, format: azure, auth: {path: ${SECRET}}}\n  - {name: a, format: grafana, auth: {bearer: ${SECRET}}}`,
      'two senders are called "a"',
    ],
    ['an open door', '  - {name: a, format: azure, auth: {none: true}}', 'LOOPBREAKER_WEBHOOK_HOST=127.0.0.1'],
    ['no YAML', '  - {name: hunter2-secret', 'is not YAML'],
  ])('with %s is refused with the cure and without the secret', (_name, entries, words) => {
    expect(problems(entries)).toContain(words);
    expect(problems(entries)).not.toMatch(/hunter2|a-secret-that/);
  });

  test('may open the door where only this machine comes in', () => {
    expect(problems('  - {name: a, format: azure, auth: {none: true}}', true)).toBe('');
  });
});

describe('the settings of the port', () => {
  const good = {
    REDIS_URL: 'redis://localhost:6379',
    SLACK_BOT_TOKEN: 'xoxb-1',
    SLACK_APP_TOKEN: 'xapp-1',
    LOOPBREAKER_CLUSTERS: 'this=in-cluster',
    LOOPBREAKER_WEBHOOK_PORT: '8080',
    LOOPBREAKER_ALERT_CHANNEL: 'C0OPS',
  };
  const read = (more: { [name: string]: string }) => readConfig('gateway', { ...good, ...more });

  test('take one token for every format but the generic', () => {
    const senders = read({ LOOPBREAKER_WEBHOOK_TOKEN: SECRET }).webhook?.senders ?? [];
    expect(senders.map(({ name }) => name)).toEqual(['alertmanager', 'grafana', 'pagerduty', 'azure']);
    expect(senders.map(({ auth }) => Object.keys(auth)[0])).toEqual(['bearer', 'bearer', 'bearer', 'path']);
  });

  test('take a file of senders, and not both', () => {
    expect(read({ LOOPBREAKER_SENDERS: example() }).webhook?.senders).toHaveLength(5);
    expect(() => read({ LOOPBREAKER_SENDERS: example(), LOOPBREAKER_WEBHOOK_TOKEN: SECRET })).toThrow('beside');
    expect(() => read({ LOOPBREAKER_SENDERS: '/nowhere.yaml' })).toThrow('/nowhere.yaml cannot be read (ENOENT)');
  });

  test('without any stand open on loopback only', () => {
    expect(() => read({})).toThrow(InvalidConfig);
    expect(read({ LOOPBREAKER_WEBHOOK_HOST: '127.0.0.1' }).webhook?.senders[0]?.auth).toEqual({ none: true });
  });
});
