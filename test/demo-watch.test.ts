// The demo without a word typed: what is broken already is one message, and what somebody breaks gets a card by itself.

import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { CHANNEL, type Demo, startDemo } from '../src/demo/start.ts';
import { caller, strategic, until } from './support/cluster-double.ts';
import { freshRedis, type TestRedis } from './support/redis.ts';

let redis: TestRedis;
let demo: Demo;
beforeAll(async () => {
  redis = await freshRedis();
  process.env.REDIS_URL = redis.url;
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  const started = await startDemo({ port: 0, context: undefined, allowWrites: false, watch: true });
  if (!started) throw new Error('the demo did not start');
  demo = started;
});
afterAll(async () => {
  vi.restoreAllMocks();
  await demo?.stop();
  await redis?.stop();
});

const said = (): string[] =>
  demo.slack
    .messages(CHANNEL)
    .filter((message) => !message.threadTs || message.threadTs === message.ts)
    .map((message) => demo.slack.lines(message).join('\n'));

test('whatever is broken at the start is one list, and what is broken then is a card that names the cause', async () => {
  await until('the list', async () => said().some((text) => /were broken already when I began to watch/.test(text)));
  expect(said()).toHaveLength(1);
  const { cluster } = demo;
  if (!cluster) throw new Error('the demo has no cluster');
  // What the demo suggests to type into kubectl.
  const kubectl = caller(cluster, cluster.tokens.admin ?? '');
  const containers = [{ name: 'geoip', image: 'busybox:1.36' }];
  const change = { spec: { template: { spec: { containers } } } };
  await kubectl('PATCH', '/apis/apps/v1/namespaces/shop-geoip/deployments/geoip', change, strategic);
  kubectl.close();
  const card = await until('the card', async () =>
    said().find((text) => /geoip/.test(text) && /revision 2/.test(text) && !/broken already/.test(text)),
  );
  expect(card).toContain('geoip.mmdb');
  expect(card).toContain('Roll back to revision 1');
  expect(said()).toHaveLength(2);
});
