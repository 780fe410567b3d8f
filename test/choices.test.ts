// Remedies of which there is more than one way, or for which only a person knows the value: what is offered, what Slack
// asks, and what is planned from the answer.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { reportOf } from '../src/answer.ts';
import { evidenceFrom } from '../src/core/evidence-from.ts';
import type { IncidentState } from '../src/core/incident/state.ts';
import { uidOf } from '../src/core/normalise/look.ts';
import { isRefusal } from '../src/core/plan.ts';
import { templateHash } from '../src/core/template-hash.ts';
import { whyNotTyped } from '../src/core/typed-value.ts';
import { type Entered, readModal } from '../src/slack/modals.ts';
import { actionOf, planned, plan as planOf, written } from './support/actions.ts';
import { press, slackFor } from './support/click.ts';
import { diagnosed, recorded, tell } from './support/slack-story.ts';
import { ofRevision, pod, rollout, said, snapshotOf } from './support/world.ts';

describe('what is offered', () => {
  const waysOf = (name: string) =>
    recorded(name).report.proposals.flatMap(({ choices = [] }) => choices.map(({ title }) => title));

  test('a key of another name can be added to the ConfigMap instead of reading it', () => {
    expect(waysOf('config-key-renamed-optional')).toContain('Add db-host to ConfigMap product-feed-config');
  });
  test('a copy can run the program without its probes instead of sleeping', () => {
    expect(waysOf('silent-exit')).toContain('Start a copy without probes');
  });
  test('another revision than the best one is a way of its own, the newest first', () => {
    const image = (tag: string) => ({ container: { image: `registry.example.com/app:${tag}` } });
    const objects = [
      ...rollout('api', [image('1'), { ...image('2'), ready: 1 }, image('3'), image('4')]),
      pod('api-1', { at: ofRevision('api', 4), crash: {} }),
    ];
    const templateHashes = Object.fromEntries(objects.flatMap((o) => [[uidOf(o), templateHash(o) ?? '']]));
    const snapshot = { ...snapshotOf({ objects, logs: said('api-1', "KeyError: 'BUCKET'") }), templateHashes };
    const { proposals } = reportOf(evidenceFrom(snapshot, {}, 'test')!);
    expect(proposals.find(({ action }) => action === 'rollback')).toMatchObject({
      title: 'Roll back to revision 2',
      choices: [{ choice: { revision: '3' } }, { choice: { revision: '1' } }],
    });
  });
  test('a variable that nobody set can be set, unless its name is that of a secret', () => {
    const asked = (name: string) => recorded(name).report.proposals.flatMap(({ asks }) => asks?.title ?? []);
    expect(asked('bad-rollout-env-removed')).toEqual(['Set AVATAR_BUCKET…']);
    expect(asked('config-missing-env-node')).toEqual([]);
  });
});

describe('a typed value', () => {
  test('becomes a variable of the container, shown in the plan and taken away again by its undo', () => {
    const choice = { how: 'value', value: 'avatars-eu' };
    const made = planOf('bad-rollout-env-removed', 'fix-config', { choice });
    expect(made).toMatchObject({ title: 'Set AVATAR_BUCKET', diff: '+ avatars: env AVATAR_BUCKET = avatars-eu' });
    expect(written('bad-rollout-env-removed', made).at(-1)).toEqual([
      'add',
      expect.stringMatching(/containers\/0\/env/),
      { name: 'AVATAR_BUCKET', value: 'avatars-eu' },
    ]);
    expect(actionOf('fix-config').undo(made, { kind: 'Deployment', metadata: {} })).toMatchObject({
      diff: '- avatars: env AVATAR_BUCKET = avatars-eu',
    });
  });

  test('becomes a key of the ConfigMap, and the workload starts anew', () => {
    const made = planOf('config-key-renamed-optional', 'fix-config', { choice: { how: 'value', value: 'feed-db' } });
    expect(made.diff).toBe('+ ConfigMap product-feed-config: db-host = feed-db\n+ product-feed: restart');
    expect(made.warnings.join()).not.toMatch(/likely from its name/);
  });

  test.each([
    ['DATABASE_PASSWORD', 'x', /looks like a secret/],
    ['DATABASE_URL', 'postgres://app:hunter2hunter2@db/app', /looks like a secret/],
    ['AVATAR_BUCKET', '', /was not said/],
    ['AVATAR_BUCKET', 'x'.repeat(1_001), /longer than 1000/],
    ['AVATAR_BUCKET', 'a\u0000b', /control characters/],
  ])('%s = %j is refused', (name, value, sentence) => {
    expect(whyNotTyped(name, value)).toMatch(sentence);
  });

  test('that is a secret is refused also where the gateway was passed by', () => {
    const choice = { how: 'value', value: `ghp_${'aB3dE6gH9'.repeat(4)}` };
    const made = planned('bad-rollout-env-removed', 'fix-config', { choice });
    expect(isRefusal(made) && made.refusal).toMatch(/looks like a secret/);
  });
});

describe('in Slack', () => {
  let slack: Awaited<ReturnType<typeof slackFor>>;
  beforeAll(async () => {
    slack = await slackFor();
  });
  afterAll(() => slack?.slack.stop());

  const what = recorded('bad-rollout-env-removed');
  const state: IncidentState = { ...tell(what.report.status.now, diagnosed(what)), messages: { card: '1.0' } };
  const pressSet = (entered?: Entered) =>
    press(slack.client, state, /^Set AVATAR_BUCKET/, entered ? { as: { entered } } : {});

  test('a button for a value opens a modal, and nothing is planned before it was answered', async () => {
    const { told, opened } = await pressSet();
    expect(told).toEqual([]);
    expect(opened).toHaveLength(1);
    expect(JSON.stringify(opened)).toContain('Value of AVATAR_BUCKET');
    const answer = { values: { answer: { text: { value: ' avatars-eu ' } } } };
    const submitted = readModal({ ...(opened[0] as object), state: answer })!;
    expect(submitted.entered).toEqual({ value: 'avatars-eu' });
    const { told: after } = await pressSet(submitted.entered);
    const choice = { how: 'value', value: 'avatars-eu' };
    const wanted = { type: 'plan-wanted', action: 'fix-config', by: 'U0ANN', choice };
    expect(after).toEqual([{ ...wanted, seal: expect.stringMatching(/^[0-9a-f]{64}$/) }]);
  });

  test('a secret that was typed reaches neither the plan nor the journal', async () => {
    const { told, said } = await pressSet({ value: 'https://u:hunter2hunter2@x.example' });
    expect(told).toEqual([expect.objectContaining({ type: 'attempt-refused', attempt: 'set-a-value', by: 'U0ANN' })]);
    expect(JSON.stringify(told)).not.toContain('hunter2');
    expect(said.join()).toMatch(/looks like a secret/);
  });
});
