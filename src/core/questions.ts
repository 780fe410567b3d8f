// The one question whose answer would decide most, with the exact command to ask it: first what could not be read, then
// what nobody has looked at yet. Where only the node knows, the command is marked as privileged.

import { type ContainerCase, casesOf } from './case.ts';
import { familyOf } from './cause.ts';
import type { Evidence } from './evidence.ts';
import type { Fact } from './fact.ts';
import { hostIn } from './host.ts';
import { kubectl } from './kubectl.ts';
import { isOnTheNode, namesOf, nodeLook, probeLook, serviceLook } from './looks.ts';
import type { Cause } from './report.ts';
import type { Judgement, Rule, Undecided } from './rule.ts';
import { whichContainer } from './spoken.ts';
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

function ask(words: string, command: string | null): string {
  return command ? `${words} ${command}` : words;
}

/** What was not read, by how much it would decide. */
function unreadQuestion(evidence: Evidence, k: ContainerCase): string | undefined {
  const { pod, where, container, all } = namesOf(evidence, k);
  const isUnread = (...facts: Fact<unknown>[]): boolean => facts.some((f) => f.state === 'unread');
  if (evidence.unread.some(({ what }) => what === whichContainer(pod)))
    return ask('Which of its containers is it, and how did it end?', kubectl(['describe', 'pod', pod, ...where], all));
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
  const words = probeLook(evidence, k, named);
  if (!words) return undefined;
  const { all } = namesOf(evidence, k);
  return ask('What does the program answer to its probe, from inside, while it runs?', kubectl(words, all));
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
