// Containers of a pod or of a pod template: spec, status and logs as facts.

import type { ContainerEvidence, ContainerKind, Mount, Port } from '../evidence/container.ts';
import { absent, type Fact, seen, unread } from '../fact.ts';
import { at, flag, isObject, type JsonObject, number, object, objects, strings, text, words } from '../json.ts';
import { parseQuantity } from '../quantity.ts';
import type { KubeObject } from '../snapshot.ts';
import { logOf } from './container-log.ts';
import { stateOf, terminationOf } from './container-state.ts';
import { envFromOf, envOf } from './env.ts';
import { type Look, nameOf } from './look.ts';
import { handlerOf, probeOf } from './probe.ts';

/** `specRoot` is "spec" for a pod, "spec.template.spec" for a workload without pods. */
export function containersOf(look: Look, owner: KubeObject, specRoot: string, podName: string): ContainerEvidence[] {
  const spec = object(specRoot.split('.').reduce<unknown>((value, step) => at(value, step), owner));
  const label = `${owner.kind}/${nameOf(owner)}`;
  const read = (lists: 'initContainers' | 'containers', statuses: string): ContainerEvidence[] =>
    objects(spec[lists]).map((container, i) => {
      const found = objects(at(owner, 'status', statuses)).findIndex((s) => s.name === container.name);
      return containerOf({
        look,
        label,
        podName,
        spec,
        container,
        kind: lists === 'containers' ? 'main' : container.restartPolicy === 'Always' ? 'sidecar' : 'init',
        specAt: `${specRoot}.${lists}[${i}]`,
        statusAt: `status.${statuses}[${found < 0 ? i : found}]`,
        status: object(objects(at(owner, 'status', statuses))[found]),
      });
    });
  return [...read('initContainers', 'initContainerStatuses'), ...read('containers', 'containerStatuses')];
}

interface Parts {
  look: Look;
  label: string;
  podName: string;
  spec: JsonObject;
  container: JsonObject;
  kind: ContainerKind;
  specAt: string;
  statusAt: string;
  status: JsonObject;
}

function containerOf(p: Parts): ContainerEvidence {
  const { container: c, status, look, label, specAt, statusAt } = p;
  const spec = <T>(path: string, value: T | undefined): Fact<T> => look.field(label, `${specAt}.${path}`, value);
  const stat = <T>(path: string, value: T | undefined): Fact<T> => look.field(label, `${statusAt}.${path}`, value);
  const ports = objects(c.ports).map(portOf);
  const name = text(c.name) ?? '';
  const last = terminationOf(at(status, 'lastState', 'terminated'));
  return {
    name,
    kind: p.kind,
    specAt,
    statusAt,
    image: spec('image', text(c.image)),
    imagePullPolicy: spec('imagePullPolicy', text(c.imagePullPolicy)),
    command: spec('command', c.command === undefined ? undefined : strings(c.command)),
    args: spec('args', c.args === undefined ? undefined : strings(c.args)),
    workingDir: spec('workingDir', text(c.workingDir)),
    env: spec('env', c.env === undefined ? undefined : objects(c.env).map(envOf)),
    envFrom: spec('envFrom', c.envFrom === undefined ? undefined : objects(c.envFrom).map(envFromOf)),
    ports: spec('ports', c.ports === undefined ? undefined : ports),
    memoryLimit: spec('resources.limits.memory', words(at(c, 'resources', 'limits', 'memory'))),
    memoryRequest: spec('resources.requests.memory', words(at(c, 'resources', 'requests', 'memory'))),
    cpuLimit: spec('resources.limits.cpu', words(at(c, 'resources', 'limits', 'cpu'))),
    cpuRequest: spec('resources.requests.cpu', words(at(c, 'resources', 'requests', 'cpu'))),
    probes: {
      liveness: spec('livenessProbe', probeOf(c.livenessProbe, ports)),
      readiness: spec('readinessProbe', probeOf(c.readinessProbe, ports)),
      startup: spec('startupProbe', probeOf(c.startupProbe, ports)),
    },
    postStart: spec('lifecycle.postStart', handlerOf(at(c, 'lifecycle', 'postStart'), ports)),
    preStop: spec('lifecycle.preStop', handlerOf(at(c, 'lifecycle', 'preStop'), ports)),
    securityContext: spec('securityContext', mergedSecurity(p.spec.securityContext, c.securityContext)),
    mounts: spec('volumeMounts', c.volumeMounts === undefined ? undefined : objects(c.volumeMounts).map(mountOf)),
    terminationMessagePolicy: spec('terminationMessagePolicy', text(c.terminationMessagePolicy)),
    state: stat('state', stateOf(status.state)),
    lastState: look.field(label, `${statusAt}.lastState.terminated`, last),
    ready: stat('ready', flag(status.ready)),
    restartCount: stat('restartCount', number(status.restartCount)),
    logs: { previous: logOf(look, p.podName, name, 'previous'), current: logOf(look, p.podName, name, 'current') },
    memoryUse: memoryUseOf(look, p.podName, name),
  };
}

function portOf(port: JsonObject): Port {
  return {
    name: text(port.name) ?? '',
    containerPort: number(port.containerPort) ?? 0,
    protocol: text(port.protocol) ?? 'TCP',
  };
}

function mountOf(mount: JsonObject): Mount {
  return {
    volume: text(mount.name) ?? '',
    path: text(mount.mountPath) ?? '',
    subPath: text(mount.subPath) ?? text(mount.subPathExpr) ?? '',
    readOnly: mount.readOnly === true,
  };
}

function mergedSecurity(pod: unknown, container: unknown): JsonObject | undefined {
  if (!isObject(pod) && !isObject(container)) return undefined;
  return { ...object(pod), ...object(container) };
}

function memoryUseOf(look: Look, pod: string, container: string): Fact<number> {
  const address = `PodMetrics/${pod}`;
  const metrics = look.find('PodMetrics', pod);
  if (!metrics) return unread('metrics', address, look.whyUnread(address) ?? 'pod metrics were not collected');
  const usage = objects(metrics.containers).find((c) => c.name === container);
  const bytes = parseQuantity(words(at(usage, 'usage', 'memory')) ?? '');
  return bytes === undefined
    ? absent('metrics', address)
    : seen(bytes, 'metrics', `${address}:containers[${container}].usage.memory`);
}
