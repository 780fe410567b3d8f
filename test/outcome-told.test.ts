// How a change ended is told where people are: to whoever asked and approved, in person, and on the workload as an Event.
import { expect, test } from 'vitest';
import type { IncidentState } from '../src/core/incident/state.ts';
import { step } from '../src/core/incident/step.ts';
import { at } from '../src/core/json.ts';
import { nameOf } from '../src/core/normalise/look.ts';
import { events } from '../src/kube/kinds.ts';
import { noteOutcome } from '../src/kube/note.ts';
import { listObjects } from '../src/kube/objects.ts';
import { lookOf } from '../src/slack/post.ts';
import { open, place, plan } from './support/remedies.ts';
import { recorded, tell, written } from './support/slack-story.ts';

const settings = { someoneMayApprove: true, remediation: true, workspaceUrl: 'https://acme.slack.com/' };

test('whoever asked and whoever approved hears of the outcome alone, once each, with the way to the card', () => {
  const what = recorded('bad-rollout-env-removed');
  const { events: told } = written(what, 'rollback');
  const before: IncidentState = { ...tell(what.report.status.now, told), messages: { card: '1700000000.000100' } };
  const event = { type: 'verified' as const, recovered: true, words: 'Ready 2 of 2, no restart for 60 s.' };
  const { state, effects } = step(before, event, '2026-11-21T02:40:00Z');
  const direct = effects.flatMap((e) => (e.job === 'post' && e.message.startsWith('direct.') ? [e.message] : []));
  expect(direct).toEqual(['direct.1.U0ANN', 'direct.1.U0BOB']);
  const look = lookOf(state, direct[0]!, settings);
  expect(look?.text).toMatch(/avatars\*? recovered at/);
  expect(JSON.stringify(look?.blocks)).toContain('https://acme.slack.com/archives/C0OPS/p1700000000000100');
  expect(lookOf(state, 'direct.2.U0ANN', settings)).toBeUndefined();
});

test('the workload has one Event for a plan, however often it is written', async () => {
  const avatars = place('users-avatars', 'Deployment', 'avatars');
  const { worker, double } = await open('bad-rollout-env-removed');
  const made = await plan(worker, avatars, 'rollback');
  const outcome = { reason: 'Recovered' as const, note: 'Rolled back.', at: '2026-11-21T02:40:00.12Z' };
  await noteOutcome(worker, made, outcome);
  await noteOutcome(worker, made, outcome);
  const written = (await listObjects(worker, events, avatars.namespace)).items.filter((event) =>
    nameOf(event).includes('loopbreaker'),
  );
  expect(written).toHaveLength(1);
  expect(written[0]).toMatchObject({ type: 'Normal', reason: 'Recovered', message: 'Rolled back.' });
  expect(at(written[0], 'involvedObject', 'uid')).toBe(made.target.uid);
  expect(
    double
      .requests()
      .filter(({ path }) => path.startsWith('/apis/events.k8s.io'))
      .map((r) => r.status),
  ).toEqual([201, 409]);
});
