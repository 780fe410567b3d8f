// Facts that are never the cause themselves but belong in every answer where they hold, each with its address.

import { casesOf, earliestKillSeconds } from './case.ts';
import type { Evidence, Revision } from './evidence.ts';
import { exitWords } from './exit-code.ts';
import { known } from './fact.ts';
import type { Cause, ContextFact } from './report.ts';
import { worstCase } from './status.ts';
import { templateDifference } from './template-diff.ts';

export function contextOf(evidence: Evidence, first: Cause | undefined): ContextFact[] {
  return [
    ...beganWith(evidence),
    ...configChanged(evidence),
    ...replicas(evidence),
    ...onlyThisNode(evidence),
    ...exitAndTime(evidence, first),
    ...probeArithmetic(evidence, first),
    ...dependency(evidence, first),
    ...managed(evidence),
    ...nodeTrouble(evidence),
  ];
}

/** The revision that the failing pod runs, when an older one exists, with the template's difference in words. */
function beganWith(evidence: Evidence): ContextFact[] {
  const revisions = known(evidence.revisions) ?? [];
  const current = revisions.at(-1);
  const before = formerRevision(evidence);
  if (!current || !before) return [];
  const differences = templateDifference(before.template, current.template);
  if (differences.length === 0) return [];
  const at = `revisions[${current.name}].template`;
  const facts: ContextFact[] = [
    {
      kind: 'began-with-revision',
      text: `began with revision ${current.number}: ${differences.slice(0, 4).join(', ')}`,
      at,
    },
  ];
  if (before.readyReplicas > 0) {
    facts.push({
      kind: 'healthy-revision',
      text: `revision ${before.number} still serves with ${before.readyReplicas} ready`,
      at: `revisions[${before.name}].status.readyReplicas`,
    });
  }
  return facts;
}

/** The revision before the present one: the newest older one, one that still serves first. */
export function formerRevision(evidence: Evidence): Revision | undefined {
  const older = (known(evidence.revisions) ?? []).filter((r) => !r.current);
  return older.filter((r) => r.readyReplicas > 0).at(-1) ?? older.at(-1);
}

function configChanged(evidence: Evidence): ContextFact[] {
  const podSince = known(evidence.pod.createdAt) ?? '';
  const told = new Set<string>();
  return evidence.references.flatMap((reference) => {
    const object = known(reference.object);
    const changed = object?.changedAt ?? '';
    if (!object || changed === '' || changed <= podSince || changed <= object.createdAt || told.has(reference.name))
      return [];
    told.add(reference.name);
    const by = object.changedBy ? ` by ${object.changedBy}` : '';
    return [
      {
        kind: 'config-changed' as const,
        text: `${reference.kind} ${reference.name} was changed at ${changed}${by}, after this pod was made`,
        at: `${reference.object.at}:metadata.managedFields`,
      },
    ];
  });
}

function replicas(evidence: Evidence): ContextFact[] {
  const siblings = known(evidence.siblings) ?? [];
  if (siblings.length === 0) return [];
  const troubled = siblings.filter((s) => s.trouble !== '').length;
  const healthy = siblings.filter((s) => s.ready).length;
  const text =
    troubled === siblings.length
      ? `all ${siblings.length + 1} pods of the workload are in trouble`
      : healthy === siblings.length
        ? `only this pod is in trouble; ${healthy} other ${healthy === 1 ? 'pod is' : 'pods are'} ready`
        : `${troubled} of ${siblings.length} other pods are in trouble too`;
  return [{ kind: 'replicas', text, at: 'pods' }];
}

function onlyThisNode(evidence: Evidence): ContextFact[] {
  const here = known(evidence.pod.nodeName);
  const siblings = known(evidence.siblings) ?? [];
  const troubled = siblings.filter((s) => s.trouble !== '');
  const elsewhere = siblings.filter((s) => s.nodeName !== here && s.ready);
  if (!here || elsewhere.length === 0 || troubled.some((s) => s.nodeName !== here)) return [];
  return [
    { kind: 'node', text: `only on node ${here}; ${elsewhere.length} ready on other nodes`, at: 'spec.nodeName' },
  ];
}

function exitAndTime(evidence: Evidence, first: Cause | undefined): ContextFact[] {
  const k = casesOf(evidence).find((c) => c.container.name === first?.container) ?? worstCase(evidence);
  if (k?.exit.state !== 'seen') return [];
  const facts: ContextFact[] = [
    { kind: 'exit', text: `last exit ${k.exit.value.exitCode}: ${exitWords(k.exit.value.exitCode)}`, at: k.exit.at },
  ];
  if (k.livedForSeconds !== undefined) {
    facts.push({
      kind: 'time-to-crash',
      text: `the last run lived for ${k.livedForSeconds === 0 ? 'less than a second' : `${k.livedForSeconds} s`}`,
      at: k.exit.at,
    });
  }
  return facts;
}

/** A run that ended exactly when the probe's arithmetic says it must. */
function probeArithmetic(evidence: Evidence, first: Cause | undefined): ContextFact[] {
  const k = casesOf(evidence).find((c) => c.container.name === first?.container);
  const liveness = k && known(k.container.probes.liveness);
  if (!k || !liveness || k.ending !== 'probe-killed' || k.livedForSeconds === undefined) return [];
  const earliest = earliestKillSeconds([liveness]) ?? 0;
  const latest = earliest + liveness.periodSeconds + liveness.timeoutSeconds;
  if (k.livedForSeconds < earliest || k.livedForSeconds > latest + 35) return [];
  return [
    {
      kind: 'probe-arithmetic',
      text: `killed after ${k.livedForSeconds} s: ${liveness.initialDelaySeconds} s delay and ${liveness.failureThreshold} failures every ${liveness.periodSeconds} s`,
      at: k.container.probes.liveness.at,
    },
  ];
}

/** The dependency that the cause names, compared with the cluster's Services. */
function dependency(evidence: Evidence, first: Cause | undefined): ContextFact[] {
  const host = first?.detail.host;
  const services = known(evidence.services);
  if (!host || !services) return [];
  const [name, namespace] = host.split('.');
  const service = services.find(
    (s) => s.clusterIP === host || (s.name === name && s.namespace === (namespace ?? evidence.namespace)),
  );
  if (!service) {
    const near = services
      .filter((s) => s.name !== name && (s.name.includes(name ?? '') || (name ?? '').includes(s.name)))
      .map((s) => s.name);
    if (/^[\d.:]+$/.test(host) || (namespace !== undefined && namespace !== evidence.namespace)) return [];
    return [
      {
        kind: 'dependency',
        text: `no Service ${name} in ${evidence.namespace}${near.length ? `; there is ${near.join(', ')}` : ''}`,
        at: 'services',
      },
    ];
  }
  const state =
    service.readyEndpoints === 0
      ? 'has no ready endpoint'
      : service.readyEndpoints === undefined
        ? 'exists'
        : `has ${service.readyEndpoints} ready`;
  return [
    {
      kind: 'dependency',
      text: `Service ${service.name} ${state}${service.trouble ? ` (${service.trouble})` : ''}`,
      at: `services[${service.name}]`,
    },
  ];
}

function managed(evidence: Evidence): ContextFact[] {
  const workload = known(evidence.workload);
  return (workload?.managedBy ?? []).map((by) => ({
    kind: 'managed-by' as const,
    text: `managed by ${by}: a direct change would be reverted`,
    at: `${evidence.workload.at}:metadata`,
  }));
}

function nodeTrouble(evidence: Evidence): ContextFact[] {
  const node = known(evidence.node);
  if (!node) return [];
  const bad = node.conditions.filter((c) => (c.type === 'Ready' ? c.status !== 'True' : c.status === 'True'));
  return bad.map((c) => ({
    kind: 'node' as const,
    text: `node ${node.name}: ${c.type}=${c.status}${c.reason ? ` (${c.reason})` : ''}`,
    at: `${evidence.node.at}:status.conditions`,
  }));
}
