// What a storm is told of an incident that joins it: who it is, whom it calls up, and why the place is broken as far as it
// can tell.

import { downBecause, downDependency, subjectOf } from '../../core/headline.ts';
import type { IncidentState } from '../../core/incident/state.ts';
import type { Report } from '../../core/report.ts';
import { rootKey } from '../../core/storm/places.ts';
import type { RootSeen, StormEvent, Subject } from '../../core/storm/state.ts';
import type { Work } from '../jobs/work.ts';

type Joined = Extract<StormEvent, { type: 'joined' }>;

export function joinedEvent(work: Work, id: string, state: IncidentState, subject: Subject, isRoot = false): Joined {
  const { report, target, request, life } = state;
  return {
    type: 'joined',
    id,
    subject,
    limits: work.config.storms,
    cluster: target?.cluster ?? '',
    channel: request.place.channel,
    mention: life.route.mention,
    member: {
      incident: state.id,
      namespace: report?.target.namespace ?? '',
      name: report ? subjectOf(report) : '',
      cause: report?.verdict.cause ?? '',
      isRoot,
    },
    root: report && subject.is === 'place' ? rootSeen(report) : null,
  };
}

/** Why the place is broken, as far as one of those that wait for it can tell. */
function rootSeen(report: Report): RootSeen | null {
  const { root } = report;
  if (!root && downDependency(report) === '') return null;
  const proof = !root || root.grade === 'unknown' ? '' : (root.evidence[0]?.text ?? '').slice(0, 300);
  const summary = (root?.summary ?? downBecause(report)).slice(0, 500);
  return { key: root ? rootKey(root) : '', grade: root?.grade ?? report.verdict.grade, summary, proof };
}
