// `npm run bench`: what was promised, measured. `--json` prints one document; `--only PREFIX` runs a part.

import { cpus, totalmem } from 'node:os';
import { accuracy } from './accuracy.ts';
import { approve } from './approve.ts';
import { burst } from './burst.ts';
import { cli } from './cli.ts';
import { cluster } from './cluster.ts';
import { engine } from './engine.ts';
import type { Bench, Result } from './result.ts';
import { slack } from './slack.ts';
import { watch } from './watch.ts';

const parts: Bench[] = [accuracy, engine, cli, cluster, slack, approve, burst, watch];

const words = process.argv.slice(2);
const asJson = words.includes('--json');
const only = words.includes('--only') ? (words[words.indexOf('--only') + 1] ?? '') : '';

const machine = {
  node: process.version,
  platform: `${process.platform} ${process.arch}`,
  cpu: cpus()[0]?.model ?? '',
  cores: cpus().length,
  memoryGiB: Math.round(totalmem() / 2 ** 30),
};
const results: Result[] = [];
for (const part of parts.filter((p) => p.names.some((name) => name.startsWith(only)))) {
  results.push(...(await part.run()).filter((r) => r.name.startsWith(only)));
}

if (asJson) process.stdout.write(`${JSON.stringify({ machine, results })}\n`);
else {
  process.stdout.write(
    `${machine.node}, ${machine.platform}, ${machine.cores} × ${machine.cpu}, ${machine.memoryGiB} GiB\n\n`,
  );
  for (const r of results) {
    const promise = r.bound === null ? '' : `   ${r.holds ? 'holds' : 'BROKEN'}: bound ${r.bound}`;
    process.stdout.write(`${r.name.padEnd(34)} ${String(r.value).padStart(10)} ${r.unit.padEnd(12)}${promise}\n`);
  }
}
process.exitCode = results.every((r) => r.holds) ? 0 : 1;
