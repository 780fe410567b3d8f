// Reads one recording: objects.json, logs/ and world.yaml, and nothing else of the folder.
// Its time is shifted as a whole so that the newest moment in it is now; what a log line says of time is left as it was said.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { asTime } from './clock.ts';
import { type KubeObject, kindOf } from './kinds.ts';
import { type WorldFile, worldFileSchema } from './world/file.ts';

export type Recording = {
  name: string;
  objects: KubeObject[];
  world?: WorldFile;
  /** Undefined when there was no such run. */
  log(pod: string, container: string, which: 'current' | 'previous'): string | undefined;
};

const fileLimitBytes = 16 * 1024 * 1024;
const listSchema = z.object({
  items: z.array(
    z.looseObject({
      apiVersion: z.string(),
      kind: z.string(),
      metadata: z.looseObject({ name: z.string(), namespace: z.string().optional() }),
    }),
  ),
});

function read(path: string): string {
  if (statSync(path).size > fileLimitBytes) throw new Error(`${path} is larger than ${fileLimitBytes} bytes`);
  return readFileSync(path, 'utf8');
}

const timeField = /(time|timestamp|at)$/i;
const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;
/** The zero time that the kubelet writes for a container that never started. */
const isMoment = (key: string, value: unknown): value is string =>
  typeof value === 'string' && timeField.test(key) && time.test(value) && !value.startsWith('1970-');

function visit(value: unknown, moment: (text: string) => string, key = ''): unknown {
  if (isMoment(key, value)) return moment(value);
  if (Array.isArray(value)) return value.map((item) => visit(item, moment));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([k, inner]) => [k, visit(inner, moment, k)]));
}

function shifted(items: unknown[], nowMs: number): unknown[] {
  let newest = 0;
  visit(items, (text) => {
    newest = Math.max(newest, Date.parse(text));
    return text;
  });
  const by = newest === 0 ? 0 : nowMs - newest;
  return items.map((item) =>
    visit(item, (text) =>
      text.includes('.') ? new Date(Date.parse(text) + by).toISOString() : asTime(Date.parse(text) + by),
    ),
  );
}

export function readRecording(dir: string, nowMs: number): Recording {
  const path = join(dir, 'objects.json');
  if (!existsSync(path)) throw new Error(`${dir} is not a recording: it has no objects.json`);
  const list = listSchema.safeParse(JSON.parse(read(path)));
  if (!list.success) throw new Error(`${path} is not a List of Kubernetes objects: ${z.prettifyError(list.error)}`);
  const worldPath = join(dir, 'world.yaml');
  const world = existsSync(worldPath) ? worldFileSchema.safeParse(parse(read(worldPath))) : undefined;
  if (world && !world.success) throw new Error(`${worldPath}: ${z.prettifyError(world.error)}`);
  const objects = shifted(list.data.items, nowMs) as KubeObject[];
  return {
    name: basename(dir),
    objects: objects.filter((o) => kindOf(o.apiVersion, o.kind)),
    world: world?.data,
    log(pod, container, which) {
      const file = join(dir, 'logs', `${pod}.${container}.${which}.txt`);
      return existsSync(file) ? read(file) : undefined;
    },
  };
}
