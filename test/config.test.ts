// Settings: everything wrong is told at once, each with where to get it; nothing is allowed by default.

import { describe, expect, test } from 'vitest';
import { SETTINGS } from '../src/config/settings.ts';
import { InvalidConfig, readConfig } from '../src/config.ts';

const good = {
  REDIS_URL: 'redis://localhost:6379',
  SLACK_BOT_TOKEN: 'xoxb-1',
  SLACK_APP_TOKEN: 'xapp-1',
  LOOPBREAKER_CLUSTERS: 'prod-eu=in-cluster, staging=context:kind-staging',
};

function problems(environment: { [name: string]: string }, role: 'all' | 'gateway' | 'worker' = 'all'): string {
  try {
    readConfig(role, environment);
    return '';
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidConfig);
    return (error as Error).message;
  }
}

describe('missing and malformed settings', () => {
  test('are all listed at once, each with where to get it', () => {
    const message = problems({});
    for (const name of ['REDIS_URL', 'SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN', 'LOOPBREAKER_CLUSTERS'] as const) {
      expect(message).toContain(name);
      expect(message).toContain(SETTINGS[name].where);
    }
  });

  test.each([
    ['REDIS_URL', 'localhost:6379', 'begins with redis://'],
    ['SLACK_BOT_TOKEN', 'xoxp-1', 'begins with xoxb-'],
    ['LOOPBREAKER_SLACK_MODE', 'carrier-pigeon', 'must be socket or http'],
    ['LOOPBREAKER_CLUSTERS', 'PROD=in-cluster', 'alias of lower-case letters'],
    ['LOOPBREAKER_CLUSTERS', 'prod=somewhere', 'ALIAS=in-cluster or ALIAS=context:NAME'],
    ['LOOPBREAKER_READ', '#ops=prod/shop', 'with Slack ids'],
    ['LOOPBREAKER_READ', 'C0OPS=prod', 'CLUSTER/NAMESPACE'],
    ['LOOPBREAKER_APPROVERS', '@ann', 'Slack user ids'],
    ['LOOPBREAKER_MEMORY_MAX', 'plenty', 'a quantity such as'],
    ['LOOPBREAKER_STEADY_SECONDS', '-1', 'at least 1'],
    ['LOOPBREAKER_APPROVAL_SECONDS', '5', 'at least 60'],
  ])('%s=%s is refused with a sentence', (name, value, words) => {
    expect(problems({ ...good, [name]: value })).toContain(words);
  });

  test('never show the value of a token', () => {
    expect(problems({ ...good, SLACK_BOT_TOKEN: 'hunter2-secret' })).not.toContain('hunter2');
  });
});

describe('a good configuration', () => {
  test('allows nobody to read or approve unless it says so', () => {
    expect(readConfig('all', good)).toMatchObject({
      policy: { read: [], approve: [], remediation: 'on' },
      approvalKeys: [],
      webhook: undefined,
    });
  });

  test('maps channels and users to clusters and namespaces', () => {
    const { policySource } = readConfig('all', {
      ...good,
      LOOPBREAKER_READ: 'C024BE91L=prod-eu/shop,prod-eu/cart; C0DEADBEE@U012AB3CD=staging/*',
    });
    expect(policySource.read).toEqual([
      { channel: 'C024BE91L', user: '', cluster: 'prod-eu', namespace: 'shop' },
      { channel: 'C024BE91L', user: '', cluster: 'prod-eu', namespace: 'cart' },
      { channel: 'C0DEADBEE', user: 'U012AB3CD', cluster: 'staging', namespace: '*' },
    ]);
  });

  test('with approvers needs a key for their approvals, and makes one where both roles start together', () => {
    const approving = { ...good, LOOPBREAKER_APPROVERS: 'U0ANN' };
    expect(problems(approving, 'gateway')).toContain('LOOPBREAKER_APPROVAL_KEY is not set, and somebody may approve.');
    expect(problems(approving, 'worker')).toContain('openssl rand -hex 32');
    expect(problems({ ...approving, LOOPBREAKER_APPROVAL_KEY: 'short' }, 'worker')).toContain('at least 32 characters');
    expect(problems({ ...approving, LOOPBREAKER_REMEDIATION: 'off' }, 'worker')).toBe('');
    const [key] = readConfig('all', approving).approvalKeys;
    expect(key).toMatch(/^[0-9a-f]{64}$/);
    expect(readConfig('all', approving).approvalKeys).not.toEqual([key]);
  });

  test('takes a policy file or the short settings, never both', () => {
    const path = new URL('../deploy/policy.example.yaml', import.meta.url).pathname;
    const clusters = { LOOPBREAKER_CLUSTERS: 'this=in-cluster' };
    expect(readConfig('all', { ...good, ...clusters, LOOPBREAKER_POLICY: path }).policy.approve).toHaveLength(2);
    expect(problems({ ...good, ...clusters, LOOPBREAKER_POLICY: path, LOOPBREAKER_APPROVERS: 'U0ANN' })).toContain(
      'LOOPBREAKER_APPROVERS is set beside LOOPBREAKER_POLICY.',
    );
    expect(problems({ ...good, LOOPBREAKER_POLICY: path })).toMatch(
      /policy.example.yaml:\d+: .*no cluster is called "this"/,
    );
  });

  test('asks each role only for what it needs', () => {
    expect(problems({ REDIS_URL: good.REDIS_URL, LOOPBREAKER_CLUSTERS: good.LOOPBREAKER_CLUSTERS }, 'worker')).toBe('');
    expect(problems({ ...good, LOOPBREAKER_WEBHOOK_PORT: '8080' }, 'gateway')).toContain('LOOPBREAKER_WEBHOOK_TOKEN');
  });
});
