// `loopbreaker record`: reads a pod like `diagnose` does and keeps what was read, redacted, in the layout of recordings.
// Diagnosing the folder says what diagnosing the cluster would have said at that moment.

import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Snapshot, Target, UnreadPart } from '../core/snapshot.ts';
import { counted } from '../core/spoken.ts';
import { collect } from '../kube/collect.ts';
import { inCluster, meant } from './live.ts';
import { complain, type ExitCode, out } from './output.ts';
import { LOGS, logFile, OBJECTS, READING, type Reading } from './recording-layout.ts';

export interface RecordOptions {
  namespace?: string;
  context?: string;
}

export async function recordCommand(subject: string, dir: string, options: RecordOptions): Promise<ExitCode> {
  const obstacle = obstacleAt(dir);
  if (obstacle) {
    complain(obstacle);
    return 2;
  }
  return inCluster(options, async (cluster) => {
    const target = await meant(cluster, subject, options);
    if (!target) return 1;
    const snapshot = await collect(cluster, target);
    try {
      writeRecording(dir, snapshot, target);
    } catch (error) {
      complain(
        `${dir} cannot be written (${error instanceof Error ? error.message : 'unknown reason'}). Name a folder of your own.`,
      );
      return 1;
    }
    const { objects, logs, unread } = snapshot;
    const gaps = unread.length ? ` ${counted(unread.length, 'thing')} could not be read.` : '';
    out(
      `Recorded ${counted(objects.length, 'object')} and ${counted(logs.length, 'log')} of ${target.namespace}/${target.pod ?? target.workload?.name} in ${dir}, without secrets.${gaps}\n` +
        `Diagnose it with: loopbreaker diagnose --recording ${dir}\n`,
    );
    return 0;
  });
}

/** Why nothing may be written there: a recording is never mixed with anything else. */
function obstacleAt(dir: string): string | undefined {
  if (!existsSync(dir)) return undefined;
  try {
    return readdirSync(dir).length ? `${dir} is not empty. Name a new or empty folder.` : undefined;
  } catch {
    return `${dir} is no folder that can be read. Name a new or empty one.`;
  }
}

/** The folder must be new or empty. `snapshot` is redacted already. */
export function writeRecording(dir: string, snapshot: Snapshot, { namespace = '', pod, workload }: Target): void {
  mkdirSync(join(dir, LOGS), { recursive: true });
  const file = (name: string, text: string): void => writeFileSync(join(dir, name), text, { flag: 'wx' });
  const pretty = (value: unknown): string => `${JSON.stringify(value, null, 1)}\n`;
  const unread: UnreadPart[] = [...snapshot.unread];
  const skippedBytes: Reading['skippedBytes'] = {};
  for (const log of snapshot.logs) {
    const name = logFile(log);
    if (!isFileName(name)) {
      unread.push({
        at: `log.${log.run}/${log.pod}/${log.container}`,
        why: 'its pod has a name that no file can have',
      });
      continue;
    }
    file(join(LOGS, name), log.text);
    if (log.skippedBytes) skippedBytes[name] = log.skippedBytes;
  }
  const reading: Reading = { readAt: snapshot.now, about: { namespace, pod, workload }, unread, skippedBytes };
  file(OBJECTS, pretty({ apiVersion: 'v1', kind: 'List', items: snapshot.objects }));
  file(READING, pretty(reading));
}

/** Names come from a cluster: nothing but what Kubernetes allows in them leaves this folder's own files. */
function isFileName(name: string): boolean {
  return /^[a-z0-9][\w.-]{0,250}$/i.test(name);
}
