// The place a pod runs in: pressure and taints of its node, and how much of the namespace's quota is left.

import type { QuotaEvidence } from '../evidence/around.ts';
import type { Evidence } from '../evidence.ts';
import { known } from '../fact.ts';
import { parseQuantity } from '../quantity.ts';
import type { ContextFact } from '../report.ts';

export function place(evidence: Evidence): ContextFact[] {
  return [...nodeTrouble(evidence), ...quotaLeft(evidence)];
}

/** Taints that every node of a role carries and that say nothing about its health. */
const ROLE_TAINT = /^node-role\.kubernetes\.io\//;

function nodeTrouble(evidence: Evidence): ContextFact[] {
  const node = known(evidence.node);
  if (!node) return [];
  const fact = (text: string, field: string): ContextFact => ({
    kind: 'node',
    text: `node ${node.name}: ${text}`,
    at: `${evidence.node.at}:${field}`,
  });
  const bad = node.conditions.filter((c) => (c.type === 'Ready' ? c.status !== 'True' : c.status === 'True'));
  const taints = node.taints.filter((t) => !ROLE_TAINT.test(t) && !t.startsWith('node.kubernetes.io/unschedulable'));
  return [
    ...bad.map((c) => fact(`${c.type}=${c.status}${c.reason ? ` (${c.reason})` : ''}`, 'status.conditions')),
    ...(node.unschedulable ? [fact('cordoned, takes no new pods', 'spec.unschedulable')] : []),
    ...(taints.length ? [fact(`tainted ${taints.join(', ')}`, 'spec.taints')] : []),
  ];
}

/** So much of a quota used is worth a word. */
const NEARLY_USED = 0.9;

function quotaLeft(evidence: Evidence): ContextFact[] {
  return (known(evidence.quotas) ?? []).flatMap((quota) => {
    const tight = Object.keys(quota.hard).filter((resource) => usedShare(quota, resource) >= NEARLY_USED);
    if (tight.length === 0) return [];
    const full = tight.some((resource) => usedShare(quota, resource) >= 1);
    const words = tight.map((r) => `${r} ${quota.used[r]} of ${quota.hard[r]}`).join(', ');
    return [
      {
        kind: 'quota' as const,
        text: `quota ${quota.name} is ${full ? 'used up' : 'nearly used'}: ${words}`,
        at: `resourcequotas[${quota.name}]`,
      },
    ];
  });
}

function usedShare({ hard, used }: QuotaEvidence, resource: string): number {
  const most = parseQuantity(hard[resource] ?? '') ?? 0;
  const now = parseQuantity(used[resource] ?? '') ?? 0;
  return most > 0 ? now / most : 0;
}
