// So little CPU that start-up or probes time out: the program works, only too slowly to be believed.

import type { ContainerCase } from '../core/case.ts';
import { cite, known } from '../core/fact.ts';
import { logHits, signTable } from '../core/log-signs.ts';
import { parseQuantity } from '../core/quantity.ts';
import { defineRule, eachCase, type Holds, holds } from '../core/rule.ts';
import { killingFailures } from './reading/probe-failures.ts';
import { details } from './reading/said.ts';

const STARVED = signTable([
  { who: 'Hikari', pattern: /Thread starvation or clock leap detected/ },
  {
    who: 'etcd, Raft',
    pattern: /(?:apply request took too long|heartbeat .{0,40}overloaded|likely overloaded|slow fdatasync)/,
  },
  {
    who: 'JVM, Vert.x, Node',
    pattern: /(?:Thread .{1,80} has been blocked for \d+ ms|event loop (?:blocked|lag)|scheduler.{0,20}stall)/i,
  },
  { who: 'any program', pattern: /(?:cpu (?:is )?throttl|throttled (?:by|time)|cpu starvation)/i },
]);
/** Cores below which an ordinary server misses a probe's time, alone by its limit. */
const STARVING_CORES = 0.06;
const SHORT_CORES = 0.25;

export default defineRule({
  id: 'cpu-starvation',
  title: 'Too little CPU',
  explains: ['crash-loop', 'not-ready'],
  causes: [
    'probe-timeout',
    'probe-too-early',
    'probe-wrong-port',
    'terminated-by-signal',
    'application-error',
    'readiness-probe-failing',
    'dependency-timeout',
  ],
  actions: ['raise-cpu-limit'],
  byHand: 'Raise the CPU limit of {container} above {limit|what it has}.',
  judge: (evidence) => eachCase(evidence, ['crash-loop', 'not-ready'], (k) => starved(k)),
  doc: {
    looksAt:
      'the CPU limit, probes that time out or are refused during a slow start, and what programs say of starvation',
    means:
      'The container gets so few milliseconds of processor time that it cannot answer or start within the time its probes allow.',
    fix: 'Raise or remove the CPU limit, or give the probes more time.',
    prevention:
      'Keep the CPU limit of {container} well above {limit|its average}: start-up needs several times what the running program does.',
    notThis:
      'An endpoint that is slow with enough CPU (probe-timeout), or a start that is long by itself (probe-too-early).',
  },
});

function starved(k: ContainerCase): Holds | undefined {
  const limit = known(k.container.cpuLimit);
  const cores = parseQuantity(limit ?? '') ?? Number.POSITIVE_INFINITY;
  const slow = killingFailures(k).find(
    (f) => f.kind === 'timeout' || (f.kind === 'refused' && cores <= STARVING_CORES),
  );
  const said = logHits(k, STARVED)[0];
  const short = cores <= STARVING_CORES || (cores <= SHORT_CORES && said !== undefined);
  if (!limit || !short || !slow || (k.symptom === 'crash-loop' && k.ending !== 'probe-killed')) return undefined;
  return holds(k, {
    strength: 'sign',
    summary: `${k.container.name} may use ${limit} of a CPU only, and so cannot ${slow.kind === 'refused' ? 'start' : 'answer'} in the time its ${slow.probe} probe allows`,
    evidence: [...cite(k.container.cpuLimit, `CPU limit ${limit}`), slow.citation, ...(said ? [said.citation] : [])],
    detail: details({ container: k.container.name, limit, probe: slow.probe }),
  });
}
