// The past as it is told: a table in the terminal, lines that fit a phone in Slack, and nothing of what may not be read.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readRecording } from '../src/cli/recording.ts';
import { evidenceFrom } from '../src/core/evidence-from.ts';
import type { HistoryAsk } from '../src/core/history/ask.ts';
import { historyIn } from '../src/queue/history.ts';
import { answerHistory, noteEvidence } from '../src/roles/history.ts';
import { historyMessage } from '../src/slack/history.ts';
import { recordingDir } from './support/cluster-double.ts';
import { root, run } from './support/processes.ts';
import { freshQueue } from './support/queue.ts';

let queue: Awaited<ReturnType<typeof freshQueue>>;
beforeAll(async () => {
  queue = await freshQueue();
  const history = historyIn(queue.redis);
  const now = Date.now();
  // As if it had just been recorded.
  const dir = recordingDir('bad-rollout-env-removed');
  const evidence = evidenceFrom(readRecording(dir), {}, dir);
  if (!evidence) throw new Error('no evidence');
  await noteEvidence(history, 'prod', evidence, now);
  const soon = new Date(now - 60_000).toISOString();
  const one = {
    kind: 'Deployment',
    container: 'c',
    restarts: 4,
    madeAt: new Date(now - 600_000).toISOString(),
    endedAt: soon,
  };
  await history.noteRestarts('prod', now, [
    { ...one, namespace: 'shop', name: 'cart', uid: 'u1' },
    { ...one, namespace: 'secret', name: 'vault', uid: 'u2' },
  ]);
  await history.noteRestarts('us', now, [{ ...one, namespace: 'shop', name: 'far', uid: 'u3' }]);
  await history.noteMoment('prod', {
    at: now,
    incident: 'i1',
    namespace: 'shop',
    kind: 'Deployment',
    name: 'cart',
    container: 'c',
    is: 'broken',
    cause: 'env-missing',
    words: 'say `<!channel>` and *more*',
  });
});
afterAll(() => queue.stop());

const ask = (more: Partial<HistoryAsk>): HistoryAsk => ({
  what: 'list',
  cluster: '',
  namespace: '',
  kind: '',
  name: '',
  above: 0,
  ...more,
});

test('what a diagnosis read is kept: its restarts and its warnings', async () => {
  const kept = await historyIn(queue.redis).kept('prod', 0, ['users-avatars']);
  expect(kept.restarts).toMatchObject([{ namespace: 'users-avatars', kind: 'Deployment', name: 'avatars' }]);
  expect(kept.warnings.map(({ part }) => part)).toContain('BackOff');
});

describe('in Slack', () => {
  const readable = new Map([['prod', ['shop']]]);
  test('only what this place may read is told, and foreign words ping nobody', async () => {
    for (const what of ['list', 'top', 'warnings'] as const) {
      const asked = ask({ what });
      const message = historyMessage(await answerHistory(historyIn(queue.redis), asked, readable, Date.now()), asked);
      const text = JSON.stringify(message);
      expect(text).not.toMatch(/vault|far|avatars/);
      if (what !== 'warnings') expect(text).toContain('deployment/cart');
    }
    const asked = ask({ what: 'history', name: 'cart' });
    const message = historyMessage(await answerHistory(historyIn(queue.redis), asked, readable, Date.now()), asked);
    expect(message.text).toBe('prod: cart in the last 7 days');
    expect(JSON.stringify(message)).not.toContain('<!channel>');
    expect(JSON.stringify(message)).toContain('&lt;!channel&gt;');
  });

  test('a namespace that may not be read is as if it were empty', async () => {
    const asked = ask({ what: 'top', namespace: 'secret' });
    expect(await answerHistory(historyIn(queue.redis), asked, readable, Date.now())).toMatchObject([{ top: [] }]);
  });
});

describe('in the terminal', () => {
  const loopbreaker = (...words: string[]) =>
    run(process.execPath, ['dist/cli/main.js', ...words], {
      cwd: root,
      env: { PATH: process.env.PATH ?? '', REDIS_URL: queue.url },
    });

  test('list, top, warnings and history tell it as text and as one JSON document for each cluster', async () => {
    expect((await loopbreaker('list')).stdout).toMatch(
      /prod: 2 crash looping now[\s\S]*now +secret +deployment\/vault/,
    );
    expect((await loopbreaker('top', '--above', '3', '-n', 'shop')).stdout).toMatch(
      /us: 1 restarted more than 3 times in the last hour/,
    );
    expect((await loopbreaker('history', 'deploy/cart')).stdout).toMatch(
      /restarts {2}4 in 1 h, 4 in 24 h, 4 in 7 days/,
    );
    const lines = (await loopbreaker('warnings', '--json')).stdout.trim().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { schemaVersion: 1, what: 'warnings', cluster: 'prod' },
      { schemaVersion: 1, what: 'warnings', cluster: 'us', warnings: [] },
    ]);
  });

  test.each([
    [['list', '--cluster', 'nowhere'], 1, 'Nothing is kept of a cluster nowhere. There is something of: prod, us.'],
    [['top', '--above', 'many'], 2, '--above takes a whole number'],
    [['history', 'a/b/c'], 2, 'must be NAME or KIND/NAME'],
  ] as const)(
    '%s ends with %i and one sentence',
    async (words, code, sentence) => {
      const failed = await loopbreaker(...words).catch((error: { code: number; stderr: string }) => error);
      expect(failed).toMatchObject({ code, stderr: expect.stringContaining(sentence) });
    },
    30_000,
  );
});
