// No node takes the pod: resources, taints, selectors, affinity, topology. The scheduler counts the reasons per node.

import type { Evidence } from '../core/evidence.ts';
import { type Citation, cite, known } from '../core/fact.ts';
import { defineRule, eachCase, holds } from '../core/rule.ts';
import { conditionSaying, eventSaying } from './reading/events.ts';
import { inBrief } from './reading/in-brief.ts';
import { details } from './reading/said.ts';

const SCHEDULER =
  /^(?:running PreFilter plugin .{0,120}|.{0,40})?\d+\/\d+ nodes are available|no nodes available to schedule pods|didn't match|Insufficient |untolerated taint|had taint|^Failed to schedule pod, |max node group size reached|pod didn't trigger scale-up/;
/** Schedulers of others word it their own way; what passes in a moment is no answer. */
const NO_PLACE =
  /^(?!.*(?:running PreBind|binding rejected|not in the cache|been deleted|object has been modified))[\s\S]/;
const UNBOUND =
  /unbound immediate PersistentVolumeClaims|persistentvolumeclaim "[^"]+" (?:not found|is being deleted)|waiting for ephemeral volume|didn't find available persistent volumes/;
// OutOfcpu and its kin: the kubelet refuses what the scheduler placed.
const KUBELET = /^(?:OutOf\w+|NodeAffinity|NodePorts|TopologyAffinityError)$/;

export default defineRule({
  id: 'unschedulable',
  title: 'No node takes the pod',
  explains: ['waits', 'unread'],
  actions: ['rollback'],
  commands: [['See what each node has left', 'describe nodes']],
  byHand: 'Make room on a node, add one that fits, or ask for less: {reasons|no node has what it asks for}.',
  judge: (evidence) => {
    const event =
      eventSaying(evidence, /nodes are available/, ['FailedScheduling']) ??
      eventSaying(evidence, SCHEDULER, ['FailedScheduling', 'NotTriggerScaleUp']) ??
      eventSaying(evidence, NO_PLACE, ['FailedScheduling']);
    const scaler =
      eventSaying(evidence, /./, ['NotTriggerScaleUp']) ??
      eventSaying(evidence, /^Failed to schedule pod/, ['FailedScheduling']);
    const condition = conditionSaying(evidence, /^(?:Unschedulable|SchedulingGated): /);
    const kubelet = KUBELET.test(known(evidence.pod.reason) ?? '')
      ? cite(evidence.pod.reason, `${known(evidence.pod.reason)}: ${known(evidence.pod.message) ?? ''}`)
      : [];
    // A pod that was placed after all keeps the old events.
    if (!condition && (known(evidence.events) ?? []).some((e) => e.reason === 'Scheduled')) return [];
    const text = (condition ?? event)?.text ?? kubelet[0]?.text ?? '';
    if (text === '' || (known(evidence.pod.nodeName) !== undefined && kubelet.length === 0)) return [];
    const reasons = reasonsIn(text);
    // A claim that is not bound has an id of its own, unless nodes also refuse for other reasons.
    if (UNBOUND.test(text) && reasons.every((r) => UNBOUND.test(r) || /Preemption/i.test(r))) return [];
    const finding = {
      strength: 'proof' as const,
      summary: `no node takes the pod: ${reasons.join(', ') || inBrief(text)}`,
      evidence: [
        event?.citation,
        condition?.citation,
        ...kubelet,
        scaler === event ? undefined : scaler?.citation,
      ].filter((c): c is Citation => c !== undefined),
    };
    return eachCase(evidence, ['waits', 'unread'], (k) => {
      const asked = askedFor(evidence, k.container, text);
      return holds(k, {
        ...finding,
        evidence: [...finding.evidence, ...asked],
        detail: details({ container: k.container.name, reasons: reasons.join(', ') }),
      });
    })
      .sort((a, b) => weightOf(b) - weightOf(a))
      .slice(0, 1);
  },
  doc: {
    looksAt:
      'the FailedScheduling events, the PodScheduled condition, requests, nodeSelector, affinity and tolerations',
    means: 'Every node was looked at and none fits; the scheduler says for how many nodes each reason holds.',
    fix: 'Lower the request, correct the selector or affinity, tolerate the taint, or add a node that fits. It is placed by itself once one does.',
    prevention:
      'Let the pipeline compare requests, tolerations and selectors of {workload|the workload} with the nodes of the target cluster, and watch the free capacity of the largest node.',
    notThis: 'A claim that does not bind is pvc-unbound; a quota refuses before there is a pod.',
  },
});

/** "0/3 nodes are available: 1 Insufficient memory, 2 node(s) had untolerated taint {a: b}. preemption: …" */
function reasonsIn(text: string): string[] {
  const body =
    (/nodes are available: ([\s\S]+)$/.exec(text)?.[1] ?? '').split(
      /\.? ?(?:no new claims to deallocate,? ?)?preemption: /,
    )[0] ?? '';
  return body
    .split(/, (?=\d)|\. (?=[a-z\d])/)
    .map((r) => r.trim().replace(/[.,]$/, ''))
    .filter((r) => r !== '' && !/^not found$|^no new claims/.test(r));
}

/** What the container asks for of the resource that is short, and the selector that nothing matches. */
function askedFor(evidence: Evidence, c: Evidence['containers'][number], text: string): Citation[] {
  return [
    ...(/Insufficient memory/.test(text) && c.memoryRequest.state === 'seen'
      ? cite(c.memoryRequest, `${c.name} requests memory ${c.memoryRequest.value}`)
      : []),
    ...(/Insufficient cpu/.test(text) && c.cpuRequest.state === 'seen'
      ? cite(c.cpuRequest, `${c.name} requests cpu ${c.cpuRequest.value}`)
      : []),
    ...(/node affinity|selector/i.test(text)
      ? cite(
          evidence.pod.nodeSelector,
          `nodeSelector ${Object.entries(known(evidence.pod.nodeSelector) ?? {})
            .map(([key, value]) => `${key}=${String(value)}`)
            .join(', ')}`,
        )
      : []),
  ];
}

function weightOf(judgement: ReturnType<typeof eachCase>[number]): number {
  return judgement.is === 'holds' ? judgement.evidence.length * 2 + Number(judgement.containerKind === 'main') : 0;
}
