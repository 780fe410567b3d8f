// Puts an earlier pod template back. The plan names the revision and its hash; the template itself is read again at
// the moment of the write and never stored.

import { type Change, defineAction, type Plan, planId, templateHashOf } from '../core/action.ts';
import { formerRevision } from '../core/context.ts';
import { known } from '../core/fact.ts';
import { at, isObject, type JsonObject, text } from '../core/json.ts';
import type { KubeObject } from '../core/snapshot.ts';
import { templateDifference } from '../core/template-diff.ts';
import { checkTarget, guarded } from './guard.ts';
import { blastRadius, changeable, VERIFICATION } from './target.ts';

export default defineAction({
  id: 'rollback',
  title: 'Roll back',
  risk: 'medium',
  permissions: [
    ...['deployments', 'statefulsets', 'daemonsets'].map((resource) => ({
      apiGroup: 'apps',
      resource,
      verbs: ['get', 'patch'],
    })),
    ...['replicasets', 'controllerrevisions'].map((resource) => ({
      apiGroup: 'apps',
      resource,
      verbs: ['get', 'list'],
    })),
  ],
  plan: (input) => {
    const found = changeable(input, 'A rollback');
    if ('refusal' in found) return found;
    const { workload, target, warnings } = found;
    const revisions = known(input.evidence.revisions);
    if (!revisions)
      return {
        refusal:
          'A rollback needs the old revisions, which could not be read. Grant get and list on replicasets and controllerrevisions.',
      };
    const former = formerRevision(input.evidence);
    const current = revisions.find((r) => r.current);
    if (!former || !current) return { refusal: `${workload.name} has no earlier revision to go back to.` };
    if (former.templateHash === target.templateHash)
      return {
        refusal: `Revision ${former.number} has the same template as the present one: going back changes nothing.`,
      };
    const differences = templateDifference(current.template, former.template);
    const title = `Roll back to revision ${former.number}`;
    const draft = {
      action: 'rollback' as const,
      target,
      container: '',
      intent: {
        revision: String(former.number),
        revisionName: former.name,
        revisionUid: former.uid,
        revisionHash: former.templateHash,
      },
    };
    return {
      ...draft,
      id: planId(draft),
      title,
      risk: 'medium',
      diff: differences.map((d) => `~ ${d}`).join('\n'),
      effect: `${workload.kind} ${workload.name} gets the template of revision ${former.number} (${former.name}) again.`,
      blastRadius: blastRadius(workload),
      verification: VERIFICATION,
      undo: `Go forward to revision ${current.number} again.`,
      warnings: [
        ...warnings,
        ...(former.readyReplicas > 0 ? [] : [`No pod of revision ${former.number} is known to have been healthy.`]),
        ...(workload.kind === 'StatefulSet'
          ? ['A StatefulSet does not replace a pod that never became ready: the stuck pod is deleted too, once.']
          : []),
      ],
    };
  },
  change: (plan, { target, related }) => checkTarget(plan, target) ?? rollbackPatch(plan, target, related),
  undo: (plan, before) => {
    const hash = templateHashOf(at(before, 'spec', 'template'));
    const draft = {
      action: 'rollback' as const,
      target: { ...plan.target, templateHash: plan.intent.revisionHash ?? '' },
      container: '',
      intent: { revision: 'the former one', revisionName: '', revisionUid: '', revisionHash: hash },
    };
    return {
      ...plan,
      ...draft,
      id: planId(draft),
      title: 'Undo: go forward again',
      diff: plan.diff
        .split('\n')
        .map((line) => line.replace(/^~ /, '~ back: '))
        .join('\n'),
      effect: `${plan.target.kind} ${plan.target.name} gets the template again that it had before.`,
      undo: `Roll back to revision ${plan.intent.revision} again.`,
    };
  },
});

function rollbackPatch(plan: Plan, target: KubeObject, related: KubeObject[]): Change {
  const wanted = related.find(
    (r) => templateHashOf(templateOf(r)) === plan.intent.revisionHash && sameRevision(r, plan),
  );
  if (!wanted) return { is: 'drift', because: `revision ${plan.intent.revision} is gone or was changed` };
  const template = withoutControllerLabels(templateOf(wanted));
  const operations = [
    { op: 'test' as const, path: '/spec/template', value: at(target, 'spec', 'template') },
    { op: 'replace' as const, path: '/spec/template', value: template },
  ];
  return guarded(plan, target, operations);
}

function sameRevision(revision: KubeObject, plan: Plan): boolean {
  return !plan.intent.revisionUid || text(revision.metadata.uid) === plan.intent.revisionUid;
}

function templateOf(revision: KubeObject): JsonObject {
  const template =
    revision.kind === 'ControllerRevision'
      ? at(revision, 'data', 'spec', 'template')
      : at(revision, 'spec', 'template');
  if (!isObject(template)) return {};
  const { $patch: _directive, ...plain } = template;
  return plain;
}

function withoutControllerLabels(template: JsonObject): JsonObject {
  const copy = structuredClone(template);
  const labels = at(copy, 'metadata', 'labels');
  if (isObject(labels)) delete labels['pod-template-hash'];
  return copy;
}
