// A ResourceQuota or LimitRange refuses the pod: there is none, only the controller's events and conditions.

import { casesOf } from '../core/case.ts';
import type { QuotaEvidence } from '../core/evidence/around.ts';
import type { Evidence } from '../core/evidence.ts';
import { type Citation, cite, known } from '../core/fact.ts';
import { kubectl } from '../core/kubectl.ts';
import { signTable } from '../core/log-signs.ts';
import { parseQuantity } from '../core/quantity.ts';
import { defineRule, type Judgement, undecided } from '../core/rule.ts';
import { saying } from './reading/events.ts';
import { holdUp, refusalCounts } from './reading/held-up.ts';
import { details, fromLog } from './reading/said.ts';

const QUOTA =
  /exceeded quota: (?<quota>[^,]{1,300}), requested: (?<requested>[^:]{1,300}), used: (?<used>[^:]{1,300}), limited: (?<limited>[^:]{1,300})|failed quota: (?<quota2>[^:]{1,300}): must specify (?<missing>[^\n]{1,200})|insufficient quota to match these scopes/;
const RANGE =
  /(?<bound>maximum|minimum) (?<resource>(?<!\S)\S{1,200}) usage per (?<scope>Container|Pod|PersistentVolumeClaim) is (?<limit>[^,]{1,100})(?:, but (?<what>limit|request) is (?<value>[^.,\]]{1,100}))?|(?<resource2>(?<!\S)\S{1,200}) max limit to request ratio per \w+ is (?<ratio>[^,]{1,100})/;

export default defineRule({
  id: 'quota-exceeded',
  title: 'A quota or limit range refuses the pod',
  explains: ['waits', 'unread', 'healthy', 'crash-loop'],
  causes: ['none', 'none-recovered', 'readiness-probe-failing', 'application-error', 'init-script-failed'],
  actions: ['rollback'],
  commands: [['See what is used up', 'describe resourcequota,limitrange -n {namespace}']],
  byHand: 'Ask for less, free something in the namespace, or have the quota raised by who owns it.',
  judge: (evidence) => {
    const strength = refusalCounts(evidence);
    if (!strength) return byPrograms(evidence);
    const range = saying(evidence, RANGE);
    const quota = range ? undefined : saying(evidence, QUOTA);
    const said = range ?? quota;
    if (!said) return [...nothingLeft(evidence), ...byPrograms(evidence)];
    const g = said.first.groups;
    const name = (g.quota ?? g.quota2)?.trim();
    const summary = range
      ? `the LimitRange of the namespace allows a ${g.bound ?? 'ratio of'} ${g.resource ?? g.resource2} of ${g.limit ?? g.ratio} per ${g.scope ?? 'container'}${g.value ? `, and the pod asks for ${g.value}` : ''}`
      : g.missing
        ? `the quota ${name} demands that the pod states ${g.missing}`
        : `the quota ${name ?? ''} of the namespace is used up${g.requested ? `: ${usedUp(g.requested, g.used, g.limited)}` : ''}`;
    return holdUp(evidence, {
      workload: true,
      strength,
      summary,
      evidence: [...said.citations, ...citeQuota(evidence, name)],
      detail: details({
        quota: name,
        requested: g.requested,
        used: g.used,
        limit: g.limit ?? g.limited,
        resource: g.resource ?? g.resource2,
        value: g.value,
      }),
    });
  },
  doc: {
    looksAt: 'the FailedCreate events and ReplicaFailure condition of the workload, and the quotas of the namespace',
    means:
      'The API server refuses to make the pod, because the namespace has no room left or the pod is outside the allowed range.',
    fix: 'Lower requests and limits, remove what is not needed, or have the quota raised. Nothing to restart: there is no pod.',
    prevention:
      'Alert when {quota|a quota} of the namespace is 80 % used; a rolling update needs room for one more pod than the replicas. Check requests and limits against the LimitRange in the pipeline: {value} of {resource} would have been refused.',
    notThis: 'A node without room is unschedulable; policies and PodSecurity are admission-denied.',
  },
});

const TOLD = signTable([{ who: 'the API server, quoted by programs that make pods', pattern: QUOTA }]);

/** Operators and runners make pods of their own, and print why they may not. */
function byPrograms(evidence: Evidence): Judgement[] {
  return fromLog(evidence, TOLD, ({ groups: g }, k) => {
    const name = (g.quota ?? g.quota2)?.trim();
    return {
      summary: `${k.container.name} may not make a pod: the quota ${name ?? ''} ${g.missing ? `demands that it states ${g.missing}` : `is used up${g.requested ? `: ${usedUp(g.requested, g.used, g.limited)}` : ''}`}`,
      more: citeQuota(evidence, name),
      detail: details({ quota: name, requested: g.requested, used: g.used, limit: g.limited }),
    };
  });
}

/** A quota and nothing else was seen: where it has nothing left, it may be what refuses a pod. */
function nothingLeft(evidence: Evidence): Judgement[] {
  const [k, ...others] = casesOf(evidence);
  const isAlone = evidence.events.state === 'unread' && k?.log.state === 'unread' && k.symptom === 'unread';
  if (!k || !isAlone || others.length > 0) return [];
  const full = (known(evidence.quotas) ?? []).find((q) => Object.keys(q.hard).some((r) => isUsedUp(q, r)));
  const { namespace } = evidence;
  const refusals = kubectl(['get', 'events', '-n', namespace, '--field-selector=reason=FailedCreate'], [namespace]);
  return full && refusals ? [undecided(k, `Did the quota ${full.name} refuse a pod? ${refusals}`)] : [];
}

function isUsedUp({ used, hard }: QuotaEvidence, resource: string): boolean {
  const [taken, allowed] = [parseQuantity(used[resource] ?? ''), parseQuantity(hard[resource] ?? '')];
  return taken !== undefined && allowed !== undefined && taken >= allowed;
}

function citeQuota(evidence: Evidence, name: string | undefined): Citation[] {
  const quota = (known(evidence.quotas) ?? []).find((q) => q.name === name);
  if (!quota) return [];
  const used = Object.keys(quota.hard).map((r) => `${r} ${quota.used[r] ?? '?'} of ${quota.hard[r]}`);
  return cite(evidence.quotas, `${quota.name}: ${used.slice(0, 6).join(', ')}`, `[${quota.name}]`);
}

/** "limits.memory 512Mi of 512Mi, and the pod asks for 256Mi more", for every resource of `cpu=1,pods=1`. */
function usedUp(requested: string, used = '', limited = ''): string {
  const amounts = (text: string) =>
    new Map(text.split(',').map((pair) => pair.trim().split('=') as [string, string | undefined]));
  const [has, may] = [amounts(used), amounts(limited)];
  return [...amounts(requested)]
    .map(
      ([name, more]) =>
        `${name} is at ${has.get(name) ?? '?'} of ${may.get(name) ?? '?'}, the pod asks for ${more ?? '?'}`,
    )
    .join('; ');
}
