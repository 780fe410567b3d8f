// The first lines of every answer: what state it is in, since when, how often, what next.

import { type ContainerCase, casesOf } from './case.ts';
import type { Evidence } from './evidence.ts';
import { exitWords } from './exit-code.ts';
import { known } from './fact.ts';
import type { StatusLine, StatusState } from './report.ts';

/** The container that was asked about, or the one that asks most for an explanation: the first failing one in start order. */
export function worstCase(evidence: Evidence): ContainerCase | undefined {
  const only = evidence.only && casesOf(evidence).find((k) => k.container.name === evidence.only);
  if (only) return only;
  const order = ['crash-loop', 'cannot-start', 'image', 'not-ready', 'unread', 'waits', 'recovered', 'healthy'];
  return [...casesOf(evidence)].sort((a, b) => order.indexOf(a.symptom) - order.indexOf(b.symptom))[0];
}

export function statusOf(evidence: Evidence, culprit: string): StatusLine {
  const named = casesOf(evidence).find((k) => k.container.name === culprit);
  const k = named ?? worstCase(evidence);
  const exit = k && known(k.exit);
  return {
    state: stateOf(evidence, k),
    since: sinceOf(evidence, k),
    restarts: k ? (known(k.container.restartCount) ?? null) : null,
    lastExit: exit ? { code: exit.exitCode, words: exitWords(exit.exitCode), finishedAt: exit.finishedAt } : null,
    livedForSeconds: k?.livedForSeconds ?? null,
    nextStart: nextStartOf(k),
    serving: servingOf(evidence),
    now: evidence.now,
  };
}

function stateOf(evidence: Evidence, k: ContainerCase | undefined): StatusState {
  if (evidence.pod.name.state === 'absent') return 'no pod';
  const phase = known(evidence.pod.phase);
  const taken = known(evidence.pod.conditions)?.some((c) => c.type === 'DisruptionTarget' && c.status === 'True');
  if (taken || known(evidence.pod.reason) === 'Evicted') return 'evicted';
  switch (k?.symptom) {
    case 'crash-loop':
      return phase === 'Failed' ? 'failed' : 'crash looping';
    case 'cannot-start':
      return 'cannot start';
    case 'image':
      return 'image cannot be pulled';
    case 'not-ready':
      return 'not ready';
    case 'waits':
      return phase === 'Failed' ? 'failed' : 'pending';
    case 'recovered':
      return 'recovered';
    case 'healthy':
      return isHeldBack(evidence) ? 'not ready' : 'healthy';
    default:
      return phase === 'Failed' ? 'failed' : phase === 'Pending' ? 'pending' : 'unread';
  }
}

/** All containers run and are ready, and the pod is not: a readiness gate of it is closed. */
export function isHeldBack({ pod }: Evidence): boolean {
  const status = (type: string) => (known(pod.conditions) ?? []).find((c) => c.type === type)?.status;
  const leaving = pod.deletionTimestamp.state === 'seen';
  return status('Ready') === 'False' && status('ContainersReady') === 'True' && !leaving;
}

/** Earliest known trouble: the first warning about this container, else when it last became unready. */
function sinceOf(evidence: Evidence, k: ContainerCase | undefined): string {
  if (!k || k.symptom === 'healthy') return '';
  if (k.symptom === 'recovered') return known(k.exit)?.finishedAt ?? '';
  const warnings = k.events.filter((e) => e.type === 'Warning' || e.reason === 'BackOff').map((e) => e.first);
  const ready = (known(evidence.pod.conditions) ?? []).find((c) => c.type === 'Ready' && c.status === 'False')?.since;
  const candidates = [...warnings, ready ?? '', known(k.exit)?.finishedAt ?? ''].filter((t) => t > '1970-01-02');
  return candidates.sort()[0] ?? '';
}

const BACK_OFF = /back-off (?<wait>(?:\d+h)?(?:\d+m)?(?:\d+(?:\.\d+)?s)?) restarting failed container/;

/** From the back-off the kubelet states and the end of the last run; never from an assumed schedule. */
export function nextStartOf(k: ContainerCase | undefined): string {
  const state = k && known(k.container.state);
  const finished = k && known(k.exit)?.finishedAt;
  if (state?.is !== 'waiting' || !finished) return '';
  const seconds = goDurationSeconds(BACK_OFF.exec(state.message)?.groups?.wait ?? '');
  const end = Date.parse(finished);
  return seconds === undefined || Number.isNaN(end) ? '' : rfc3339(end + seconds * 1000);
}

/** "2m40s" → 160. */
export function goDurationSeconds(text: string): number | undefined {
  const match = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+(?:\.\d+)?)s)?$/.exec(text);
  if (!match || text === '') return undefined;
  return Number(match[1] ?? 0) * 3600 + Number(match[2] ?? 0) * 60 + Number(match[3] ?? 0);
}

/** Milliseconds since the epoch as RFC 3339 in UTC, whole seconds. */
export function rfc3339(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
}

function servingOf(evidence: Evidence): string {
  const workload = known(evidence.workload);
  if (!workload || !['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet'].includes(workload.kind)) return '';
  if (workload.unobserved) return '';
  return `${workload.readyReplicas} of ${workload.replicas} ${workload.replicas === 1 ? 'replica serves' : 'replicas serve'}`;
}
