// The node itself is in trouble: not ready, not reachable, or its runtime broken.

import { casesOf } from '../core/case.ts';
import type { Evidence } from '../core/evidence.ts';
import { cite, known } from '../core/fact.ts';
import { defineRule, type Holds, holdsForPod } from '../core/rule.ts';
import { details } from './reading/said.ts';

export default defineRule({
  id: 'node-not-ready',
  title: 'The node is not ready',
  explains: ['crash-loop', 'cannot-start', 'waits', 'not-ready', 'unread', 'healthy'],
  causes: ['terminated-by-signal', 'container-runtime-fault', 'cni-failure', 'readiness-probe-failing'],
  actions: ['move-off-node'],
  commands: [['See what the node says of itself', 'describe node {node}']],
  byHand: 'Repair or replace the node {node|of the pod}; its pods move when it is drained or its taint evicts them.',
  judge,
  doc: {
    looksAt: 'the Ready condition of the node, its taints, and events about the node',
    means: 'The kubelet of this node does not report, or reports that it cannot run pods. Every pod on it is touched.',
    fix: 'Look at the node: kubelet, runtime, network, disk. Move what must run elsewhere.',
    prevention:
      'Spread replicas of {workload|the workload} over nodes (topologySpreadConstraints), so that no single node, like {node|this one}, can take the service away.',
    notThis: 'A single program that fails on a healthy node, or an eviction by a node that works (evicted).',
  },
});

function judge(evidence: Evidence): Holds[] {
  const node = known(evidence.node);
  const ready = node?.conditions.find((c) => c.type === 'Ready');
  const events = (known(evidence.events) ?? []).filter((e) =>
    /^(?:NodeNotReady|NodeUnreachable|ContainerRuntimeUnhealthy|KubeletNotReady|Rebooted)$/.test(e.reason),
  );
  const event = events.at(-1);
  const lost = known(evidence.pod.reason) === 'NodeLost' || known(evidence.pod.reason) === 'NodeUnreachable';
  const down = ready !== undefined && ready.status !== 'True';
  if (!down && !lost && !event) return [];
  // The node controller marks the pods of a lost node as not ready; their containers look as they did last.
  const unready = (known(evidence.pod.conditions) ?? []).find((c) => c.type === 'Ready' && c.status === 'False');
  if (!unready && !casesOf(evidence).some((k) => !['healthy', 'recovered'].includes(k.symptom))) return [];
  const name = node?.name ?? known(evidence.pod.nodeName) ?? '';
  const why =
    ready && down
      ? `${ready.reason}${ready.message ? `: ${ready.message}` : ''}`
      : (event?.message ?? known(evidence.pod.message) ?? '');
  // A node that is down now explains a pod in trouble only when the pod itself was told so, or never came up.
  const touches =
    lost ||
    (event !== undefined && event.object.kind === 'Pod') ||
    casesOf(evidence).every((k) => k.symptom === 'waits') ||
    (unready !== undefined && casesOf(evidence).every((k) => ['healthy', 'recovered'].includes(k.symptom)));
  const evidences = [
    ...(down ? cite(evidence.node, `Ready=${ready?.status} (${ready?.reason})`, ':status.conditions[Ready]') : []),
    ...(lost ? cite(evidence.pod.reason, known(evidence.pod.reason) ?? '') : []),
    ...(event ? [{ source: 'event' as const, at: event.at, text: `${event.reason}: ${event.message}` }] : []),
  ];
  return [
    holdsForPod({
      strength: touches && (down || lost) ? 'proof' : 'sign',
      summary: `${name ? `Node ${name}` : 'The node of the pod'} is not ready${why ? `: ${why.slice(0, 200)}` : ''}`,
      evidence: [
        ...evidences,
        ...(event && unready ? cite(evidence.pod.conditions, 'the pod is Ready=False', '[Ready]') : []),
      ],
      detail: details({ node: name }),
    }),
  ];
}
