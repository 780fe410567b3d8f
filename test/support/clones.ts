// One workload of a recording many times over, as a recording of its own: what happens to several at once in one world.

import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { RECORDINGS } from './recordings.ts';

interface Item {
  kind: string;
  metadata: { name: string; uid?: string };
}

/** Adds `count` - 1 copies of the workload to what is recorded; the folder that holds it all, made anew under `into`. */
export function clonesOf(recording: string, workload: string, count: number, into: string): string {
  const folder = join(into, recording);
  cpSync(join(RECORDINGS, recording), folder, { recursive: true });
  const list = JSON.parse(readFileSync(join(folder, 'objects.json'), 'utf8')) as { items: Item[] };
  const own = list.items.filter(({ metadata: { name } }) => ownName(workload).test(name));
  const logs = readdirSync(join(folder, 'logs')).filter((name) => ownName(workload).test(name));
  const worldFile = join(folder, 'world.yaml');
  const world = parse(readFileSync(worldFile, 'utf8')) as { programs: { container: string; workload?: string }[] };
  const programs = world.programs.filter((one) => JSON.stringify(one).includes(workload));
  for (let number = 1; number < count; number++) {
    const renamed = renaming(workload, number);
    list.items.push(...own.map((item) => renamed(item)));
    world.programs.push(...programs.map((one) => renamed(one)));
    for (const name of logs) cpSync(join(folder, 'logs', name), join(folder, 'logs', renamed(name)));
  }
  writeFileSync(join(folder, 'objects.json'), JSON.stringify(list));
  writeFileSync(worldFile, stringify(world));
  return folder;
}

/** The workload's name and what is made of it: ReplicaSets and pods, but no ConfigMap or namespace that is called alike. */
const ownName = (workload: string): RegExp =>
  new RegExp(`(?<![\\w-])${workload}(?=$|[^\\w-]|-[bcdfghjklmnpqrstvwxz2456789]{8,10}\\b)`);

/** Another name, and other ids of objects and containers. */
function renaming(workload: string, number: number) {
  const mark = number.toString(16).padStart(4, '0');
  return <T>(value: T): T =>
    JSON.parse(
      JSON.stringify(value)
        .replaceAll(new RegExp(ownName(workload), 'g'), `${workload}${number}`)
        .replace(/\b[0-9a-f]{4}([0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\b/g, `${mark}$1`)
        .replace(/\b[0-9a-f]{4}([0-9a-f]{60})\b/g, `${mark}$1`),
    ) as T;
}
