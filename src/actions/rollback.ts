// Puts an earlier pod template back. The plan names the revision and its hash; the template itself is read again at
// the moment of the write and never stored.

import { defineAction, type PlanInput } from '../core/action.ts';
import type { Now } from '../core/change.ts';
import type { Revision, WorkloadEvidence } from '../core/evidence/workload.ts';
import { known } from '../core/fact.ts';
import { at, isObject, type JsonObject, object } from '../core/json.ts';
import { nameOf, uidOf } from '../core/normalise/look.ts';
import { type Plan, planId, type Refusal } from '../core/plan.ts';
import type { KubeObject } from '../core/snapshot.ts';
import { templateDifference } from '../core/template-diff.ts';
import { podTemplateOf, templateHashOf } from '../core/template-hash.ts';
import { command } from './by-hand.ts';
import { configMapsIn } from './config-names.ts';
import { RESTARTED } from './restart.ts';
import { blastRadius, changeable, VERIFICATION } from './target.ts';
import { handedOver, reversed, TEMPLATE_PERMISSIONS, whomAgain } from './template.ts';
import { type Operations, stepsFor } from './write.ts';

export default defineAction({
  id: 'rollback',
  title: 'Roll back',
  risk: 'medium',
  permissions: [
    ...TEMPLATE_PERMISSIONS,
    ...['replicasets', 'controllerrevisions'].map((resource) => ({
      apiGroup: 'apps',
      resource,
      verbs: ['get', 'list'],
    })),
  ],
  plan: planRollback,
  choices: ({ evidence }) =>
    (known(evidence.revisions) ?? [])
      .filter((r) => !r.current)
      .map((r) => ({ revision: String(r.number) }))
      .reverse(),
  complete: startable,
  change: (plan, now) => stepsFor(plan, now, (target) => rollbackOperations(plan, target, now)),
  undo: goForward,
});

function planRollback(input: PlanInput): Plan | Refusal {
  const found = changeable(input, 'A rollback');
  if ('refusal' in found) return found;
  const { workload, target, warnings, also } = found;
  const revisions = known(input.evidence.revisions);
  if (!revisions)
    return {
      refusal:
        'A rollback needs the old revisions, which could not be read. Grant get and list on replicasets and controllerrevisions.',
    };
  const current = revisions.find((r) => r.current);
  const former = current && chosen(revisions, current, input.choice?.revision);
  if (!current || !former) return { refusal: noneToGoTo(input, workload, revisions) };
  const differences = differencesTo(current, former);
  if (former.templateHash === target.templateHash || differences.length === 0)
    return {
      refusal: `Revision ${former.number} asks for the same as the present one: going back changes nothing.`,
    };
  const { number, name, uid, templateHash } = former;
  const draft = {
    action: 'rollback' as const,
    target,
    container: '',
    intent: { revision: String(number), revisionName: name, revisionUid: uid, revisionHash: templateHash },
    ...(also.length > 0 ? { also } : {}),
  };
  const lacking = configMapsIn(former.template).filter((one) => !configMapsIn(current.template).includes(one));
  const diff = differences.map((d) => `~ ${d}`).join('\n');
  return {
    ...draft,
    id: planId(draft),
    ...(lacking.length > 0 ? { reads: lacking.map((one) => ({ kind: 'ConfigMap', name: one })) } : {}),
    title: `Roll back to revision ${number}`,
    risk: 'medium',
    diff,
    effect: `${workload.kind} ${workload.name} gets the template of revision ${number} (${name}) again.`,
    blastRadius: blastRadius(input.evidence, workload),
    verification: VERIFICATION,
    undo: `Go forward to revision ${current.number} again.`,
    warnings: [...warnings, ...(former.readyReplicas > 0 ? [] : [neverHealthy(number)])],
    ...handedOver(input, found, `# Revert what came with revision ${current.number}:\n${diff}`),
  };
}

/** What only that revision reads may have been taken away since, and then none of its pods starts. */
function startable(plan: Plan, { related }: Now): Plan | Refusal {
  const gone = (plan.reads ?? []).filter(
    ({ kind, name }) => kind === 'ConfigMap' && !related.some((o) => o.kind === kind && nameOf(o) === name),
  );
  if (gone.length === 0) return plan;
  const names = gone.map(({ name }) => name).join(', ');
  return {
    refusal: `Revision ${plan.intent.revision} reads ConfigMap ${names}, which ${gone.length === 1 ? 'is' : 'are'} not there any more, so its pods would not start. Put ${gone.length === 1 ? 'it' : 'them'} back first, or choose another revision.`,
  };
}

/** The one that was asked for; else the newest that still serves, else the newest that asks for something else. */
function chosen(revisions: Revision[], current: Revision, wanted: string | undefined): Revision | undefined {
  if (wanted) return revisions.find((r) => !r.current && String(r.number) === wanted);
  const older = revisions.filter((r) => !r.current);
  const other = older.filter((r) => differencesTo(current, r).length > 0);
  return older.filter((r) => r.readyReplicas > 0).at(-1) ?? other.at(-1) ?? older.at(-1);
}

/** What going back would change; that somebody restarted it by hand is no difference. */
function differencesTo(current: Revision, former: Revision): string[] {
  return templateDifference(withoutStamp(current.template), withoutStamp(former.template));
}

function withoutStamp(template: JsonObject): JsonObject {
  const { [RESTARTED]: _, ...annotations } = object(at(template, 'metadata', 'annotations'));
  return { ...template, metadata: { ...object(template.metadata), annotations } };
}

function noneToGoTo(
  { evidence, cause, choice }: PlanInput,
  { kind, name }: WorkloadEvidence,
  revisions: Revision[],
): string {
  const older = revisions.filter((r) => !r.current).map((r) => r.number);
  if (choice?.revision && older.length > 0)
    return `${name} has no revision ${choice.revision} to go back to. It has: ${older.join(', ')}.`;
  const none = `${name} has no earlier revision to go back to.`;
  if (!cause.detail.image || !cause.container) return none;
  const { namespace } = evidence;
  const words = ['set', 'image', `${kind.toLowerCase()}/${name}`, `${cause.container}=IMAGE`, '-n', namespace];
  return `${none} With an image that is known to work: ${command(words, [name, namespace, cause.container])}`;
}

/** A line that has no opposite is marked. */
function backwards(line: string): string {
  const turned = reversed(line);
  return turned === line ? line.replace(/^~ /, '~ back: ') : turned;
}

const neverHealthy = (revision: number | string): string =>
  `No pod of revision ${revision} is known to have been healthy.`;

function goForward(plan: Plan, before: KubeObject): Plan {
  const draft = {
    action: 'rollback' as const,
    target: { ...plan.target, templateHash: plan.intent.revisionHash ?? '' },
    container: '',
    intent: {
      revision: 'the former one',
      revisionName: '',
      revisionUid: '',
      revisionHash: templateHashOf(podTemplateOf(before)),
    },
    ...(plan.also ? { also: plan.also.map((pod) => ({ ...pod, uid: '' })) } : {}),
  };
  return {
    ...plan,
    ...draft,
    id: planId(draft),
    title: 'Undo: go forward again',
    diff: plan.diff.split('\n').map(backwards).join('\n'),
    blastRadius: whomAgain(plan),
    warnings: plan.warnings.filter((warning) => warning !== neverHealthy(plan.intent.revision ?? '')),
    effect: `${plan.target.kind} ${plan.target.name} gets the template again that it had before.`,
    undo: `Roll back to revision ${plan.intent.revision} again.`,
  };
}

function rollbackOperations(plan: Plan, target: KubeObject, { related }: Now): Operations {
  const { revision, revisionUid, revisionHash } = plan.intent;
  const wanted = related.find(
    (found) => templateHashOf(podTemplateOf(found)) === revisionHash && (!revisionUid || uidOf(found) === revisionUid),
  );
  const template = wanted && podTemplateOf(wanted);
  if (!template) return { is: 'drift', because: `revision ${revision} is gone or was changed` };
  return [
    { op: 'test', path: '/spec/template', value: at(target, 'spec', 'template') },
    { op: 'replace', path: '/spec/template', value: withoutControllerLabels(template) },
  ];
}

function withoutControllerLabels(template: JsonObject): JsonObject {
  const copy = structuredClone(template);
  const labels = at(copy, 'metadata', 'labels');
  if (isObject(labels)) delete labels['pod-template-hash'];
  return copy;
}
