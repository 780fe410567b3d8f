// What somebody else owns: the change as a difference of their own file, which can be applied to it.
import { applyPatch } from 'diff';
import { describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { withFileDiff } from '../src/actions/hand-over.ts';
import { manifestOf, sourcePathOf } from '../src/core/file-diff.ts';
import { offersOf } from '../src/core/incident/offers.ts';
import type { KubeObject } from '../src/core/snapshot.ts';
import { plan } from './support/actions.ts';
import { objectsOf } from './support/cluster.ts';
import { diagnosed, recorded, tell } from './support/slack-story.ts';

const OWNER = { 'argocd.argoproj.io/tracking-id': 'embeddings:apps/Deployment:x/y' };

function deployment(annotations: Record<string, string>, env: object[] = []): KubeObject {
  const objects = structuredClone(objectsOf('oom-startup-python')) as unknown as KubeObject[];
  noted(annotations, env)(objects);
  return objects.find(({ kind }) => kind === 'Deployment')!;
}

const noted =
  (annotations: Record<string, string>, env: object[] = []) =>
  (objects: KubeObject[]): void => {
    for (const o of objects.filter(({ kind }) => kind === 'Deployment')) {
      o.metadata.annotations = { ...(o.metadata.annotations as object), ...OWNER, ...annotations };
      const [first] = (o.spec as { template: { spec: { containers: { env?: object[] }[] } } }).template.spec.containers;
      first!.env = [...env, ...(first!.env ?? [])];
    }
  };

function handedOver(annotations: Record<string, string>, env: object[] = []) {
  const change = noted(annotations, env);
  const target = deployment(annotations, env);
  return { target, made: withFileDiff(plan('oom-startup-python', 'raise-memory-limit', { change }), target).copyOnly! };
}

describe('a change to what Argo CD owns', () => {
  const path = 'clusters/prod/embedding-api.yaml';

  test('is a difference of the file that the object names, and applying it makes just that change', () => {
    const { target, made } = handedOver({ 'loopbreaker.dev/source-path': path });
    expect(made.path).toBe(path);
    expect(made.change).toMatch(/^--- a\/clusters\/prod\/embedding-api\.yaml\n\+\+\+ b\/clusters\/prod/);
    expect(made.change).toMatch(/^- {2,}memory: 160Mi$/m);
    expect(made.change).toMatch(/^\+ {2,}memory: 320Mi$/m);
    const file = stringify(manifestOf(target), { lineWidth: 0 });
    const after = parse(applyPatch(file, `${made.change}\n`) || '') as KubeObject;
    const wanted = structuredClone(manifestOf(target)) as unknown as { spec: { template: { spec: unknown } } };
    const [container] = (wanted.spec.template.spec as { containers: { resources: { limits: { memory: string } } }[] })
      .containers;
    container!.resources.limits.memory = '320Mi';
    expect(after).toEqual(JSON.parse(JSON.stringify(wanted)));
  });

  test('is made from what was last applied, where the cluster keeps that', () => {
    const applied = structuredClone(deployment({}));
    applied.metadata = { name: applied.metadata.name, labels: { written: 'by-hand' } };
    const { made } = handedOver({
      'loopbreaker.dev/source-path': path,
      'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify(applied),
    });
    const file = stringify(manifestOf(applied), { lineWidth: 0 });
    expect(applyPatch(file, `${made.change}\n`)).toContain('memory: 320Mi');
  });

  test('shows no value of its environment', () => {
    const env = [
      { name: 'DB_PASSWORD', value: 'correct-horse-battery' },
      { name: 'A', value: 'correct-horse-battery' },
    ];
    const { made } = handedOver({ 'loopbreaker.dev/source-path': path }, env);
    expect(made.change).not.toContain('correct-horse-battery');
  });

  test('stays a fragment where the object names no file', () => {
    const { made } = handedOver({});
    expect(made.path).toBeUndefined();
    expect(made.change).toMatch(/^spec:\n {2}template:/);
  });
});

test('the button of such a change says that it is for copying', () => {
  const what = recorded('oom-startup-python');
  const [first, ...others] = what.report.proposals;
  const owned = { ...first!, copyOnly: { owner: 'Argo CD application embeddings', change: 'spec:' } };
  const report = { ...what.report, proposals: [owned, ...others] };
  const [offer] = offersOf(tell('2026-11-21T10:00:00Z', diagnosed({ ...what, report })));
  expect(offer?.title).toBe('Copy the change: memory limit to 320Mi');
});

describe('the file of an object', () => {
  test.each<[string, Record<string, string>, string | undefined]>([
    ['its own annotation', { 'loopbreaker.dev/source-path': 'apps/api.yaml' }, 'apps/api.yaml'],
    ['kustomize says its origin', { 'config.kubernetes.io/origin': 'path: ../base/api.yaml\n' }, 'base/api.yaml'],
    ['a function pipeline keeps the path', { 'config.kubernetes.io/path': 'api.yml' }, 'api.yml'],
    ['a path out of the repository', { 'loopbreaker.dev/source-path': 'apps/../../etc/api.yaml' }, undefined],
    ['an absolute path', { 'loopbreaker.dev/source-path': '/etc/api.yaml' }, undefined],
    ['a path with a line break', { 'loopbreaker.dev/source-path': 'a.yaml\n+++ b/x.yaml' }, undefined],
    ['the values of a chart', { 'loopbreaker.dev/source-path': 'charts/api/values-prod.yaml' }, undefined],
    ['a template of a chart', { 'loopbreaker.dev/source-path': 'charts/api/templates/api.yaml' }, undefined],
    ['an origin that is no YAML', { 'config.kubernetes.io/origin': '{{' }, undefined],
    ['nothing', {}, undefined],
  ])('%s', (_name, annotations, expected) => {
    expect(sourcePathOf(deployment(annotations))).toBe(expected);
  });
});
