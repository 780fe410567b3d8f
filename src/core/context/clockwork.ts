// Exit, time to crash, next start, and a run that ended exactly when a probe's arithmetic says it must.

import { earliestKillSeconds } from '../case/probe-kill.ts';
import { type ContainerCase, casesOf } from '../case.ts';
import type { Probe } from '../evidence/container.ts';
import type { Evidence } from '../evidence.ts';
import { exitWords } from '../exit-code.ts';
import { type Fact, known } from '../fact.ts';
import type { Cause, ContextFact } from '../report.ts';
import { durationWords } from '../spoken.ts';
import { nextStartOf, worstCase } from '../status.ts';

export function clockwork(evidence: Evidence, first: Cause | undefined): ContextFact[] {
  const k = casesOf(evidence).find((c) => c.container.name === first?.container) ?? worstCase(evidence);
  return k ? [...endOf(k), ...nextStart(k, evidence), ...probeArithmetic(k, evidence)] : [];
}

function endOf(k: ContainerCase): ContextFact[] {
  if (k.exit.state !== 'seen') return [];
  const { exitCode } = k.exit.value;
  const facts: ContextFact[] = [
    { kind: 'exit', text: `last exit ${exitCode}: ${exitWords(exitCode)}`, at: `${k.exit.at}.exitCode` },
  ];
  if (k.livedForSeconds !== undefined)
    facts.push({
      kind: 'time-to-crash',
      text: `the last run lived for ${durationWords(k.livedForSeconds)}`,
      at: `${k.exit.at}.finishedAt`,
    });
  return facts;
}

function nextStart(k: ContainerCase, evidence: Evidence): ContextFact[] {
  const next = nextStartOf(k);
  if (!next) return [];
  const inSeconds = (Date.parse(next) - Date.parse(evidence.now)) / 1000;
  const words =
    inSeconds > 0 ? `next start at ${next}, in ${durationWords(inSeconds)}` : `the next start was due at ${next}`;
  return [{ kind: 'next-start', text: words, at: `${k.container.state.at}.waiting.message` }];
}

/** The kubelet counts failures from the start: delay, then one period for each further failure, then the grace period. */
function probeArithmetic(k: ContainerCase, evidence: Evidence): ContextFact[] {
  const { liveness, startup } = k.container.probes;
  const killed = k.events.findLast((e) => e.reason === 'Killing')?.message ?? '';
  const fact: Fact<Probe> = /startup probe/.test(killed) ? startup : liveness;
  const lived = k.livedForSeconds;
  if (k.ending !== 'probe-killed' || fact.state !== 'seen' || lived === undefined) return [];
  const probe = fact.value;
  const earliest = earliestKillSeconds([probe]) ?? 0;
  const graceSeconds = known(evidence.pod.terminationGracePeriodSeconds) ?? 30;
  const latest = earliest + probe.periodSeconds + probe.timeoutSeconds * probe.failureThreshold + graceSeconds;
  if (lived < earliest || lived > latest) return [];
  return [
    {
      kind: 'probe-arithmetic',
      text: `killed after ${lived} s: ${probe.initialDelaySeconds} s delay and ${probe.failureThreshold} failures every ${probe.periodSeconds} s`,
      at: fact.at,
    },
  ];
}
