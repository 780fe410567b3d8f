// Follows a dependency that is down to its own cause: the pods behind its Service are judged by the same rules, and so
// on, a bounded number of steps. What is said of the last one is never more certain than what was found there.

import type { Evidence } from './evidence.ts';
import { known } from './fact.ts';
import { hostIn, qualified, serviceMeant } from './host.ts';
import type { Cause, Root } from './report.ts';
import { worstCase } from './status.ts';

const STEPS_MAX = 3;

/** Causes that mean: what it needs does not answer. */
const UNANSWERED = [
  'dependency-refused',
  'dependency-timeout',
  'dependency-dns-not-found',
  'init-container-waiting',
  'probe-endpoint-failing',
];

/** `judge` gives the ordered causes of one workload. Undefined when the dependency is not down, or nothing is known of it. */
export function rootOf(
  evidence: Evidence,
  first: Cause | undefined,
  judge: (e: Evidence) => Cause[],
): Root | undefined {
  const through: string[] = [];
  let here = evidence;
  let cause = first;
  for (let step = 0; step < STEPS_MAX; step++) {
    const needed = cause && neededBy(cause, here);
    if (!needed || through.includes(needed.service)) break;
    through.push(needed.service);
    here = needed.evidence;
    cause = judge(here)[0];
  }
  return through.length ? asRoot(through, here, cause) : undefined;
}

function neededBy(cause: Cause, evidence: Evidence): { service: string; evidence: Evidence } | undefined {
  if (!UNANSWERED.includes(cause.cause) || !cause.detail.host) return undefined;
  const service = serviceMeant(hostIn(cause.detail.host), evidence);
  if (!service || (service.readyEndpoints ?? 0) > 0) return undefined;
  const name = qualified(service, evidence);
  const backend = evidence.behind.find((b) => b.services.includes(name));
  return backend && { service: name, evidence: backend.evidence };
}

function asRoot(through: string[], evidence: Evidence, cause: Cause | undefined): Root {
  const pod = known(evidence.pod.name) ?? '';
  const workload = known(evidence.workload);
  const worst = worstCase(evidence);
  const exit = worst && known(worst.exit);
  const state = worst && known(worst.container.state);
  const trouble = [state?.is === 'waiting' ? state.reason : '', exit ? `last exit ${exit.exitCode}` : ''];
  return {
    through,
    target: {
      cluster: evidence.cluster,
      namespace: evidence.namespace,
      pod,
      workload: workload ? { kind: workload.kind, name: workload.name } : { kind: 'Pod', name: pod },
    },
    cause: cause?.cause ?? 'unknown',
    grade: cause?.grade ?? 'unknown',
    container: cause?.container ?? worst?.container.name ?? '',
    summary:
      cause?.summary ??
      `its pod ${pod} is not ready (${trouble.filter(Boolean).join(', ') || 'for a reason that is not known'})`,
    evidence: (cause?.evidence ?? []).map((c) => ({ ...c, at: `Pod/${pod}:${c.at}` })),
    detail: cause?.detail ?? {},
  };
}

const CERTAINTY = {
  confirmed: 'because',
  likely: 'probably because',
  possible: 'possibly because',
  unknown: 'too:',
} as const;
/** Enough of the root's proof to be believed. */
const CITED_MAX = 2;

/** The first cause, told with why its dependency is down. */
export function toldWithRoot(cause: Cause, root: Root | undefined): Cause {
  const [down] = root?.through ?? [];
  if (!root || !down) return cause;
  const chain =
    root.through.length > 1
      ? `${down} waits for ${root.through.slice(1).join(', which waits for ')}, and that is down`
      : `${down} is down`;
  const certain = root.grade !== 'unknown';
  return {
    ...cause,
    summary: `${cause.summary}; ${chain} ${CERTAINTY[root.grade]} ${root.summary}`,
    evidence: [...cause.evidence, ...(certain ? root.evidence.slice(0, CITED_MAX) : [])],
    detail: { ...cause.detail, down },
  };
}
