// Where to look, as exact commands: on the node, behind a Service, at the probe from inside.

import type { ContainerCase } from './case.ts';
import type { Probe } from './evidence/container.ts';
import type { Evidence } from './evidence.ts';
import { known } from './fact.ts';
import { hostIn, serviceNameOf } from './host.ts';
import { kubectl } from './kubectl.ts';
import type { Cause } from './report.ts';

interface Names {
  pod: string;
  where: string[];
  container: string[];
  /** Names that a command holds; one that Kubernetes does not allow voids it. */
  all: string[];
}

export function namesOf(evidence: Evidence, k: ContainerCase): Names {
  const { namespace } = evidence;
  const pod = known(evidence.pod.name) || 'POD';
  const { name } = k.container;
  return {
    pod,
    where: namespace ? ['-n', namespace] : [],
    container: name ? ['-c', name] : [],
    all: [pod === 'POD' ? '' : pod, namespace, name].filter(Boolean),
  };
}

/** Causes of which the node knows more than the API server does. */
const ON_THE_NODE = [
  'cni-failure',
  'container-runtime-fault',
  'node-not-ready',
  'node-prerequisite-missing',
  'volume-attach-failed',
  'volume-mount-failed',
  'kernel-setting-too-low',
  'os-limit-exhausted',
  'security-profile-blocked',
];

export function isOnTheNode(cause: Cause): boolean {
  return ON_THE_NODE.includes(cause.cause);
}

/** What the kubelet and the runtime noted on the node; a root shell there, so it is for a person only. */
export function nodeLook(evidence: Evidence): { text: string; command: string } | undefined {
  const node = known(evidence.node)?.name ?? known(evidence.pod.nodeName) ?? '';
  const units = ['-u', 'kubelet', '-u', 'containerd', '-u', 'crio'];
  const command =
    node &&
    kubectl(
      ['debug', `node/${node}`, '-it', '--image=busybox', '--profile=sysadmin', '--', 'chroot', '/host', 'journalctl']
        .concat(units)
        .concat('--since=-30min', '--no-pager'),
      [node],
    );
  return command
    ? { text: `What do the kubelet and the runtime of ${node} say? (privileged: a root shell on the node)`, command }
    : undefined;
}

/** The Service that a dependency's name means, wherever it is. */
export function serviceLook(evidence: Evidence, cause: Cause): string | undefined {
  const meant = serviceNameOf(hostIn(cause.detail.host ?? '').name, evidence);
  if (!meant) return undefined;
  const { service, namespace } = meant;
  return (
    kubectl(['get', 'service,endpointslices,pods', '-n', namespace, '-o', 'wide'], [service, namespace]) ?? undefined
  );
}

/** Words of a command that asks what a probe asks, from inside; of the named probe, or else of the one that harms most. */
export function probeLook(evidence: Evidence, k: ContainerCase, named?: string): string[] | undefined {
  const { pod, where, container } = namesOf(evidence, k);
  const { liveness, startup, readiness } = k.container.probes;
  const probes = { startup, liveness, readiness };
  const [, fact] = Object.entries(probes).find(([name]) => name === named) ?? [];
  const probe = fact ? known(fact) : [liveness, startup, readiness].map(known).find((p) => p !== undefined);
  if (!probe) return undefined;
  const target = k.container.name ? [`--target=${k.container.name}`] : [];
  const inside = addressWords(probe);
  if (inside) return ['debug', pod, ...where, '-it', '--image=busybox', ...target, '--', ...inside];
  return probe.command?.length ? ['exec', pod, ...where, ...container, '--', ...probe.command] : undefined;
}

function addressWords(probe: Probe): string[] | undefined {
  if (probe.type === 'httpGet' && probe.port !== undefined) {
    const scheme = (probe.scheme ?? 'HTTP').toLowerCase();
    return ['wget', '-S', '-O-', '-T', '10', `${scheme}://127.0.0.1:${probe.port}${probe.path ?? '/'}`];
  }
  if (probe.type === 'tcpSocket' && probe.port !== undefined) return ['nc', '-zv', '127.0.0.1', String(probe.port)];
  return undefined;
}
