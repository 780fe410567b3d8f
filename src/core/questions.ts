// The one question whose answer would decide most, with the exact command to ask it: first what could not be read, then
// what nobody has looked at yet. Where only the node knows, the command is marked as privileged.

import { type ContainerCase, casesOf } from './case.ts';
import { familyOf } from './cause.ts';
import type { Evidence, Probe } from './evidence.ts';
import { type Fact, known } from './fact.ts';
import { hostIn, serviceNameOf } from './host.ts';
import { kubectl } from './kubectl.ts';
import type { Cause } from './report.ts';
import type { Judgement, Rule, Undecided } from './rule.ts';
import { worstCase } from './status.ts';

/** Null when nothing is wrong. */
export function nextQuestionOf(
  evidence: Evidence,
  judged: { rule: Rule; judgements: Judgement[] }[],
  first: Cause | undefined,
): string | null {
  const k = casesOf(evidence).find((c) => c.container.name === first?.container) ?? worstCase(evidence);
  if (!k || k.symptom === 'healthy' || k.symptom === 'recovered') return null;
  return (
    askedByRule(judged, k, first) ??
    unreadQuestion(evidence, k) ??
    (first && causeQuestion(evidence, k, first)) ??
    symptomQuestion(evidence, k)
  );
}

/** The rule of the first cause asks before the others; those in the order of their ids. */
function askedByRule(
  judged: { rule: Rule; judgements: Judgement[] }[],
  k: ContainerCase,
  first: Cause | undefined,
): string | undefined {
  const asked = judged.flatMap(({ rule, judgements }) =>
    judgements
      .filter((j): j is Undecided => j.is === 'undecided' && j.container === k.container.name)
      .map((j) => ({ id: rule.id, question: j.question })),
  );
  asked.sort((a, b) => a.id.localeCompare(b.id));
  return (asked.find((a) => a.id === first?.cause) ?? asked[0])?.question;
}

interface Names {
  pod: string;
  where: string[];
  container: string[];
  /** Names that a command holds; one that Kubernetes does not allow voids it. */
  all: string[];
}

function namesOf(evidence: Evidence, k: ContainerCase): Names {
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

function ask(words: string, command: string | null): string {
  return command ? `${words} ${command}` : words;
}

/** What was not read, by how much it would decide. */
function unreadQuestion(evidence: Evidence, k: ContainerCase): string | undefined {
  const { pod, where, container, all } = namesOf(evidence, k);
  const isUnread = (...facts: Fact<unknown>[]): boolean => facts.some((f) => f.state === 'unread');
  const started = !['image', 'cannot-start', 'waits'].includes(k.symptom);
  if (started && isUnread(k.log))
    return ask('What did it say before it ended?', kubectl(['logs', pod, ...where, ...container, '--previous'], all));
  if (isUnread(k.exit, k.container.state))
    return ask(
      started ? 'How did it end?' : 'What does the kubelet say?',
      kubectl(['describe', 'pod', pod, ...where], all),
    );
  if (isUnread(evidence.events)) {
    const selector = `--field-selector=involvedObject.name=${pod}`;
    return ask('What did the kubelet say?', kubectl(['get', 'events', ...where, selector], all));
  }
  const reference = evidence.references.find((r) => r.object.state === 'unread' && !r.optional);
  if (reference && k.symptom !== 'crash-loop') {
    const { kind, name } = reference;
    return ask(`Does the ${kind} ${name} exist?`, kubectl(['get', kind.toLowerCase(), name, ...where], [name]));
  }
  return undefined;
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

function causeQuestion(evidence: Evidence, k: ContainerCase, first: Cause): string | undefined {
  if (isOnTheNode(first)) {
    const look = nodeLook(evidence);
    return look && ask(look.text, look.command);
  }
  if (k.ending === 'probe-killed' || familyOf(first.cause) === 'probe') {
    const { pod, where, all } = namesOf(evidence, k);
    if (first.cause === 'cpu-starvation')
      return ask('How much CPU does it use?', kubectl(['top', 'pod', pod, ...where, '--containers'], all));
    return probeQuestion(evidence, k, first.detail.probe);
  }
  if (familyOf(first.cause) === 'dependency') return serviceQuestion(evidence, first);
  return undefined;
}

/** Asks what the probe asks, from inside, while the container runs. */
function probeQuestion(evidence: Evidence, k: ContainerCase, named?: string): string | undefined {
  const { pod, where, container, all } = namesOf(evidence, k);
  const { liveness, startup, readiness } = k.container.probes;
  const probes = { startup, liveness, readiness };
  const [, fact] = Object.entries(probes).find(([name]) => name === named) ?? [];
  const probe = fact ? known(fact) : [liveness, startup, readiness].map(known).find((p) => p !== undefined);
  if (!probe) return undefined;
  const target = k.container.name ? [`--target=${k.container.name}`] : [];
  const inside = addressWords(probe);
  const words = inside
    ? ['debug', pod, ...where, '-it', '--image=busybox', ...target, '--', ...inside]
    : ['exec', pod, ...where, ...container, '--', ...(probe.command ?? [])];
  if (!inside && !probe.command?.length) return undefined;
  return ask('What does the program answer to its probe, from inside, while it runs?', kubectl(words, all));
}

function addressWords(probe: Probe): string[] | undefined {
  if (probe.type === 'httpGet' && probe.port !== undefined) {
    const scheme = (probe.scheme ?? 'HTTP').toLowerCase();
    return ['wget', '-S', '-O-', '-T', '10', `${scheme}://127.0.0.1:${probe.port}${probe.path ?? '/'}`];
  }
  if (probe.type === 'tcpSocket' && probe.port !== undefined) return ['nc', '-zv', '127.0.0.1', String(probe.port)];
  return undefined;
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

function serviceQuestion(evidence: Evidence, first: Cause): string | undefined {
  const command = serviceLook(evidence, first);
  return command && ask(`Is anything ready behind ${hostIn(first.detail.host ?? '').name}?`, command);
}

function symptomQuestion(evidence: Evidence, k: ContainerCase): string {
  const { pod, where, all } = namesOf(evidence, k);
  const { name } = k.container;
  if (k.symptom === 'waits') return ask('What is it waiting for?', kubectl(['describe', 'pod', pod, ...where], all));
  if (k.symptom === 'not-ready') {
    const asked = probeQuestion(evidence, k);
    if (asked) return asked;
  }
  const words =
    'What does it find when it starts? Look inside a copy of the pod that sleeps instead of running its command:';
  const copy = ['debug', pod, ...where, '-it', `--copy-to=${pod}-debug`, `--container=${name}`, '--', 'sh'];
  const command = name && pod !== 'POD' ? kubectl(copy, all) : null;
  return command ? ask(words, command) : words.replace(/:$/, '.');
}
