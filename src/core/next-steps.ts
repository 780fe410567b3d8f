// What a person can do next, with exact commands; and, where the evidence does not decide, the one question that would.

import { casesOf } from './case.ts';
import { formerRevision } from './context.ts';
import type { Evidence } from './evidence.ts';
import { known } from './fact.ts';
import { fill } from './fill.ts';
import { kubectl } from './kubectl.ts';
import type { Cause, Report, Root } from './report.ts';
import type { Judgement, Rule, Undecided } from './rule.ts';
import { worstCase } from './status.ts';

export function nextStepsOf(evidence: Evidence, report: Report, rule: Rule | undefined): Report['nextSteps'] {
  const steps: Report['nextSteps'] = [];
  const { namespace, workload, pod } = report.target;
  const cause = report.causes[0];
  if (report.root) steps.push(...rootSteps(report, report.root));
  if (cause && rule) {
    const byHand = fill(rule.byHand, cause.detail);
    if (byHand) steps.push({ text: byHand, command: null });
    const former = formerRevision(evidence);
    if (rule.actions.includes('rollback') && former && workload.kind !== 'Pod') {
      const kind = workload.kind.toLowerCase();
      steps.push({
        text: `Go back to revision ${former.number}`,
        command: kubectl(
          ['rollout', 'undo', `${kind}/${workload.name}`, '-n', namespace, `--to-revision=${former.number}`],
          [workload.name, namespace],
        ),
      });
    }
  }
  if (pod) {
    const k = casesOf(evidence).find((c) => c.container.name === report.verdict.container) ?? worstCase(evidence);
    const container = k?.container.name ?? '';
    const previous = k?.exit.state === 'seen' ? ['--previous'] : [];
    if (container)
      steps.push({
        text: 'Read its last words',
        command: kubectl(
          ['logs', pod, '-n', namespace, '-c', container, ...previous, '--tail=50'],
          [pod, namespace, container],
        ),
      });
    steps.push({
      text: 'See everything about the pod',
      command: kubectl(['describe', 'pod', pod, '-n', namespace], [pod, namespace]),
    });
  }
  return steps.filter((s) => s.text !== '');
}

/** Where the cure belongs when another workload is the root. */
function rootSteps(report: Report, root: Root): Report['nextSteps'] {
  const { kind, name } = root.target.workload;
  const { namespace, pod } = root.target;
  const subject = report.target.workload.name || report.target.pod;
  const container = root.container ? ['-c', root.container] : [];
  return [
    {
      text: `Cure ${kind} ${name} first: restarting ${subject} will not help as long as ${root.through[0]} is down`,
      command: kubectl(['logs', pod, '-n', namespace, ...container, '--previous', '--tail=50'], [pod, namespace]),
    },
  ];
}

/** The one unread fact that would decide most, as a command or a look. */
export function nextQuestionOf(
  evidence: Evidence,
  judged: { rule: Rule; judgements: Judgement[] }[],
  first: Cause | undefined,
): string | null {
  const k = casesOf(evidence).find((c) => c.container.name === first?.container) ?? worstCase(evidence);
  if (!k || k.symptom === 'healthy' || k.symptom === 'recovered') return null;
  const asked = judged
    .flatMap((j) => j.judgements)
    .find((j): j is Undecided => j.is === 'undecided' && j.container === k.container.name);
  if (asked) return asked.question;
  const pod = known(evidence.pod.name) ?? 'POD';
  const names = [pod, evidence.namespace, k.container.name];
  const where = evidence.namespace ? ['-n', evidence.namespace] : [];
  const container = k.container.name ? ['-c', k.container.name] : [];
  if (k.log.state === 'unread') {
    return `What did it say before it ended? ${kubectl(['logs', pod, ...where, ...container, '--previous'], names.filter(Boolean)) ?? ''}`.trim();
  }
  if (k.exit.state === 'unread' || k.container.state.state === 'unread') {
    return `How did it end? ${kubectl(['describe', 'pod', pod, ...where], names.filter(Boolean)) ?? ''}`.trim();
  }
  if (evidence.events.state === 'unread') {
    return `What did the kubelet say? ${kubectl(['get', 'events', ...where, `--field-selector=involvedObject.name=${pod}`], names.filter(Boolean)) ?? ''}`.trim();
  }
  return 'What does it find when it starts? Look inside a copy of the pod that sleeps instead of running its command.';
}
