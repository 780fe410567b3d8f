// The condition language of world files: under which circumstances a recorded program would have lived.
// Judged when a container starts, from the pod's own spec and from what the cluster holds at that moment.
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { parseQuantity } from '../../../core/quantity.ts';
import type { Container, Pod } from '../kinds.ts';

const text = z.string().min(1);
const count = z.number().int().min(0);

/** Every test that is named must hold; `all`, `any` and `not` nest. */
export const conditionSchema = z
  .strictObject({
    always: z.literal(true),
    never: z.literal(true),
    /** The container whose spec the tests look at; without it the program's own. */
    container: text,
    env: z.strictObject({ name: text, set: z.boolean().optional(), equals: z.string().optional() }),
    memoryLimitAtLeast: text.refine((value) => parseQuantity(value) !== undefined, 'is not a Kubernetes quantity'),
    image: z.strictObject({ is: text.optional(), not: text.optional() }),
    command: z.strictObject({ is: z.array(z.string()).optional(), lacks: text.optional() }),
    probe: z.strictObject({
      kind: z.enum(['liveness', 'readiness', 'startup']),
      port: z.union([count, text]).optional(),
      path: text.optional(),
      firstFailureAfterSeconds: count.optional(),
    }),
    configMapKey: z.strictObject({ name: text, key: text, contains: text.optional(), lacks: text.optional() }),
    secretKey: z.strictObject({ name: text, key: text }),
    /** Name of a Service in the namespace that has at least one ready endpoint. */
    readyEndpoints: text,
    /** Any pod but the recorded one: true after a restart of the workload. */
    newPod: z.literal(true),
    /** A field of the pod's spec by its dotted path: `securityContext.fsGroup`. */
    podSpec: z.strictObject({ at: text, equals: z.json() }),
    get all() {
      return z.array(conditionSchema).min(1);
    },
    get any() {
      return z.array(conditionSchema).min(1);
    },
    get not() {
      return conditionSchema;
    },
  })
  .partial();
export type Condition = z.infer<typeof conditionSchema>;

/** What a condition may look at. */
export type Circumstances = {
  pod: Pod;
  recorded: boolean;
  configMap(name: string): Record<string, string> | undefined;
  secret(name: string): Record<string, string> | undefined;
  hasReadyEndpoints(service: string): boolean;
};

type Probe = Container['livenessProbe'];

/** The value as the kubelet would set it; undefined when the variable is not set. */
export function envValue(container: Container, name: string, at: Circumstances): string | undefined {
  const entry = container.env?.findLast((e) => e.name === name);
  const from = entry?.valueFrom;
  if (from?.configMapKeyRef) return at.configMap(from.configMapKeyRef.name ?? '')?.[from.configMapKeyRef.key];
  if (from?.secretKeyRef) return at.secret(from.secretKeyRef.name ?? '')?.[from.secretKeyRef.key];
  if (from?.fieldRef)
    return from.fieldRef.fieldPath === 'spec.nodeName' ? at.pod.spec?.nodeName : from.fieldRef.fieldPath;
  if (entry) return entry.value ?? '';
  for (const source of container.envFrom?.toReversed() ?? []) {
    const data = source.configMapRef
      ? at.configMap(source.configMapRef.name ?? '')
      : at.secret(source.secretRef?.name ?? '');
    const key = name.startsWith(source.prefix ?? '') ? name.slice((source.prefix ?? '').length) : undefined;
    if (key !== undefined && data?.[key] !== undefined) return data[key];
  }
  return undefined;
}

function probeFits(probe: Probe, wanted: NonNullable<Condition['probe']>, container: Container): boolean {
  // A probe that was taken away kills nobody.
  if (!probe) return true;
  const port = probe.httpGet?.port ?? probe.tcpSocket?.port ?? probe.grpc?.port;
  const number = typeof port === 'string' ? container.ports?.find((p) => p.name === port)?.containerPort : port;
  const patience = (probe.initialDelaySeconds ?? 0) + (probe.periodSeconds ?? 10) * (probe.failureThreshold ?? 3);
  return (
    (wanted.port === undefined || wanted.port === port || wanted.port === number) &&
    (wanted.path === undefined || wanted.path === probe.httpGet?.path) &&
    (wanted.firstFailureAfterSeconds === undefined || patience >= wanted.firstFailureAfterSeconds)
  );
}

const fieldAt = (value: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((inner, step) => (inner as Record<string, unknown> | undefined)?.[step], value);

const tests: {
  [K in keyof Condition]?: (wanted: NonNullable<Condition[K]>, c: Container, at: Circumstances) => boolean;
} = {
  always: () => true,
  never: () => false,
  env: (wanted, c, at) => {
    const value = envValue(c, wanted.name, at);
    if (wanted.equals !== undefined) return value === wanted.equals;
    return (value !== undefined) === (wanted.set ?? true);
  },
  memoryLimitAtLeast: (wanted, c) =>
    (parseQuantity(c.resources?.limits?.memory ?? '') ?? Number.POSITIVE_INFINITY) >= parseQuantity(wanted)!,
  image: (wanted, c) => (wanted.is === undefined || c.image === wanted.is) && c.image !== wanted.not,
  command: (wanted, c) => {
    const words = [...(c.command ?? []), ...(c.args ?? [])];
    return (!wanted.is || isDeepStrictEqual(words, wanted.is)) && (!wanted.lacks || !words.includes(wanted.lacks));
  },
  probe: (wanted, c) => probeFits(c[`${wanted.kind}Probe`], wanted, c),
  configMapKey: (wanted, _, at) => {
    const value = at.configMap(wanted.name)?.[wanted.key];
    return (
      value !== undefined &&
      (!wanted.contains || value.includes(wanted.contains)) &&
      (!wanted.lacks || !value.includes(wanted.lacks))
    );
  },
  secretKey: (wanted, _, at) => at.secret(wanted.name)?.[wanted.key] !== undefined,
  readyEndpoints: (service, _, at) => at.hasReadyEndpoints(service),
  newPod: (_, __, at) => !at.recorded,
  podSpec: (wanted, _, at) => isDeepStrictEqual(fieldAt(at.pod.spec, wanted.at) ?? null, wanted.equals),
};

export function holds(condition: Condition, containerName: string, at: Circumstances): boolean {
  const name = condition.container ?? containerName;
  const container = [...(at.pod.spec?.initContainers ?? []), ...(at.pod.spec?.containers ?? [])].find(
    (c) => c.name === name,
  );
  if (!container) return false;
  const own = Object.entries(condition).every(([key, wanted]) => {
    const test = tests[key as keyof Condition] as
      | ((w: unknown, c: Container, at: Circumstances) => boolean)
      | undefined;
    return !test || test(wanted, container, at);
  });
  return (
    own &&
    (condition.all ?? []).every((inner) => holds(inner, name, at)) &&
    (!condition.any || condition.any.some((inner) => holds(inner, name, at))) &&
    !(condition.not && holds(condition.not, name, at))
  );
}
