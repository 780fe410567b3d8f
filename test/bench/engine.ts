// The engine alone: one recording from parsed text to report, long logs, hostile logs.

import { answer } from '../../src/answer.ts';
import { readRecording } from '../../src/cli/recording.ts';
import { redactSnapshot } from '../../src/core/redact.ts';
import type { Snapshot } from '../../src/core/snapshot.ts';
import { recordingDirs } from '../support/recordings.ts';
import { atMost, type Bench, median, percentile, timed } from './result.ts';

const MB = 1024 * 1024;

export const engine: Bench = {
  names: [
    'engine.recording.median.ms',
    'engine.recording.p99.ms',
    'engine.log-10mb.ms',
    'engine.log-10mb.extra.mb',
    'engine.log-adversarial.ms',
  ],
  run: async () => {
    const dirs = recordingDirs();
    for (const dir of dirs) answer(readRecording(dir), {}, dir);
    const times: number[] = [];
    for (let round = 0; round < 8; round++) {
      for (const dir of dirs) times.push(await timed(() => answer(readRecording(dir), {}, dir)));
    }
    // One after another: what runs side by side is measured as slow as its neighbours.
    const planted: Awaited<ReturnType<typeof plantedLog>>[] = [];
    for (const where of ['start', 'middle', 'end']) planted.push(await plantedLog(where));
    const hostile: number[] = [];
    for (const line of hostileLines()) hostile.push(await timed(() => diagnoseLog(line)));
    return [
      atMost('engine.recording.median.ms', median(times), 'ms', 3),
      atMost('engine.recording.p99.ms', percentile(times, 0.99), 'ms', 15),
      atMost(
        'engine.log-10mb.ms',
        Math.max(...planted.map((p) => (p.found ? p.ms : Number.POSITIVE_INFINITY))),
        'ms',
        300,
      ),
      atMost('engine.log-10mb.extra.mb', Math.max(...planted.map((p) => p.extraMb)), 'MB', 100),
      atMost('engine.log-adversarial.ms', Math.max(...hostile), 'ms', 500),
    ];
  },
};

/** A program that says one decisive thing somewhere in 10 MB of calm and noisy lines, and then ends. */
async function plantedLog(where: string): Promise<{ ms: number; extraMb: number; found: boolean }> {
  const lines: string[] = [];
  const decisive = 'FATAL config: required environment variable PAYMENT_URL is not set';
  let size = 0;
  for (let i = 0; size < 10 * MB; i++) {
    const line =
      i % 7 === 0
        ? `2026-11-21T02:00:00Z WARN request ${i} failed with status 503, will retry`
        : `2026-11-21T02:00:00Z INFO request ${i} served in ${i % 90} ms`;
    lines.push(line);
    size += line.length + 1;
  }
  const at = { start: 3, middle: Math.floor(lines.length / 2), end: lines.length }[where] ?? 0;
  lines.splice(at, 0, decisive);
  const text = lines.join('\n');
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  let report: ReturnType<typeof diagnoseLog>;
  const ms = await timed(() => {
    report = diagnoseLog(text);
  });
  const extraMb = (process.memoryUsage().heapUsed - before) / MB;
  return { ms, extraMb, found: JSON.stringify(report!).includes('PAYMENT_URL') };
}

function hostileLines(): string[] {
  const most = 10 * MB;
  return ['a', '=', '"', 'error: ', 'at com.example.A(', '{"a":', 'password=', '\u001b[31m', ' '].map((piece) =>
    piece.repeat(Math.ceil(most / piece.length)),
  );
}

function diagnoseLog(text: string) {
  const snapshot: Snapshot = {
    cluster: 'bench',
    now: '2026-11-21T02:30:00Z',
    unread: [],
    templateHashes: {},
    objects: [
      {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'p', namespace: 'n' },
        spec: { containers: [{ name: 'c', image: 'i' }] },
        status: {
          phase: 'Running',
          containerStatuses: [
            {
              name: 'c',
              ready: false,
              restartCount: 5,
              state: {
                waiting: {
                  reason: 'CrashLoopBackOff',
                  message: 'back-off 5m0s restarting failed container=c pod=p_n(u)',
                },
              },
              lastState: {
                terminated: {
                  exitCode: 1,
                  reason: 'Error',
                  startedAt: '2026-11-21T02:20:00Z',
                  finishedAt: '2026-11-21T02:20:02Z',
                },
              },
            },
          ],
        },
      },
    ],
    logs: [{ pod: 'p', container: 'c', run: 'previous', text }],
  };
  return answer(redactSnapshot(snapshot).snapshot, {}, 'bench');
}
