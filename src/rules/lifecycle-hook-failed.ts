// postStart fails, and the kubelet kills the container for it. The event says only that; the command is in the spec.

import type { ContainerCase } from '../core/case.ts';
import type { Handler } from '../core/evidence/container.ts';
import { type Citation, cite, known } from '../core/fact.ts';
import { defineRule, EDIT_TEMPLATE, eachCase, holds } from '../core/rule.ts';

const HOOK = /PostStartHook|lifecycle hook \(|preStop hook|PreStopHook/i;

export default defineRule({
  id: 'lifecycle-hook-failed',
  title: 'The postStart hook fails',
  explains: ['crash-loop', 'cannot-start', 'unread'],
  causes: ['terminated-by-signal', 'entrypoint-completes', 'command-not-found'],
  actions: ['rollback'],
  commands: [EDIT_TEMPLATE],
  byHand:
    'Correct the {hook|failing} hook of {container}, or move its work into the program or an init container. It runs: {command}.',
  judge: (evidence) =>
    eachCase(evidence, ['crash-loop', 'cannot-start', 'unread'], (k) => {
      const failed = k.events.findLast((e) => e.reason === 'FailedPostStartHook');
      const state = known(k.container.state);
      const waiting =
        state?.is === 'waiting' && HOOK.test(`${state.reason} ${state.message}`)
          ? `${state.reason}: ${state.message}`
          : undefined;
      if (!failed && !waiting) return undefined;
      // A hook also fails in a container that has just ended by itself: then it is not the cause.
      if (k.ending === 'by-itself' && !waiting) return undefined;
      const killed = k.events.findLast((e) => e.reason === 'Killing' && HOOK.test(e.message));
      const command = commandOf(known(k.container.postStart));
      return holds(k, {
        strength: killed || waiting || k.ending === 'hook-killed' ? 'proof' : 'sign',
        summary: `the postStart hook of ${k.container.name} fails${command ? ` (${command})` : ''}, and the kubelet kills the container for it`,
        evidence: [
          ...[failed, killed].flatMap((e): Citation[] =>
            e ? [{ source: 'event', at: e.at, text: `${e.reason}: ${e.message}` }] : [],
          ),
          ...(waiting ? cite(k.container.state, waiting) : []),
          ...(command ? cite(k.container.postStart, command) : []),
          ...hookWords(k, command),
        ],
        detail: { container: k.container.name, hook: 'postStart', ...(command ? { command } : {}) },
      });
    }),
  doc: {
    looksAt: 'the events FailedPostStartHook and Killing, and the hook in the specification',
    means:
      'The hook that runs beside the program right after its start ended with an error, so the kubelet ends the container. Its output is not kept.',
    fix: 'Run the hook by hand in the container to see its output, correct it, or do its work in the program or an init container.',
    prevention:
      'Let the hook {command|of the container} log to /proc/1/fd/1 and end with 0 when its work can wait: a hook that fails ends a healthy program.',
    notThis: 'A failing preStop hook is only reported; a program that ends by itself makes the hook fail too.',
  },
});

function commandOf(hook: Handler | undefined): string {
  if (!hook) return '';
  return hook.type === 'exec'
    ? (hook.command ?? []).join(' ').slice(0, 200)
    : `${hook.type} ${hook.path ?? ''} ${hook.port ?? ''}`.trim();
}

/** The hook may have written into the container's log. */
function hookWords(k: ContainerCase, command: string): Citation[] {
  if (k.log.state !== 'seen' || command === '') return [];
  const script = /(?<![\w./-])[\w./-]{1,300}\.(?:sh|py|js)\b/.exec(command)?.[0];
  const line = script && k.log.value.lines.findLast((l) => l.raw.includes(script));
  return line ? [{ source: 'log', at: `${k.log.at}:${line.n}`, text: line.raw.trim().slice(0, 300) }] : [];
}
