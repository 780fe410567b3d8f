// A limit of the operating system on this process or its node is reached: descriptors, watches, threads, locked memory.

import type { ContainerCase } from '../core/case.ts';
import type { Evidence } from '../core/evidence.ts';
import { known } from '../core/fact.ts';
import { defineRule, eachCase, type Holds, holds } from '../core/rule.ts';
import { inBrief } from './reading/in-brief.ts';
import { details, fromLog } from './reading/said.ts';
import { OS_LIMIT } from './vocabulary/os-limit.ts';

export default defineRule({
  id: 'os-limit-exhausted',
  title: 'An operating system limit is reached',
  explains: ['crash-loop', 'unread', 'waits', 'cannot-start'],
  causes: [
    'application-error',
    'init-script-failed',
    'heap-exhausted',
    'aborted',
    'entrypoint-completes',
    'dependency-refused',
    'dependency-dns-not-found',
    'file-missing',
    'container-runtime-fault',
  ],
  actions: ['restart'],
  byHand:
    'Raise the limit on {limit} where the container gets it (runtime, node, pod pids limit), or find what does not give back.',
  judge: (evidence) => [
    ...eachCase(evidence, ['waits', 'cannot-start'], (k) => ofNode(evidence, k)),
    ...fromLog(evidence, OS_LIMIT, (hit, k) => {
      const limit = limitOf(hit.line.text);
      return {
        summary: `${k.container.name} has no more ${limit} from the operating system: ${inBrief(hit.line.text, 160)}`,
        detail: details({ limit }),
      };
    }),
  ],
  doc: {
    looksAt: 'the errno words for descriptors, inotify watches, threads and locked memory',
    means:
      "The process or its user on the node holds as many of them as it may. The limit is the node's or the runtime's, not one of the pod template.",
    fix: 'Raise the limit at its source, or repair the leak. A restart gives the descriptors back, and meets the same limit again if it leaks.',
    prevention:
      'Watch {limit|open descriptors and threads} of {container} beside its memory; a line that only rises is a leak.',
    notThis:
      'A full disk has the same errno as used-up inotify watches; a heap that is full (heap-exhausted) is not a thread that cannot be made.',
  },
});

const RUNTIME = /resource temporarily unavailable|too many open files|no space left on device.{0,40}inotify/i;

/** The runtime itself meets a limit of the node when it makes the sandbox or the container. */
function ofNode(evidence: Evidence, k: ContainerCase): Holds | undefined {
  const event = (known(evidence.events) ?? []).findLast(
    (e) => /^Failed/.test(e.reason) && e.reason !== 'FailedScheduling' && RUNTIME.test(e.message),
  );
  if (!event) return undefined;
  const limit = limitOf(event.message);
  const node = known(evidence.pod.nodeName);
  return holds(k, {
    strength: 'proof',
    summary: `${node ? `Node ${node}` : 'The node'} has no more ${limit} for ${k.container.name}: ${(event.message.split(': ').slice(-3).join(': ')).slice(0, 160)}`,
    evidence: [{ source: 'event', at: event.at, text: event.message.slice(0, 500) }],
    detail: details({ limit, container: k.container.name, node }),
  });
}

function limitOf(text: string): string {
  if (/inotify|fsnotify|watch/i.test(text)) return 'inotify watches';
  if (/descriptor|open files/i.test(text)) return 'file descriptors';
  if (/thread|fork|clone|process|what\(\):/i.test(text)) return 'threads';
  if (/memlock|lock(?:ed)? (?:JVM )?memory|mlock/i.test(text)) return 'locked memory';
  if (/insufficient memory|shared memory/i.test(text)) return 'memory';
  return 'file descriptors';
}
