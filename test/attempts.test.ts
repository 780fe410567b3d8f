// What people may not do: each is told why and what next, nothing changes, and the journal says who tried.
import type { WebClient } from '@slack/web-api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { entryWords } from '../src/cli/audit-words.ts';
import { offersOf } from '../src/core/incident/offers.ts';
import { planMessage } from '../src/core/incident/plan-messages.ts';
import type { IncidentState } from '../src/core/incident/state.ts';
import { readableFrom } from '../src/core/policy/policy.ts';
import type { StormState } from '../src/core/storm/state.ts';
import { sealPlan } from '../src/roles/approvals.ts';
import { readScope } from '../src/slack/access.ts';
import { KEY } from './support/audited.ts';
import { type Pressed, policyWith, press, slackFor } from './support/click.ts';
import { diagnosed, planned, recorded, type Told, tell } from './support/slack-story.ts';

let slack: Awaited<ReturnType<typeof slackFor>>;
beforeAll(async () => {
  slack = await slackFor();
});
afterAll(() => slack?.slack.stop());

const what = recorded('bad-rollout-env-removed');
const ALERTED = { by: { kind: 'alert' as const, id: 'watch' }, alert: { severity: '', labels: {}, at: '' } };
const rule = policyWith([{ approvers: { users: ['U0BOB'], groups: ['S0CALL'] } }]);

/** A plan that ann asked for a minute ago waits for approvals. */
function waiting(over: Partial<NonNullable<IncidentState['plan']>> = {}): IncidentState {
  const state = tell(new Date(Date.now() - 180_000).toISOString(), planned(what, 'rollback').events);
  const expiresAt = new Date(Date.now() + 600_000).toISOString();
  const plan = { ...state.plan!, expiresAt, ...over };
  return {
    ...state,
    messages: { card: '1.0', [planMessage(plan)]: '1.1' },
    plan: { ...plan, seal: sealPlan([KEY], state, plan) },
  };
}

const by = (user: string, more: Partial<Pressed['as']> = {}): Pressed => ({ policy: rule, as: { user, ...more } });

describe('is refused, changes nothing and is kept', () => {
  test.each<[string, RegExp, Pressed, RegExp]>([
    ['somebody who is no approver', /^Approve$/, by('U0EVE'), /You may not approve this/],
    ['whoever asked for it', /^Approve$/, by('U0ANN'), /You may not approve|somebody else has to approve/],
    ['a guest', /^Approve$/, by('U0GUEST'), /Guests may not/],
    ['a deactivated account', /^Approve$/, by('U0GONE'), /deactivated/],
    [
      'a person of another workspace',
      /^Approve$/,
      by('U0BOB', { userTeam: 'T0ELSE' }),
      /Only members of this workspace/,
    ],
    ['a rejection by somebody who could not approve', /^Reject/, by('U0EVE'), /You may not reject this/],
    ['a withdrawal by another than whoever asked', /^Withdraw$/, by('U0BOB'), /Only whoever asked/],
    [
      'anybody while changes are switched off',
      /^Approve$/,
      { policy: policyWith([], { remediation: 'off' }), as: { user: 'U0BOB' } },
      /Changes are switched off/,
    ],
  ])('%s', async (_name, title, how, sentence) => {
    const before = waiting();
    const { told, said, after } = await press(slack.client, before, title, how);
    expect(said.join()).toMatch(sentence);
    expect(told).toHaveLength(1);
    expect(told[0]).toMatchObject({ type: 'attempt-refused', by: how.as?.user });
    expect(entryWords(told[0]!).what).toMatch(/^was refused to \w+/);
    const { refusedAttempts, ...rest } = after;
    expect(refusedAttempts).toBe(1);
    expect(rest).toEqual(before);
  });

  test('no more than a hundred times for one incident', async () => {
    const { told, said } = await press(slack.client, { ...waiting(), refusedAttempts: 100 }, /^Approve$/, by('U0EVE'));
    expect(said).toHaveLength(1);
    expect(told).toEqual([]);
  });
});

describe('a user group may read', () => {
  const on = { channel: 'C0OPS', clusters: ['prod-eu'], namespaces: ['*'] };
  const ofGroup = policyWith([], { read: [{ ...on, groups: ['S0CALL'] }] });
  const asks = (client: WebClient, user: string) =>
    readScope(client, ofGroup, { user, channel: 'C0OPS', teamId: 'T0DEMO' });

  test('while somebody is in it, and not a click longer', async () => {
    expect(await asks(slack.client, 'U0BOB')).toMatchObject({ allowed: true });
    expect(await asks(slack.client, 'U0EVE')).toMatchObject({
      allowed: false,
      sentence: expect.stringMatching(/may not read anything/),
    });
    const left = Object.assign(Object.create(slack.client), {
      usergroups: { users: { list: async () => ({ ok: true, users: ['U0ANN'] }) } },
    });
    expect(await asks(left, 'U0BOB')).toMatchObject({ allowed: false });
  });

  test('and nobody where Slack does not say who is in it; an alert is in no group', async () => {
    const deaf = Object.assign(Object.create(slack.client), {
      usergroups: { users: { list: () => Promise.reject(new Error('away')) } },
    });
    expect(await asks(deaf, 'U0BOB')).toMatchObject({
      allowed: false,
      sentence: expect.stringMatching(/could not ask Slack/),
    });
    expect(readableFrom(ofGroup, { channel: 'C0OPS', user: '' }).size).toBe(0);
  });
});

describe('a button carries no authority', () => {
  const other = (): IncidentState => ({ ...waiting(), id: 'another-incident-12' });
  const approveOf = (state: IncidentState) => offersOf(state).find(({ is }) => is === 'approve')!;
  test.each<[string, (state: IncidentState) => Pressed]>([
    ['a value that was made up', (s) => ({ value: `${s.id}.0123456789abcdef` })],
    ['a value with more in it', (s) => ({ value: `${s.id}.${approveOf(s).id}.x` })],
    ['no value', () => ({ value: '' })],
    ['a very long value', () => ({ value: 'x'.repeat(100_000) })],
    ['the button of another incident', () => ({ value: `another-incident-12.${approveOf(other()).id}` })],
    ['its offer under this incident', (s) => ({ value: `${s.id}.${approveOf(other()).id}` })],
    ['another channel', () => ({ as: { channel: 'C0ELSE' } })],
    ['another message', () => ({ as: { messageTs: '9.9' } })],
  ])('%s is out of date', async (_name, how) => {
    const state = waiting();
    const forged = how(state);
    const { told, said } = await press(slack.client, state, /^Approve$/, {
      ...forged,
      policy: rule,
      as: { user: 'U0BOB', ...forged.as },
    });
    expect(told).toEqual([]);
    expect(said.join()).toMatch(/out of date/);
  });

  test('the same click again, after the plan was decided, is answered with who decided it', async () => {
    const { after, told } = await press(slack.client, waiting(), /^Approve$/, by('U0BOB'));
    expect(told.map(({ type }) => type)).toEqual(['approved']);
    const value = `${after.id}.${approveOf(waiting()).id}`;
    const again = await press(slack.client, after, /^Approve$/, { ...by('U0BOB'), value });
    expect(again.told).toEqual([]);
    expect(again.said.join()).toMatch(/Already approved by/);
  });

  describe('on the card of those that wait for it', () => {
    const asked = diagnosed(what).map(([minutes, event]): Told[number] =>
      event.type === 'asked' ? [minutes, { ...event, request: { ...event.request, ...ALERTED } }] : [minutes, event],
    );
    const alone = tell(what.report.status.now, asked);
    const among = { ...alone, messages: { member: '1.0' }, life: { ...alone.life, storm: 'storm-1' } };
    const member = { incident: among.id, namespace: '', name: '', at: '', cause: '', ended: '', isRoot: true };
    const storm = { id: 'storm-1', messages: { storm: '5.5' }, members: [member] } as unknown as StormState;
    const onCard = { as: { messageTs: '5.5' }, storm };

    test('a remedy is asked for', async () => {
      const { told } = await press(slack.client, among, /^Roll back/, onCard);
      expect(told).toEqual([expect.objectContaining({ type: 'plan-wanted', action: 'rollback', by: 'U0ANN' })]);
    });

    test.each<[string, RegExp, Pressed]>([
      ['anything but a remedy', /^I take it$/, onCard],
      [
        'a remedy of one that waits',
        /^Roll back/,
        { ...onCard, storm: { ...storm, members: [{ ...member, isRoot: false }] } },
      ],
      [
        'a remedy of what is over',
        /^Roll back/,
        { ...onCard, storm: { ...storm, members: [{ ...member, ended: 'gone' }] } },
      ],
      ['the card of others', /^Roll back/, { ...onCard, storm: { ...storm, id: 'storm-2' } }],
      ['another message', /^Roll back/, { ...onCard, as: { messageTs: '6.6' } }],
    ])('%s is out of date', async (_name, title, how) => {
      const { told, said } = await press(slack.client, among, title, how);
      expect(told).toEqual([]);
      expect(said.join()).toMatch(/out of date/);
    });
  });

  test('a plan that has expired is approved by nobody', async () => {
    const state = waiting({ expiresAt: new Date(Date.now() - 1_000).toISOString() });
    const { told, said } = await press(slack.client, state, /^Approve$/, by('U0BOB'));
    expect(said.join()).toMatch(/has expired/);
    expect(told.map(({ type }) => type)).toEqual(['attempt-refused']);
  });

  test('where Slack cannot be asked the answer is no', async () => {
    const deaf = Object.assign(Object.create(slack.client), {
      users: { info: () => Promise.reject(new Error('away')) },
    });
    const { told, said } = await press(deaf, waiting(), /^Approve$/, by('U0BOB'));
    expect(said.join()).toMatch(/could not ask Slack/);
    expect(told.map(({ type }) => type)).toEqual(['attempt-refused']);
  });
});
