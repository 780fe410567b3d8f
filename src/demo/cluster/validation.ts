// What the API server refuses although every field is known: the checks that a remedy could run into.
// Pure: returns the problems, each with the path and the words of the API server.
import { isDeepStrictEqual } from 'node:util';
import { parseQuantity } from '../../core/quantity.ts';
import { podSpecOf } from './defaults.ts';
import type { Container, Kinds, KubeObject, PodSpec, Resource } from './kinds.ts';

export type Problem = { field: string; message: string };
type ConfigMap = Kinds['configmaps'];
type Workload = {
  selector?: { matchLabels?: Record<string, string> };
  replicas?: number;
  template?: { metadata?: { labels?: Record<string, string> }; spec?: PodSpec };
};

const label = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const variable = /^[ -<>-~]+$/;

function* containerProblems(c: Container, at: string, volumes: string[]): Generator<Problem> {
  if (!label.test(c.name ?? ''))
    yield {
      field: `${at}.name`,
      message: `Invalid value: "${c.name}": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-'`,
    };
  if (!c.image) yield { field: `${at}.image`, message: 'Required value' };
  const { limits = {}, requests = {} } = c.resources ?? {};
  for (const [kind, values] of [
    ['limits', limits],
    ['requests', requests],
  ] as const) {
    for (const [name, value] of Object.entries(values)) {
      const amount = parseQuantity(value);
      if (amount === undefined || amount < 0)
        yield {
          field: `${at}.resources.${kind}[${name}]`,
          message: `Invalid value: "${value}": must be a quantity greater than or equal to 0`,
        };
    }
  }
  for (const [name, request] of Object.entries(requests)) {
    const limit = limits[name];
    if (limit !== undefined && (parseQuantity(request ?? '') ?? 0) > (parseQuantity(limit) ?? 0)) {
      yield {
        field: `${at}.resources.requests`,
        message: `Invalid value: "${request}": must be less than or equal to ${name} limit of ${limit}`,
      };
    }
  }
  for (const [n, entry] of (c.env ?? []).entries()) {
    if (!variable.test(entry.name ?? ''))
      yield {
        field: `${at}.env[${n}].name`,
        message: entry.name
          ? `Invalid value: "${entry.name}": a valid environment variable name must consist only of printable ASCII characters other than '='`
          : 'Required value',
      };
  }
  for (const [n, mount] of (c.volumeMounts ?? []).entries()) {
    if (!volumes.includes(mount.name))
      yield { field: `${at}.volumeMounts[${n}].name`, message: `Not found: "${mount.name}"` };
  }
}

export function* podSpecProblems(spec: PodSpec, at: string): Generator<Problem> {
  if (!spec.containers?.length) yield { field: `${at}.containers`, message: 'Required value' };
  const volumes = (spec.volumes ?? []).map((v) => v.name);
  const seen = new Set<string>();
  for (const list of ['initContainers', 'containers'] as const) {
    for (const [n, c] of (spec[list] ?? []).entries()) {
      if (seen.has(c.name)) yield { field: `${at}.${list}[${n}].name`, message: `Duplicate value: "${c.name}"` };
      seen.add(c.name);
      yield* containerProblems(c, `${at}.${list}[${n}]`, volumes);
    }
  }
}

function* workloadProblems(resource: Resource, now: Workload, before: Workload | undefined): Generator<Problem> {
  const labels = now.template?.metadata?.labels ?? {};
  const wanted = Object.entries(now.selector?.matchLabels ?? {});
  if (wanted.some(([key, value]) => labels[key] !== value)) {
    yield {
      field: 'spec.template.metadata.labels',
      message: `Invalid value: ${JSON.stringify(labels)}: \`selector\` does not match template \`labels\``,
    };
  }
  if (before && !isDeepStrictEqual(now.selector, before.selector)) {
    yield { field: 'spec.selector', message: `Invalid value: ${JSON.stringify(now.selector)}: field is immutable` };
  }
  if ((now.replicas ?? 0) < 0)
    yield { field: 'spec.replicas', message: `Invalid value: ${now.replicas}: must be greater than or equal to 0` };
  const policy = now.template?.spec?.restartPolicy;
  if (resource !== 'jobs.batch' && policy !== 'Always')
    yield {
      field: 'spec.template.spec.restartPolicy',
      message: `Unsupported value: "${policy}": supported values: "Always"`,
    };
}

const changeable = [
  'replicas',
  'ordinals',
  'template',
  'updateStrategy',
  'revisionHistoryLimit',
  'persistentVolumeClaimRetentionPolicy',
  'minReadySeconds',
];
const without = (fields: object, names: string[]): object =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)));

/** A pod's spec is fixed but for images, tolerations and its deadline. */
const fixedPart = (spec: PodSpec): object => ({
  ...without(spec, ['activeDeadlineSeconds', 'tolerations']),
  containers: spec.containers.map((c) => without(c, ['image'])),
  initContainers: spec.initContainers?.map((c) => without(c, ['image'])),
});

const configKey = /^[-._a-zA-Z0-9]{1,253}$/;

function* configMapProblems(now: ConfigMap, before: ConfigMap | undefined): Generator<Problem> {
  for (const field of ['data', 'binaryData'] as const) {
    for (const key of Object.keys(now[field] ?? {}))
      if (!configKey.test(key))
        yield {
          field: `${field}[${key}]`,
          message: `Invalid value: "${key}": a valid config key must consist of alphanumeric characters, '-', '_' or '.'`,
        };
    if (before?.immutable && !isDeepStrictEqual(now[field] ?? {}, before[field] ?? {}))
      yield { field, message: 'Forbidden: field is immutable when `immutable` is set' };
  }
  if (before?.immutable && !now.immutable)
    yield { field: 'immutable', message: 'Forbidden: field is immutable when `immutable` is set' };
}

export function problemsOf(resource: Resource, object: KubeObject, before?: KubeObject): Problem[] {
  const found: Problem[] = [];
  const spec = podSpecOf(resource, object);
  const isWorkload = ['deployments.apps', 'statefulsets.apps', 'daemonsets.apps', 'replicasets.apps'].includes(
    resource,
  );
  if (resource === 'configmaps')
    found.push(...configMapProblems(object as unknown as ConfigMap, before as unknown as ConfigMap | undefined));
  if (spec) found.push(...podSpecProblems(spec, resource === 'pods' ? 'spec' : 'spec.template.spec'));
  if (isWorkload)
    found.push(...workloadProblems(resource, object.spec as Workload, before?.spec as Workload | undefined));
  if (
    resource === 'statefulsets.apps' &&
    before &&
    !isDeepStrictEqual(without(object.spec as object, changeable), without(before.spec as object, changeable))
  ) {
    const names = changeable.map((name) => `'${name}'`);
    found.push({
      field: 'spec',
      message: `Forbidden: updates to statefulset spec for fields other than ${names.slice(0, -1).join(', ')} and ${names.at(-1)} are forbidden`,
    });
  }
  if (
    resource === 'pods' &&
    before &&
    !isDeepStrictEqual(fixedPart(object.spec as PodSpec), fixedPart(before.spec as PodSpec))
  ) {
    found.push({
      field: 'spec',
      message:
        'Forbidden: pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)',
    });
  }
  return found;
}
