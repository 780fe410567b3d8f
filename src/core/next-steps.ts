// What a person can do next, with exact commands: the cure first, then where to look.

import { type ContainerCase, casesOf } from './case.ts';
import { formerRevision } from './context.ts';
import type { Evidence } from './evidence.ts';
import { known } from './fact.ts';
import { fill } from './fill.ts';
import { byHandOf, rolloutOf } from './hand.ts';
import { hostIn, serviceMeant } from './host.ts';
import { kubectl } from './kubectl.ts';
import { isOnTheNode, nodeLook, serviceLook } from './looks.ts';
import type { Cause, Report, Root } from './report.ts';
import type { Rule } from './rule.ts';
import { PASTED } from './snapshot.ts';
import { worstCase } from './status.ts';

/** What `kubectl rollout undo` knows. */
const UNDOABLE = ['Deployment', 'StatefulSet', 'DaemonSet'];

export function nextStepsOf(evidence: Evidence, report: Report, rule: Rule | undefined): Report['nextSteps'] {
  const steps: Report['nextSteps'] = [];
  const { namespace, workload, pod } = report.target;
  const cause = report.causes[0];
  if (report.root) steps.push(...rootSteps(report, report.root));
  if (cause && rule) {
    const byHand = fill(rule.byHand, cause.detail);
    if (byHand)
      steps.push({ text: byHand, command: null }, ...byHandOf(evidence, report, { cause, commands: rule.commands }));
    const former = formerRevision(evidence);
    const differs = former?.templateHash !== known(evidence.workload)?.templateHash;
    if (rule.actions.includes('rollback') && former && differs && UNDOABLE.includes(workload.kind)) {
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
  if (cause) steps.push(...startAgain(evidence, cause), ...looks(evidence, cause));
  if (pod) {
    const k = casesOf(evidence).find((c) => c.container.name === report.verdict.container) ?? worstCase(evidence);
    const container = k?.container.name ?? '';
    const where = namespace ? ['-n', namespace] : [];
    const all = [pod, namespace].filter(Boolean);
    // A pod that is never started again has no run before the one that ended.
    const previous = k?.container.lastState.state === 'seen' ? ['--previous'] : [];
    const pasted = evidence.cluster === PASTED;
    if (k && container && hasSpoken(k) && !(pasted && k.log.state === 'seen'))
      steps.push({
        text: k.exit.state === 'seen' ? 'Read its last words' : 'Read its log',
        command: kubectl(['logs', pod, ...where, '-c', container, ...previous, '--tail=50'], [...all, container]),
      });
    if (!(pasted && isDescribed(evidence)))
      steps.push({
        text: 'See everything about the pod',
        command: kubectl(['describe', 'pod', pod, ...where], all),
      });
  }
  const rollout = cause && rule?.byHand && rolloutOf(evidence, report);
  if (rollout) steps.push({ text: 'After the change: do the new pods come up and stay?', command: rollout });
  return steps.filter((s) => s.text !== '');
}

/** A container that never started has no log to read. */
function hasSpoken({ ending, symptom }: ContainerCase): boolean {
  return ending !== 'start-failed' && !['image', 'cannot-start', 'waits'].includes(symptom);
}

/** Nobody is sent for what they have pasted. */
function isDescribed({ events, containers }: Evidence): boolean {
  return events.state !== 'unread' && containers.every((c) => c.state.state !== 'unread' && c.image.state !== 'unread');
}

/** The dependency that somebody scaled to nothing. */
function startAgain(evidence: Evidence, cause: Cause): Report['nextSteps'] {
  const service = cause.detail.host ? serviceMeant(hostIn(cause.detail.host), evidence) : undefined;
  const [kind = '', name = ''] = service?.scaledToZero?.split(' ') ?? [];
  if (service?.readyEndpoints !== 0 || !name) return [];
  const words = ['scale', `${kind.toLowerCase()}/${name}`, '-n', service.namespace, '--replicas=1'];
  return [{ text: `Start ${kind} ${name} again`, command: kubectl(words, [name, service.namespace]) }];
}

/** Where this kind of cause is seen best. */
function looks(evidence: Evidence, cause: Cause): Report['nextSteps'] {
  const node = isOnTheNode(cause) ? nodeLook(evidence) : undefined;
  const service = serviceLook(evidence, cause);
  return [
    ...(node ? [node] : []),
    ...(service ? [{ text: `See what stands behind ${cause.detail.host}`, command: service }] : []),
  ];
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
