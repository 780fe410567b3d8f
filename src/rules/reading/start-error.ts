// Why the runtime could not start a container, in its own words: runc, crun, youki, gVisor, kata and Windows word it
// differently. One reading for all rules about starting.

import type { ContainerCase } from '../../core/case.ts';
import type { Evidence } from '../../core/evidence.ts';
import { type Citation, cite, known } from '../../core/fact.ts';

export interface StartError {
  text: string;
  citations: Citation[];
}

/** The newest statement of the runtime: from the ended run, the waiting state, or the Failed event. */
export function startError(evidence: Evidence, k: ContainerCase): StartError | undefined {
  const found: StartError[] = [];
  const add = (text: string, citations: Citation[]): void => {
    if (text !== '') found.push({ text, citations });
  };
  const exit = known(k.exit);
  if (exit && /StartError|ContainerCannotRun|CannotRun|CreateContainerError|RunContainerError/.test(exit.reason))
    add(exit.message, cite(k.exit, `${exit.reason}: ${exit.message}`.slice(0, 600), '.message'));
  const state = known(k.container.state);
  if (
    state?.is === 'waiting' &&
    !/CrashLoopBackOff|CreateContainerConfigError|Image|PodInitializing|ContainerCreating/.test(state.reason)
  )
    add(state.message, cite(k.container.state, `${state.reason}: ${state.message}`.slice(0, 600), '.waiting.message'));
  const one = evidence.containers.length === 1;
  const event = (known(evidence.events) ?? []).findLast(
    (e) =>
      /^(?:Failed|FailedCreatePodContainer|FailedStart|ContainerCannotRun)$/.test(e.reason) &&
      /runtime|runc|crun|container process|exec|hcs|is reserved/i.test(e.message) &&
      (e.container === k.container.name || (one && e.object.kind === 'Pod')),
  );
  if (event && (k.symptom === 'cannot-start' || found.length > 0 || k.symptom === 'unread'))
    add(event.message, [{ source: 'event', at: event.at, text: event.message.slice(0, 600) }]);
  const first = found[0];
  return first && { text: first.text, citations: found.flatMap((f) => f.citations).slice(0, 2) };
}

/** The command line as the template or, without one, the image gives it. */
export function commandCitation(k: ContainerCase): Citation[] {
  const command = known(k.container.command);
  const args = known(k.container.args);
  return [
    ...(command ? cite(k.container.command, `command: ${JSON.stringify(command).slice(0, 300)}`) : []),
    ...(args ? cite(k.container.args, `args: ${JSON.stringify(args).slice(0, 300)}`) : []),
  ];
}

/** The whole command line stands in one string: `["npm start"]`. */
export function isWholeLine(command: string): boolean {
  return /^\S+ \S/.test(command);
}
