// How long a probe waits: for one answer, and for the start.

import type { Json } from '../core/json.ts';
import type { Refusal } from '../core/plan.ts';
import { type Case, type Fix, setLine } from './probe-case.ts';

/** A slow answer is given at least this long. Seconds. */
const TIMEOUT_SECONDS = 5;
/** A start of unknown length is given this long; it costs nothing, for the first success ends it. Seconds. */
const STARTUP_SECONDS = 300;
const STARTUP_PERIOD_SECONDS = 10;

export function timeout(one: Case): Fix {
  const { probe, name, container, at } = one;
  const from = probe.timeoutSeconds;
  const to = Math.max(TIMEOUT_SECONDS, from * 2);
  return {
    title: `Give the ${name} probe ${to} s to answer`,
    edits: [{ at: [...at, 'timeoutSeconds'], from, to }],
    diff: [setLine(one, 'timeoutSeconds', from, to)],
    effect: `The ${name} probe of ${container.name} waits up to ${to} s for an answer instead of ${from} s.`,
    warnings: [
      'A slow answer has a cause of its own, often too little CPU: look at it before it takes longer than this too.',
    ],
  };
}

/** A startupProbe holds liveness back until the first success, however long that takes. */
export function startup(one: Case): Fix | Refusal {
  const { probe, name, container, detail, at } = one;
  const seconds = Number(detail.startupSeconds) || 0;
  const had = name === 'startup' ? probe.initialDelaySeconds + probe.periodSeconds * probe.failureThreshold : 0;
  const allowed = Math.max(seconds * 3, had * 2, STARTUP_SECONDS);
  const observed = seconds > 0 ? `it was seen to need ${seconds} s` : 'how long it needs is not known';
  if (name === 'startup') {
    const to = Math.ceil(allowed / probe.periodSeconds);
    return {
      title: `Give the start ${allowed} s`,
      edits: [{ at: [...at, 'failureThreshold'], from: probe.failureThreshold, to }],
      diff: [setLine(one, 'failureThreshold', probe.failureThreshold, to)],
      effect: `${container.name} may take up to ${allowed} s to start; ${observed}.`,
    };
  }
  if (container.probes.startup.state !== 'absent')
    return {
      refusal: `${container.name} has a startupProbe already. Raise its failureThreshold above the time of a slow start.`,
    };
  const to: Json = {
    periodSeconds: STARTUP_PERIOD_SECONDS,
    failureThreshold: Math.ceil(allowed / STARTUP_PERIOD_SECONDS),
    successThreshold: 1,
    timeoutSeconds: Math.max(1, probe.timeoutSeconds),
  };
  return {
    title: `Allow ${allowed} s for the start`,
    edits: [{ at: [...at.slice(0, -1), 'startupProbe'], to, like: `${name}Probe` }],
    diff: [`+ ${container.name}: startupProbe like the ${name} probe, up to ${allowed} s`],
    effect: `The ${name} probe of ${container.name} begins only after its first answer, which may take ${allowed} s; ${observed}.`,
  };
}
