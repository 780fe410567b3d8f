// The pod was removed from its node: by the kubelet under pressure or over a size limit, by the scheduler for a more
// important pod, by a taint, a drain or a shutdown.

import { casesOf } from '../core/case.ts';
import type { Condition, EventRecord, Evidence } from '../core/evidence.ts';
import { type Citation, cite, known } from '../core/fact.ts';
import { defineRule, type Holds, holds, holdsForPod } from '../core/rule.ts';
import { details } from './reading/said.ts';

export default defineRule({
  id: 'evicted',
  title: 'Removed from its node',
  explains: ['crash-loop', 'cannot-start', 'waits', 'not-ready', 'unread'],
  causes: ['terminated-by-signal', 'application-error', 'disk-full', 'entrypoint-completes', 'node-not-ready'],
  actions: ['restart'],
  commands: [['See what the node has left of {pressure}', 'describe node {node}']],
  byHand:
    'Give volume {volume} a larger sizeLimit, or let {container} write less to it. Give {container} requests and limits for what it used of {pressure}, or find what fills the node. Give it a priority as high as its weight, or room beside {preemptor}. Let it tolerate {taint}, or take the taint from the node. An evicted pod does not come back: its controller makes a new one, and a bare pod is made by hand.',
  judge,
  doc: {
    looksAt:
      'reason and message of the pod, its DisruptionTarget condition, and events of eviction, preemption, taints and shutdown',
    means:
      'The pod did not fail: it was taken away. Its containers were killed with it (exit code 137 or 143), which is no sign of their memory.',
    fix: 'The controller makes a new pod. Where it is evicted again, its use of what ran short has to become smaller or its limit larger.',
    prevention:
      'Run more than one replica of {workload|it}, spread over nodes, so that no single eviction is an outage. Request what {container} really uses, so that {pressure} is reserved for it, and limit what it may take. Give volume {volume} a sizeLimit that holds what is written, and expire what is old. Give it a PriorityClass as high as its weight: {preemptor} took its place. Let it tolerate {taint} (tolerationSeconds) for as long as it may stay. Give it a PodDisruptionBudget, which {drainer} respects.',
    notThis: 'A container over its own memory limit (oom-killed): that container is restarted in the same pod.',
  },
});

const REASONS =
  /^(?:Evicted|Preempting|Preempted|NodeShutdown|Terminated|Shutdown|NodeLost|DeletionByTaintManager|OutOfDisk)$/;
const EVENTS = /^(?:Evicted|Preempted|Preempting|TaintManagerEviction|NodeShutdown)$/;
const EVICTING = /^(?:Evicted|Preempting|Preempted)$/;

/** What the node is short of by the name of its condition. */
const SHORT: { [condition: string]: string } = { Memory: 'memory', Disk: 'ephemeral-storage', PID: 'process ids' };

function judge(evidence: Evidence): Holds[] {
  const reason = known(evidence.pod.reason) ?? '';
  const message = known(evidence.pod.message) ?? '';
  const disrupted = (known(evidence.pod.conditions) ?? []).find(
    (c) => c.type === 'DisruptionTarget' && c.status === 'True',
  );
  const events = (known(evidence.events) ?? []).filter(
    (e) => e.object.kind === 'Pod' && e.object.name === known(evidence.pod.name) && EVENTS.test(e.reason),
  );
  const event = events.at(-1);
  const gone =
    REASONS.test(reason) &&
    (EVICTING.test(reason) || /shutdown|evict|preempt|taint|lost/i.test(`${reason} ${message}`));
  if (!gone && !disrupted && !(event && /Evicted|Preempt|Taint/.test(event.reason) && phaseIsOver(evidence))) return [];
  const words = [message, disrupted?.message, event?.message].find((w) => w !== undefined && w !== '') ?? reason;
  const text = words.trim();
  const evidenceOf: Citation[] = [
    ...(gone ? cite(evidence.pod.reason, `${reason}: ${message}`.trim()) : []),
    ...(disrupted ? cite(evidence.pod.conditions, conditionWords(disrupted), '[DisruptionTarget]') : []),
    ...(event ? [{ source: 'event' as const, at: event.at, text: `${event.reason}: ${event.message}`.trim() }] : []),
  ];
  const volume = /volume "([^"]+)"/.exec(text)?.[1];
  const pressure =
    /low on resource: ([\w-]+)/.exec(text)?.[1] ??
    SHORT[/had condition: \[(Memory|Disk|PID)Pressure/.exec(text)?.[1] ?? ''] ??
    (!volume && /ephemeral/.test(text) ? 'ephemeral-storage' : undefined);
  const finding = {
    strength: 'proof' as const,
    summary: `The pod was ${verb(reason, disrupted, text, event)}${text === reason ? '' : `: ${text}`}`,
    evidence: evidenceOf,
    detail: details({ resource: pressure ?? volume, pressure, volume, ...company(reason, disrupted, text, event) }),
  };
  const culprit = culpritIn(evidence, text);
  return [
    culprit
      ? holds(culprit, { ...finding, detail: { ...finding.detail, container: culprit.container.name } })
      : holdsForPod(finding),
  ];
}

function phaseIsOver(evidence: Evidence): boolean {
  const { phase } = evidence.pod;
  if (phase.state === 'unread') return true;
  return known(phase) === 'Failed' || evidence.pod.deletionTimestamp.state === 'seen';
}

function conditionWords(c: Condition): string {
  return `DisruptionTarget: ${c.reason}${c.message ? `: ${c.message}` : ''}`;
}

function verb(reason: string, disrupted: Condition | undefined, text: string, event?: EventRecord): string {
  const all = `${reason} ${disrupted?.reason ?? ''} ${event?.reason ?? ''} ${text}`;
  if (/preempt/i.test(all)) return 'removed for a more important one (preempted)';
  if (/taint/i.test(all)) return 'removed because of a taint of its node';
  if (/EvictionByEvictionAPI/.test(all)) return 'evicted through the API (a drain or a rebalancer)';
  if (/shutdown/i.test(all)) return 'ended because its node shuts down';
  return 'evicted';
}

/** Who or what made it go, where that was no shortage of the pod's own. */
function company(
  reason: string,
  disrupted: Condition | undefined,
  text: string,
  event?: EventRecord,
): { [name: string]: string } {
  const how = verb(reason, disrupted, text, event);
  if (/preempted/.test(how)) return { preemptor: 'a more important pod' };
  if (/through the API/.test(how)) return { drainer: 'a drain' };
  return /taint/.test(how) ? { taint: 'a NoExecute taint' } : {};
}

/** The container that the message names, that mounts the volume it names, or the only one. */
function culpritIn(evidence: Evidence, text: string) {
  const cases = casesOf(evidence);
  const name =
    /[Cc]ontainer "?([\w-]+)"? (?:was using|exceed|ephemeral)/.exec(text)?.[1] ??
    /Container ([\w-]+) exceeded/.exec(text)?.[1];
  const volume = /volume "([^"]+)"/.exec(text)?.[1];
  const named = cases.find((k) => k.container.name === name);
  const mounting = cases.filter(
    (k) => volume !== undefined && known(k.container.mounts)?.some((m) => m.volume === volume),
  );
  return named ?? (mounting.length === 1 ? mounting[0] : undefined) ?? (cases.length === 1 ? cases[0] : undefined);
}
