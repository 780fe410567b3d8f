// activeDeadlineSeconds or backoffLimit ended the Job before its work was done. The deadline deletes the pod, so that
// nothing is left to read; a Job that used up its retries leaves pods, whose own cause is the answer.

import type { ContainerCase } from '../core/case.ts';
import { casesOf } from '../core/case.ts';
import type { Evidence } from '../core/evidence.ts';
import { type Citation, cite, known } from '../core/fact.ts';
import { words } from '../core/json.ts';
import { defineRule, holds, holdsForPod } from '../core/rule.ts';
import { conditionSaying, eventSaying } from './reading/events.ts';
import { details } from './reading/said.ts';

export default defineRule({
  id: 'job-deadline-exceeded',
  title: 'The Job ran out of time or retries',
  explains: ['waits', 'crash-loop', 'unread', 'healthy'],
  causes: ['terminated-by-signal', 'none'],
  actions: [],
  byHand:
    'Give the work more time than {limit} s (activeDeadlineSeconds), or make it faster. Where its pods failed too often (backoffLimit), cure that first. A Job that has ended is never started again: make it anew.',
  judge: (evidence) => {
    const late = stated(
      evidence,
      /^DeadlineExceeded|longer than specified deadline|active longer than|active on the node longer/,
    );
    const noPod = evidence.pod.name.state === 'absent';
    const retries = noPod ? stated(evidence, /^BackoffLimitExceeded|reached the specified backoff limit/) : [];
    const said = late.length ? late : retries;
    if (said.length === 0) return [];
    const job = known(evidence.workload);
    const limit = words(job?.detail[late.length ? 'activeDeadlineSeconds' : 'backoffLimit']);
    const name = job?.name ? `the Job ${job.name}` : 'the Job';
    const spec = limit
      ? cite(
          evidence.workload,
          `${late.length ? 'activeDeadlineSeconds' : 'backoffLimit'} ${limit}`,
          `:spec.${late.length ? 'activeDeadlineSeconds' : 'backoffLimit'}`,
        )
      : [];
    const finding = {
      strength: 'proof' as const,
      summary: late.length
        ? `${name} was still at work when its deadline${limit ? ` of ${limit} s` : ''} passed, and was ended`
        : `${name} failed more often than its backoffLimit${limit ? ` of ${limit}` : ''} allows; its pods are gone`,
      evidence: [...said, ...spec],
    };
    const k = mainOf(evidence);
    return [
      k
        ? holds(k, { ...finding, detail: details({ container: k.container.name, limit }) })
        : holdsForPod({ ...finding, detail: details({ limit }) }),
    ];
  },
  doc: {
    looksAt: 'the events and conditions of the Job',
    means:
      'The Job controller ended the work: too slow for activeDeadlineSeconds, or failed more often than backoffLimit allows.',
    fix: 'Raise the deadline above the slowest healthy run, split the work, or cure the failing runs; then start the Job anew.',
    prevention:
      'Measure how long the Job takes and set activeDeadlineSeconds to a multiple of it, not to {limit|its average}; alert before it is reached.',
    notThis: 'A Job whose pods are still there has failed for what their logs say.',
  },
});

function stated(evidence: Evidence, pattern: RegExp): Citation[] {
  const condition = conditionSaying(evidence, pattern);
  const event = eventSaying(evidence, /./s, ['DeadlineExceeded', 'BackoffLimitExceeded']);
  const about = event && pattern.test(`${event.citation.at.replace('event:', '')}: ${event.text}`) ? event : undefined;
  const reason = known(evidence.pod.reason);
  return [
    ...(about ? [{ ...about.citation, text: `${about.citation.at.replace('event:', '')}: ${about.text}` }] : []),
    ...(condition ? [condition.citation] : []),
    ...(reason && pattern.test(reason)
      ? cite(evidence.pod.reason, `${reason}: ${known(evidence.pod.message) ?? ''}`)
      : []),
  ];
}

function mainOf(evidence: Evidence): ContainerCase | undefined {
  return casesOf(evidence).find((k) => k.container.kind === 'main');
}
