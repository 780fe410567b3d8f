// `npm run bench`: what was promised, measured. `--json` prints one document; `--only PREFIX` runs a part.

import { cpus, totalmem } from 'node:os';
import { accuracy } from './accuracy.ts';
import { approve } from './approve.ts';
import { burst } from './burst.ts';
import { cli } from './cli.ts';
import { cluster } from './cluster.ts';
import { engine } from './engine.ts';
import { paste } from './paste.ts';
import { redis } from './redis.ts';
import type { Bench, Result, Row } from './result.ts';
import { slack } from './slack.ts';
import { watch } from './watch.ts';

const parts: Bench[] = [accuracy, paste, engine, cli, cluster, slack, approve, redis, burst, watch];

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
    if (r.rows?.length) process.stdout.write(table(r.rows));
  }
}
process.exitCode = results.every((r) => r.holds) ? 0 : 1;

/** Columns as wide as their widest word, below a line of their names. */
function table(rows: Row[]): string {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const lines = [Object.fromEntries(columns.map((c) => [c, c])), ...rows];
  const widths = columns.map((c) => Math.max(...lines.map((line) => String(line[c] ?? '').length)));
  const text = lines.map((line) =>
    columns
      .map((c, i) => String(line[c] ?? '').padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return `${text.map((line) => `    ${line}\n`).join('')}\n`;
}
