// An incident in a real Redis, told by the production story from the first word to "recovered", as the roles tell it.

import { answer } from '../../src/answer.ts';
import { readRecording } from '../../src/cli/recording.ts';
import type { Effect } from '../../src/core/incident/effects.ts';
import type { IncidentEvent } from '../../src/core/incident/events.ts';
import type { IncidentState } from '../../src/core/incident/state.ts';
import { type Plan, planId } from '../../src/core/plan.ts';
import type { Request } from '../../src/core/request.ts';
import type { JournalEntry } from '../../src/queue/journal.ts';
import type { RedisConnections } from '../../src/queue/redis.ts';
import { createStories } from '../../src/queue/story.ts';
import { proofOf, sealPlan, signVote } from '../../src/roles/approvals.ts';
import { JOBS, STORY } from '../../src/roles/story.ts';
import { RECORDINGS } from './recordings.ts';

export const KEY = 'a-key-of-the-test-itself-0123456789';

export const request: Request = {
  wanted: {
    cluster: 'prod',
    namespace: '',
    kind: 'pod',
    name: 'avatars',
    container: '',
    selector: '',
    allowedNamespaces: ['*'],
  },
  place: { teamId: 'T0DEMO', channel: 'C0OPS' },
  by: { kind: 'user', id: 'U0ANN' },
  deliveryId: 'd',
  said: 'avatars',
};

export const target = {
  cluster: 'prod',
  namespace: 'users-avatars',
  pod: 'avatars-1',
  workload: { kind: 'Deployment', name: 'avatars' },
};

const draft = {
  action: 'rollback' as const,
  target: {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    namespace: 'users-avatars',
    name: 'avatars',
    uid: '6f1e',
    templateHash: 'h',
  },
  container: '',
  intent: { revision: '1' },
};

export const plan: Plan = {
  ...draft,
  id: planId(draft),
  title: 'Roll back to revision 1',
  risk: 'medium',
  diff: '+ AVATAR_BUCKET',
  effect: 'The pods run revision 1 again.',
  blastRadius: '2 replicas',
  verification: 'steady',
  undo: 'Go forward to revision 2.',
  warnings: [],
};

export function storiesIn(redis: RedisConnections, keys: string[] = [KEY], noted: JournalEntry[] = []) {
  return createStories<IncidentState, IncidentEvent, Effect>(redis, STORY, {
    jobs: JOBS,
    ...(keys.length > 0 ? { prove: (hash) => proofOf(keys, hash) } : {}),
    onWritten: (entry) => void noted.push(entry),
  });
}

/** Tells it up to a plan that waits for approvals. */
export async function planned(
  stories: ReturnType<typeof storiesIn>,
  id: string,
  more: Partial<Extract<IncidentEvent, { type: 'planned' }>> = {},
  channel = request.place.channel,
): Promise<IncidentState> {
  const report = answer(readRecording(`${RECORDINGS}bad-rollout-env-removed`), {}, 'x')!;
  const expiresAt = new Date(Date.now() + 900_000).toISOString();
  const seal = sealPlan([KEY], { id, target }, { plan, askedBy: 'U0ANN', expiresAt });
  const told: IncidentEvent[] = [
    { type: 'asked', id, request: { ...request, place: { ...request.place, channel } } },
    { type: 'posted', message: 'card', ts: '1700000000.000100' },
    { type: 'diagnosed', target, report },
    { type: 'plan-wanted', action: 'rollback', by: 'U0ANN' },
    { type: 'planned', plan, askedBy: 'U0ANN', dryRun: 'accepted', expiresAt, seal, ...more },
    { type: 'posted', message: 'plan.1', ts: '1700000000.000200' },
  ];
  let state: IncidentState | undefined;
  for (const event of told) ({ state } = await stories.transition(id, event));
  return state!;
}

/** And on to its end, approved by bob under a seal. */
export async function recovered(stories: ReturnType<typeof storiesIn>, id: string): Promise<void> {
  const state = await planned(stories, id);
  const at = new Date().toISOString();
  const vote = { by: 'U0BOB', groups: ['S0CALL'], typed: true, at, channel: 'C0OPS', policyHash: 'a'.repeat(64) };
  const signed = signVote([KEY], state, state.plan!, vote);
  const told: IncidentEvent[] = [
    { type: 'approved', planId: plan.id, by: 'U0BOB', minimum: 1, signed },
    { type: 'writing', planId: plan.id, undo: null, undoRefusal: 'nothing to go back to' },
    { type: 'applied', planId: plan.id, templateHash: 'h2', steadySeconds: 60 },
    { type: 'verified', recovered: true, words: 'Ready 2 of 2 for 60 s.' },
  ];
  for (const event of told) await stories.transition(id, event);
}
