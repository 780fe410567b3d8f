// The runtime's own memory limit is reached, below the limit of the container: the program says so, the kernel does not.

import type { ContainerCase } from '../core/case.ts';
import { type Citation, cite, known } from '../core/fact.ts';
import { type LogHit, logHits, strengthOf } from '../core/log-signs.ts';
import { defineRule, eachCase, type Holds, holds } from '../core/rule.ts';
import { backing, citeLine, details, SPOKEN } from './reading/said.ts';
import { HEAP, HEAP_FLAGS, HEAP_VARIABLES } from './vocabulary/heap.ts';

export default defineRule({
  id: 'heap-exhausted',
  title: "Out of the runtime's own memory",
  explains: SPOKEN,
  causes: [
    'application-error',
    'init-script-failed',
    'aborted',
    'segmentation-fault',
    'terminated-by-signal',
    'entrypoint-completes',
    'probe-timeout',
    'probe-endpoint-failing',
  ],
  actions: ['raise-heap-limit', 'rollback'],
  byHand:
    'Raise {flag|its heap limit} in {setting|the place where it is set}, and the memory limit of {container} with it: the limit must hold the heap and what lies outside it.',
  judge: (evidence) => eachCase(evidence, SPOKEN, judge),
  doc: {
    looksAt:
      "the runtime's last words, and the settings that limit its memory: -Xmx, --max-old-space-size, memory_limit",
    means:
      'The heap that the runtime allows itself is full. The container may have memory left: raising its limit alone changes nothing where the heap has a size of its own.',
    fix: 'Raise the heap, keep the limit of the container well above it, or find what grows.',
    prevention:
      'Size the heap of {container} from the measured peak and leave a quarter of the limit outside it; {flag|the present size} was not enough. Alert on heap use, not only on memory of the container.',
    notThis:
      'OOMKilled: then the kernel ended the container at its own limit (oom-killed). "Unable to create native thread" is a limit on threads (os-limit-exhausted).',
  },
});

function judge(k: ContainerCase): Holds | undefined {
  const hits = logHits(k, HEAP).filter((h) => h.position !== 'earlier' || h.sign.who === 'V8' || h.sign.who === 'JVM');
  const hit = hits.find((h) => h.groups.what) ?? hits[0];
  if (!hit) return undefined;
  if (hit.sign.weak) return refused(k, hit);
  const limits = heapLimits(k);
  const flag = limits[0]?.flag;
  const limit = known(k.container.memoryLimit);
  // V8 prints a native trace after its fatal error, longer than last words are.
  const fatal = /FATAL ERROR|Terminating due to/.test(hit.line.raw) && ['crashed', 'by-itself'].includes(k.ending);
  const settings = [
    ...limits.map((l) => l.citation).slice(0, 2),
    ...(limit ? cite(k.container.memoryLimit, `memory limit ${limit}`) : []),
  ];
  return holds(k, {
    strength: fatal ? 'proof' : strengthOf(hit, k),
    summary: `${k.container.name} ran out of its own heap${hit.groups.what ? ` (${hit.groups.what.trim()})` : ''}${flag ? `, limited by ${flag}` : ''}${limit ? `; the memory limit of the container is ${limit}` : ''}`,
    evidence: [hit.citation, ...(fatal ? settings : backing(hit, settings))],
    detail: details({ container: k.container.name, setting: limits[0]?.setting, flag, limit }),
  });
}

/** No limit is named: a size that is a mistake, a limit on the address space, or a machine that has no more. */
function refused(k: ContainerCase, hit: LogHit): Holds {
  return holds(k, {
    strength: 'sign',
    summary: `${k.container.name} asked for more memory than it was given (${(hit.groups.what ?? '').trim()}); no limit says why`,
    evidence: [hit.citation],
    detail: details({ container: k.container.name, limit: known(k.container.memoryLimit) }),
  });
}

interface HeapLimit {
  flag: string;
  /** Variable, `command` or `args` in which it stands. */
  setting: string;
  citation: Citation;
}

function heapLimits(k: ContainerCase): HeapLimit[] {
  const inEnv = (known(k.container.env) ?? []).flatMap((e, i): HeapLimit[] => {
    const flags =
      e.value?.match(HEAP_FLAGS) ?? (HEAP_VARIABLES.test(e.name) && e.value ? [`${e.name}=${e.value}`] : []);
    return flags.slice(-1).flatMap((flag) =>
      cite(k.container.env, `${e.name}: ${e.value}`.slice(0, 200), `[${i}]`).map((citation) => ({
        flag,
        setting: e.name,
        citation,
      })),
    );
  });
  const inLine = (['command', 'args'] as const).flatMap((setting): HeapLimit[] => {
    const text = (known(k.container[setting]) ?? []).join(' ');
    return (text.match(HEAP_FLAGS) ?? [])
      .slice(-1)
      .flatMap((flag) =>
        cite(k.container[setting], text.slice(0, 200)).map((citation) => ({ flag, setting, citation })),
      );
  });
  const lines = k.log.state === 'seen' ? k.log.value.lines : [];
  const inLog = lines
    .filter((l) => /-Xmx|max[-_]old[-_]space|Picked up JAVA/.test(l.raw))
    .slice(0, 1)
    .flatMap((l): HeapLimit[] => {
      const flag = l.raw.match(HEAP_FLAGS)?.at(-1);
      const setting = /Picked up (\w+):/.exec(l.raw)?.[1] ?? 'the command line';
      return flag ? [{ flag, setting, citation: citeLine(k, l) }] : [];
    });
  return [...inEnv, ...inLine, ...inLog];
}
