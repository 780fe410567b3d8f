// A limit of the operating system on this process or its node is reached: descriptors, watches, threads, locked memory.

import { defineRule } from '../core/rule.ts';
import { details, fromLog } from './reading/said.ts';
import { OS_LIMIT } from './vocabulary/limits.ts';

export default defineRule({
  id: 'os-limit-exhausted',
  title: 'An operating system limit is reached',
  explains: ['crash-loop', 'unread'],
  causes: [
    'application-error',
    'init-script-failed',
    'heap-exhausted',
    'aborted',
    'entrypoint-completes',
    'dependency-refused',
    'dependency-dns-not-found',
    'file-missing',
  ],
  actions: ['restart'],
  byHand:
    'Raise the limit on {limit} where the container gets it (runtime, node, pod pids limit), or find what does not give back.',
  judge: (evidence) =>
    fromLog(evidence, OS_LIMIT, (hit, k) => {
      const limit = limitOf(hit.line.text);
      return {
        summary: `${k.container.name} has no more ${limit} from the operating system: ${hit.line.text.trim().slice(0, 160)}`,
        detail: details({ limit }),
      };
    }),
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

function limitOf(text: string): string {
  if (/inotify|fsnotify|watch/i.test(text)) return 'inotify watches';
  if (/descriptor|open files/i.test(text)) return 'file descriptors';
  if (/thread|fork|clone|process/i.test(text)) return 'threads';
  if (/memlock|lock(?:ed)? (?:JVM )?memory|mlock/i.test(text)) return 'locked memory';
  if (/insufficient memory/i.test(text)) return 'memory';
  return 'file descriptors';
}
