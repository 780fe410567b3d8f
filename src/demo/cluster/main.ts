// The cluster as a process of its own: prints one JSON line when it serves, and ends on a signal or when its parent is gone.
// The kubeconfig lies in a folder that only this user can read and that is removed at the end.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { stringify } from 'yaml';
import { z } from 'zod';
import { ruleSchema } from './access.ts';
import { startCluster } from './cluster.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    'clock-speed': { type: 'string', default: '1' },
    'latency-ms': { type: 'string', default: '0' },
    /** Rules per token as JSON: {"reader": [{"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]}]} */
    access: { type: 'string' },
    metrics: { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
    /** End when standard input does: a parent that is killed cannot say goodbye. */
    'end-with-stdin': { type: 'boolean', default: false },
  },
});

if (positionals.length === 0) {
  console.error(
    'usage: main [--clock-speed N] [--latency-ms N] [--access JSON] [--metrics] [--verbose] [--end-with-stdin] RECORDING-DIR...',
  );
  process.exit(2);
}

const cluster = await startCluster({
  recordings: positionals,
  clockSpeed: z.coerce.number().positive().parse(values['clock-speed']),
  latencyMs: z.coerce.number().min(0).parse(values['latency-ms']),
  access: values.access ? z.record(z.string(), z.array(ruleSchema)).parse(JSON.parse(values.access)) : undefined,
  metrics: values.metrics,
  log: values.verbose ? (line) => console.error(line) : undefined,
});
const folder = await mkdtemp(join(tmpdir(), 'loopbreaker-cluster-'));
const kubeconfigPath = join(folder, 'kubeconfig.yaml');
await writeFile(kubeconfigPath, stringify(cluster.kubeconfigFile), { mode: 0o600 });

let ending = false;
async function end(): Promise<void> {
  if (ending) return;
  ending = true;
  await cluster.stop();
  await rm(folder, { recursive: true, force: true });
  process.exit(0);
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, end);
process.on('disconnect', end);
if (values['end-with-stdin']) process.stdin.on('end', end).resume();

console.log(
  JSON.stringify({
    url: cluster.url,
    kubeconfigPath,
    contexts: Object.keys(cluster.tokens),
    recordings: cluster.recordings,
  }),
);
