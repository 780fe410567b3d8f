// The container went over its cgroup memory limit, and the kernel ended it or a child of it.

import type { ContainerCase } from '../core/case.ts';
import type { Evidence } from '../core/evidence.ts';
import { cite, known } from '../core/fact.ts';
import { logHits, signTable } from '../core/log-signs.ts';
import { defineRule, eachCase, holds, type Judgement, ruledOut } from '../core/rule.ts';

// Event FailedCreatePodSandBox / StartError of runc, when the limit is too small even to start:
// "container init was OOM-killed (memory limit too low?)"
// CRI-O: "set memory limit 4194304 too low; should be at least 12582912".
const INIT_OOM = /OOM-?killed \(memory limit too low\?\)|container init was OOM|memory limit (?:\d+ |is )?too low/i;

export default defineRule({
  id: 'oom-killed',
  title: 'Out of memory: over its own limit',
  explains: ['crash-loop', 'cannot-start', 'waits', 'recovered', 'unread'],
  causes: [
    'application-error',
    'terminated-by-signal',
    'init-script-failed',
    'heap-exhausted',
    'entrypoint-completes',
    'probe-timeout',
    'probe-too-early',
  ],
  actions: ['raise-memory-limit', 'rollback'],
  byHand: 'Raise the memory limit of {container} above {limit|what it has}, or find what grows.',
  judge: (evidence) =>
    eachCase(
      evidence,
      ['crash-loop', 'cannot-start', 'waits', 'unread'],
      (k) => byStatus(k) ?? byInit(k, evidence) ?? byKernel(k, evidence) ?? notOom(k),
    ),
  doc: {
    looksAt: "the reason of the last ended run, and the runtime's words when it cannot start the container",
    means:
      'The kernel ended a process of this container because the container as a whole used more memory than resources.limits.memory allows.',
    fix: 'Raise the limit to what the program needs at its peak, or make it need less. For a JVM or Node.js the limit must also hold what lies outside the heap.',
    prevention:
      'Size the memory limit of {container} from its measured peak at start-up, not from its average: {limit|this one} was not enough. Alert at 90 % of the limit.',
    notThis:
      'Exit code 137 alone: a probe, an eviction, a drain or an ignored SIGTERM end with 137 too. A heap limit inside the program ("Java heap space") is heap-exhausted.',
  },
});

function byStatus(k: ContainerCase): Judgement | undefined {
  if (k.exit.state !== 'seen' || k.exit.value.reason !== 'OOMKilled') return undefined;
  const { exitCode } = k.exit.value;
  const limit = known(k.container.memoryLimit);
  const child = exitCode !== 137 ? `; a child process was killed, the main process then ended with ${exitCode}` : '';
  return holds(k, {
    strength: 'proof',
    summary: `${k.container.name} ran out of memory: it needs more than its limit${limit ? ` of ${limit}` : ''}${child}`,
    evidence: [
      ...cite(k.exit, `OOMKilled, exit code ${exitCode}`, '.reason'),
      ...(limit ? cite(k.container.memoryLimit, `memory limit ${limit}`) : []),
      ...memoryWords(k),
    ],
    detail: { container: k.container.name, ...(limit ? { limit } : {}) },
  });
}

/** What the program itself shows of memory: heap flags, allocations, a killed child. */
function memoryWords(k: ContainerCase): { source: 'log'; at: string; text: string }[] {
  if (k.log.state !== 'seen') return [];
  const { at } = k.log;
  const telling = k.log.value.lines.filter((l) =>
    /-Xmx|max-old-space-size|MaxRAMPercentage|status 137|signal 9|SIGKILL|\bKilled\b/.test(l.raw),
  );
  return telling
    .slice(-2)
    .map((l) => ({ source: 'log' as const, at: `${at}:${l.n}`, text: l.raw.trim().slice(0, 300) }));
}

function byInit(k: ContainerCase, evidence: Evidence): Judgement | undefined {
  const limit = known(k.container.memoryLimit);
  const event = (known(evidence.events) ?? []).findLast((e) => INIT_OOM.test(e.message));
  const state = known(k.container.state);
  const waiting = state && state.is !== 'running' && INIT_OOM.test(state.message) ? state.message : undefined;
  const exit = known(k.exit);
  const ended = exit && k.ending === 'start-failed' && INIT_OOM.test(exit.message) ? exit.message : undefined;
  if (!event && !waiting && !ended) return undefined;
  const smallest = k.container.name === smallestLimit(evidence);
  if (!waiting && !ended && !smallest) return undefined;
  return holds(k, {
    strength: 'proof',
    summary: `the memory limit${limit ? ` of ${limit}` : ''} is too low even to start ${k.container.name}`,
    evidence: [
      ...(waiting ? cite(k.container.state, waiting) : []),
      ...(ended && !waiting ? cite(k.exit, ended, '.message') : []),
      ...(event ? [{ source: 'event' as const, at: event.at, text: event.message }] : []),
      ...(limit ? cite(k.container.memoryLimit, `memory limit ${limit}`) : []),
    ],
    detail: { container: k.container.name, ...(limit ? { limit } : {}) },
  });
}

// node-problem-detector and kubelet on the node; gunicorn and shells about a child of their own.
const KERNEL =
  /Memory cgroup out of memory|oom-kill:constraint=CONSTRAINT_MEMCG|invoked oom-killer|System OOM encountered/i;
const PARENTS = 'Celery, PyTorch, uWSGI, PHP-FPM, Go and other parents of a process';
const CHILD = signTable([
  { who: 'kernel', pattern: /Memory cgroup out of memory|oom-kill:constraint=CONSTRAINT_MEMCG/i },
  { who: 'gunicorn', pattern: /was sent SIGKILL! Perhaps out of memory\?/, weak: true },
  {
    who: 'shells',
    pattern: /^(?:.{0,120}?: )?(?:line \d{1,5}:\s{1,20}\d{1,7} Killed(?:\s|$)|\d{1,7} Killed(?:\s{2,}|$))|^Killed$/,
    weak: true,
  },
  { who: 'PostgreSQL', pattern: /process \(PID \d+\) was terminated by signal 9: Killed/, weak: true },
  {
    who: PARENTS,
    pattern:
      /(?:killed|exited|terminated|died|prematurely)\b.{0,20}?\bsignal:? {0,2}'?(?:9\b|Killed|SIGKILL)|'signal 9 \(SIGKILL\)'|: signal: killed\b|SIGKILL \(signal 9\)|BrokenProcessPool: .{0,60}terminated abruptly|failed with exit code 137\b/,
    weak: true,
  },
  { who: 'Docker, Podman', pattern: /\bOOMKilled\b.{0,20}\btrue\b/i },
]);

/** The status does not say so (a child was killed, or the whole node ran out), but kernel or parent do. */
function byKernel(k: ContainerCase, evidence: Evidence): Judgement | undefined {
  if (['probe-killed', 'evicted', 'hook-killed'].includes(k.ending)) return undefined;
  const hit = logHits(k, CHILD).find((h) => h.position !== 'earlier');
  const event = (known(evidence.events) ?? []).findLast(
    (e) => /^(?:OOMKilling|SystemOOM|OOMKilled)$/.test(e.reason) || KERNEL.test(e.message),
  );
  const killed = known(k.exit)?.exitCode === 137 && k.ending === 'signalled';
  // Of a pod nothing else was pasted: the kernel's words about a cgroup are of some container then.
  const alone =
    k.symptom === 'unread' && k.exit.state !== 'seen' && /\bcgroup\b|CONSTRAINT_MEMCG/i.test(event?.message ?? '');
  if (!hit && !(event && (killed || alone))) return undefined;
  const limit = known(k.container.memoryLimit);
  const ofPod = event?.object.kind === 'Pod';
  // A parent sees the signal only, not who sent it: no second source makes that more likely.
  const onlySeen = ['shells', 'PostgreSQL', PARENTS].includes(hit?.sign.who ?? '') && !event;
  return holds(k, {
    strength: (hit && !hit.sign.weak) || (ofPod && killed) ? 'proof' : 'sign',
    summary: `a process of ${k.container.name} was killed${onlySeen ? ', most often' : ''} for want of memory${limit ? `; the limit is ${limit}` : event && !ofPod ? ', on a node that has none left' : ''}`,
    evidence: [
      ...(hit ? [hit.citation] : []),
      ...(event ? [{ source: 'event' as const, at: event.at, text: event.message.slice(0, 400) }] : []),
      ...(killed && !onlySeen ? cite(k.exit, 'exit code 137: killed (SIGKILL)', '.exitCode') : []),
      ...(limit && !onlySeen ? cite(k.container.memoryLimit, `memory limit ${limit}`) : []),
    ],
    detail: { container: k.container.name, ...(limit ? { limit } : {}) },
  });
}

/** The sandbox's message does not name the container: the one with the smallest limit is meant. */
function smallestLimit(evidence: Evidence): string | undefined {
  const limited = evidence.containers.filter((c) => c.memoryLimit.state === 'seen');
  return (limited.length ? limited : evidence.containers)[0]?.name;
}

function notOom(k: ContainerCase): Judgement | undefined {
  if (k.exit.state !== 'seen' || k.symptom !== 'crash-loop') return undefined;
  return ruledOut(k, `the reason is ${k.exit.value.reason || 'not given'}, not OOMKilled`);
}
