// The probe gives up before a healthy start ends. Known from a program that was still starting, or that said it was
// up only shortly before it was killed.

import type { ContainerCase } from '../core/case.ts';
import type { Evidence } from '../core/evidence.ts';
import { type Citation, known } from '../core/fact.ts';
import { defineRule, eachCase, type Judgement, ruledOut, undecided } from '../core/rule.ts';
import { listens } from './reading/listens.ts';
import { fatalFailure, killingFailures, type ProbeFailure } from './reading/probe-failures.ts';
import { citeKill, citeProbe, probeDetail, probeHolds } from './reading/probe-findings.ts';
import { citeLine } from './reading/said.ts';
import { startUpOf, stillStarting, wasStarting } from './reading/start-up.ts';

export default defineRule({
  id: 'probe-too-early',
  title: 'The probe gives up before the program has started',
  explains: ['crash-loop', 'unread'],
  causes: ['terminated-by-signal', 'entrypoint-completes'],
  actions: ['fix-probe', 'raise-cpu-limit'],
  byHand: 'Give {container} a startupProbe with failureThreshold × periodSeconds longer than its start.',
  judge: (evidence) => eachCase(evidence, ['crash-loop', 'unread'], (k) => early(k, evidence)),
  doc: {
    looksAt: 'how long the program lived, what the probe allows, and whether the program had said that it is up',
    means:
      'The program needs longer to start than initialDelaySeconds and failureThreshold × periodSeconds allow, so it is killed while it starts, again and again.',
    fix: 'Add a startupProbe that allows for the slowest start; liveness begins only after it has succeeded.',
    prevention:
      'Give {container} a startupProbe that holds the liveness probe back until the program is up, however long that takes on a busy node. Allow it several times the {killedAfterSeconds} s of now.',
    notThis: 'A program that says it is up on another port or on 127.0.0.1, and one that waits for a dependency.',
  },
});

function early(k: ContainerCase, evidence: Evidence): Judgement | undefined {
  const f = fatalFailure(k, 'refused', 'timeout', 'unreachable', 'reset', 'not-serving', 'status');
  if (!f) return notProbed(k, evidence);
  if (f.kind === 'status' && f.status !== 503) return undefined;
  const open = listens(k);
  const starting = f.kind === 'refused' ? stillStarting(k) : wasStarting(k);
  if (starting) {
    const lived = k.livedForSeconds;
    return found(
      k,
      f,
      `${k.container.name} was still starting when the ${f.probe} probe gave up${lived ? ` after ${lived} s` : ''}`,
      [citeLine(k, starting)],
    );
  }
  const up = startUpOf(k);
  if (
    up &&
    f.kind === 'refused' &&
    open.some((l) => l.port === f.port && l.on !== 'loopback') &&
    livedLittleLonger(k, up.seconds)
  ) {
    return found(
      k,
      f,
      `${k.container.name} needs ${Math.round(up.seconds)} s to start, and the ${f.probe} probe gives up after ${k.livedForSeconds} s`,
      [up.citation],
      up.seconds,
    );
  }
  if (open.length > 0 || f.kind !== 'refused' || !declares(k, f.port)) return undefined;
  return undecided(
    k,
    `Does ${k.container.name} listen on port ${f.port} if it is left alone? Give it a startupProbe with a high failureThreshold, or look inside a copy of the pod without probes.`,
  );
}

function found(k: ContainerCase, f: ProbeFailure, summary: string, more: Citation[], seconds?: number): Judgement {
  return probeHolds(k, f, {
    strength: 'sign',
    summary,
    evidence: [f.citation, ...more, ...citeProbe(f), ...citeKill(k)],
    detail: {
      ...probeDetail(k, f),
      ...(seconds === undefined ? {} : { startupSeconds: String(Math.ceil(seconds)) }),
      ...(k.livedForSeconds === undefined ? {} : { killedAfterSeconds: String(Math.round(k.livedForSeconds)) }),
    },
  });
}

/** It was killed before it could answer one more probe after it came up. */
function livedLittleLonger(k: ContainerCase, seconds: number): boolean {
  const probe = known(k.container.probes.liveness) ?? known(k.container.probes.startup);
  return k.livedForSeconds !== undefined && k.livedForSeconds - seconds <= (probe?.periodSeconds ?? 10) + 5;
}

function declares(k: ContainerCase, port: number | undefined): boolean {
  const ports = known(k.container.ports) ?? [];
  return ports.length === 0 || ports.some((p) => p.containerPort === port);
}

function notProbed(k: ContainerCase, evidence: Evidence): Judgement | undefined {
  const { liveness, startup } = k.container.probes;
  if (liveness.state === 'absent' && startup.state === 'absent' && k.symptom === 'crash-loop') {
    return ruledOut(k, `${k.container.name} has no liveness or startup probe`);
  }
  if (k.ending === 'by-itself' && isHeard(evidence, k) && k.symptom === 'crash-loop') {
    return ruledOut(k, 'no liveness or startup probe had it killed; it ended by itself');
  }
  return undefined;
}

/** Its events were read, and none of them announces a kill. */
function isHeard({ events }: Evidence, k: ContainerCase): boolean {
  return events.state !== 'unread' && killingFailures(k).length === 0;
}
