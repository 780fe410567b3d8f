// Container logs of any size: beginning and end, whole lines, and the exact number of bytes between them.
import { expect, test } from 'vitest';
import type { Snapshot } from '../src/core/snapshot.ts';
import { collect } from '../src/kube/collect.ts';
import { changedRecording, recordedCluster, serverThat } from './support/cluster.ts';

const pod = 'traffic-replay';
const container = 'replay';
const target = { namespace: 'debug-tools', pod };
const MB = 1024 * 1024;

async function logged(text: string): Promise<{ snapshot: Snapshot; asked: Record<string, string>[] }> {
  const folder = changedRecording('bare-pod-crash', (_, write) => {
    // In back-off both files hold the same run.
    write(`${pod}.${container}.previous`, text);
    write(`${pod}.${container}.current`, text);
  });
  const cluster = await recordedCluster([folder]);
  const snapshot = await collect(cluster.open(), target);
  const asked = cluster.requests().filter(({ path }) => path.endsWith('/log'));
  return { snapshot, asked: asked.map(({ query }) => query) };
}

const previous = (snapshot: Snapshot) => snapshot.logs.find((log) => log.run === 'previous');

/** Lines that name themselves, until there are so many bytes. */
function lines(bytes: number, line: (n: number) => string): string {
  const all: string[] = [];
  let size = 0;
  for (let n = 1; size < bytes; n++) {
    const next = `${line(n)}\n`;
    all.push(next);
    size += Buffer.byteLength(next);
  }
  return all.join('');
}

test('in back-off one request reads a log of a megabyte whole, for both runs', async () => {
  const text = lines(MB, (n) => `line ${n} says nothing in particular`);
  const { snapshot, asked } = await logged(text);
  expect(previous(snapshot)).toEqual({ pod, container, run: 'previous', text });
  expect(asked).toHaveLength(1);
});

test('of 5 MB the first 64 KB and the last MB are kept as whole lines, and the bytes between are counted', async () => {
  const text = lines(5 * MB, (n) => `line ${n} says nothing in particular`);
  const { snapshot, asked } = await logged(text);
  const log = previous(snapshot)!;
  expect(asked).toHaveLength(1);
  expect(log.text.startsWith('line 1 says')).toBe(true);
  expect(log.text.endsWith(text.slice(-100))).toBe(true);
  expect(
    log.text
      .split('\n')
      .slice(0, -1)
      .every((line) => /^line \d+ says nothing in particular$/.test(line)),
  ).toBe(true);
  expect(Buffer.byteLength(log.text) + (log.skippedBytes ?? 0)).toBe(Buffer.byteLength(text));
  expect(Buffer.byteLength(log.text)).toBeLessThanOrEqual(MB + 64 * 1024);
  expect(Buffer.byteLength(log.text)).toBeGreaterThan(MB);
});

test('letters of several bytes are not torn where a log is cut', async () => {
  const text = lines(2 * MB, (n) => `строка ${n}: ничего – 何もない 🙂`);
  const { snapshot } = await logged(text);
  expect(previous(snapshot)?.text).not.toContain('\uFFFD');
  const endless = await logged('🙂何'.repeat(300_000));
  expect(previous(endless.snapshot)?.text).not.toContain('\uFFFD');
});

test('10 MB on a single line are bounded too', async () => {
  const { snapshot } = await logged(`begin ${'x'.repeat(10 * MB)} end\n`);
  const log = previous(snapshot)!;
  expect(log.text.startsWith('begin x')).toBe(true);
  expect(log.text.endsWith('x end\n')).toBe(true);
  expect(log.text.length).toBeLessThanOrEqual(MB + 64 * 1024 + 1);
});

test('beyond 11 MB the end is asked for by lines, and what was passed over is a lower bound', async () => {
  const text = lines(13 * MB, (n) => `line ${n} says nothing in particular`);
  const { snapshot, asked } = await logged(text);
  const log = previous(snapshot)!;
  expect(asked.map((query) => query.tailLines !== undefined)).toEqual([false, true]);
  expect(log.text.startsWith('line 1 says')).toBe(true);
  expect(log.text.endsWith(text.slice(-100))).toBe(true);
  expect(log.skippedBytes).toBeGreaterThan(9 * MB);
  expect(log.skippedBytes).toBeLessThanOrEqual(Buffer.byteLength(text) - Buffer.byteLength(log.text));
});

test('where the last lines are far longer than the first, fewer of them are asked for', async () => {
  const text = lines(11 * MB, (n) => `${n}`) + lines(13 * MB, (n) => `${n}${'y'.repeat(60_000)}`);
  const folder = text.slice(0, 15.5 * MB);
  const { snapshot, asked } = await logged(`${folder}\nthe end\n`);
  expect(previous(snapshot)?.text.endsWith('the end\n')).toBe(true);
  expect(asked.length).toBeGreaterThan(1);
});

test('an empty log is a log that says nothing, and a run that never was has none', async () => {
  const { snapshot } = await logged('');
  expect(previous(snapshot)).toEqual({ pod, container, run: 'previous', text: '' });
  const waiting = await recordedCluster(['image-pull-bad-tag']);
  const snap = await collect(waiting.open(), { namespace: 'shop-storefront', pod: 'storefront-7ff4d57f58-9rp5s' });
  expect(snap.logs).toEqual([]);
  expect(snap.unread.filter(({ at }) => at.startsWith('log'))).toEqual([]);
});

test("the runtime's apology is a gap, not a log", async () => {
  const { snapshot } = await logged('unable to retrieve container logs for containerd://0b1e');
  expect(previous(snapshot)).toBeUndefined();
  expect(snapshot.unread).toContainEqual({
    at: `log.previous/${pod}/${container}`,
    why: 'the runtime no longer has it',
  });
});

test('a log that never ends its answer is a gap, and everything else is still read', async () => {
  const status = { name: container, restartCount: 3, state: { waiting: { reason: 'CrashLoopBackOff' } } };
  const thePod = {
    metadata: { name: pod, namespace: 'debug-tools', uid: 'u-1' },
    spec: { containers: [{ name: container }] },
    status: { containerStatuses: [status] },
  };
  const server = await serverThat(({ url = '' }, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    if (url.includes('/log') && url.includes('previous')) response.write('Traceback (most recent call last):\n');
    else if (url.includes('/log')) response.end('hello\n');
    else response.end(JSON.stringify(url.endsWith(`/pods/${pod}`) ? thePod : { items: [], metadata: { name: 'x' } }));
  });
  const snapshot = await collect(server.open({ timeoutMs: 400 }), target);
  expect(snapshot.logs).toEqual([{ pod, container, run: 'current', text: 'hello\n' }]);
  expect(snapshot.unread).toEqual([
    { at: `log.previous/${pod}/${container}`, why: 'cluster test did not answer within 0.4 s' },
  ]);
});
