// Each plan has a message of its own in the thread: however late Slack takes an edit, and whatever was asked for since, it
// ends without buttons and says what became of that plan.

import { afterEach, describe, expect, test } from 'vitest';
import type { IncidentEvent } from '../src/core/incident/events.ts';
import type { MessageName } from '../src/core/incident/messages.ts';
import { offersOf } from '../src/core/incident/offers.ts';
import { planMessage } from '../src/core/incident/plan-messages.ts';
import type { IncidentState } from '../src/core/incident/state.ts';
import { step } from '../src/core/incident/step.ts';
import type { Message } from '../src/demo/slack/types.ts';
import { Later } from '../src/queue/errors.ts';
import { expireJob } from '../src/roles/jobs/expire.ts';
import { lookOf } from '../src/slack/post.ts';
import { ANN, BOB, type Bot, buttonOf, startBot } from './support/bot.ts';
import { planned, recorded, type Told, tell, written } from './support/slack-story.ts';

const settings = { someoneMayApprove: true, remediation: true };
const what = recorded('bad-rollout-env-removed');
const { now } = what.report.status;
const { plan, events: open } = planned(what, 'rollback');
const again = open.slice(-2).map(([, event]) => event);
const withdrawn: IncidentEvent = { type: 'cancelled', planId: plan.id, by: ANN };

const textOf = (state: IncidentState, name: MessageName): string =>
  JSON.stringify(lookOf(state, name, settings) ?? null);
const at = (minutes: number, events: IncidentEvent[]): Told => events.map((event) => [minutes, event]);

describe('the message of a plan', () => {
  test('that was withdrawn says so while the same change waits in another message', () => {
    const state = tell(now, [...open, ...at(3, [withdrawn, ...again])]);
    expect(planMessage(state.plan!)).toBe('plan.2');
    expect(textOf(state, 'plan.1')).toMatch(/Not done: <@U0ANN> withdrew “Roll back/);
    expect(textOf(state, 'plan.1')).not.toMatch(/"actions"/);
    expect(textOf(state, 'plan.2')).toMatch(/"actions"/);
  });

  test('that was written says how it ended, and that it was undone', () => {
    const ended: IncidentEvent = { type: 'verified', recovered: true, words: 'Ready 1 of 1.' };
    const undo: IncidentEvent = { type: 'undo-wanted', by: BOB, expiresAt: '2099-01-01T00:00:00Z' };
    const asked = tell(now, [...written(what, 'rollback').events, ...at(5, [ended, undo])]);
    expect(textOf(asked, 'plan.1')).toMatch(/Approved by <@U0BOB> at [^·]+ · recovered at [^·]+UTC>"/);
    expect(textOf(asked, 'plan.2')).toMatch(/"actions"/);
    const planId = asked.plan!.plan.id;
    const applied: IncidentEvent[] = [
      { type: 'approved', planId, by: ANN },
      { type: 'writing', planId, undo: null, undoRefusal: 'no' },
      { type: 'applied', planId, templateHash: 'h', steadySeconds: 60 },
    ];
    const [last] = applied.slice(-1);
    let state = asked;
    for (const event of applied.slice(0, -1)) ({ state } = step(state, event, asked.plan!.plannedAt));
    const undone = step(state, last!, asked.plan!.plannedAt);
    expect(undone.effects).toContainEqual({ job: 'post', message: 'plan.1' });
    expect(textOf(undone.state, 'plan.1')).toMatch(/recovered at [^·]+ · undone since"/);
    expect(textOf(undone.state, 'outcome.1')).toMatch(/recovered at/);
  });

  test('has buttons that stand for this time of asking only', () => {
    const ids = (state: IncidentState) => offersOf(state).flatMap((o) => (o.is === 'approve' ? [o.id] : []));
    const [first] = ids(tell(now, open));
    const [second] = ids(tell(now, [...open, ...at(3, [withdrawn, ...again])]));
    expect(first).toMatch(/^[0-9a-f]{16}$/);
    expect(second).not.toBe(first);
  });

  test('keeps no buttons even when so many came after it that nobody knows how it ended', () => {
    const rounds = Array.from({ length: 30 }, () => [withdrawn, ...again]).flat();
    const posted: IncidentEvent = { type: 'posted', message: 'plan.1', ts: '1.1' };
    const state = tell(now, [...open, ...at(3, [posted, ...rounds])]);
    expect(state.earlier).toHaveLength(10);
    expect(planMessage(state.plan!)).toBe('plan.31');
    expect(textOf(state, 'plan.1')).toMatch(/This plan is closed/);
    expect(lookOf(state, 'plan.2', settings)).toBeUndefined();
  });

  test('of a version that knew only one at a time goes on as it was', () => {
    const before = tell(now, open);
    const { number: _, ...pending } = before.plan!;
    const old: IncidentState = { ...before, plan: pending, messages: { card: '1.0', plan: '1.1' } };
    expect(planMessage(old.plan!)).toBe('plan');
    expect(textOf(old, 'plan')).toMatch(/"actions"/);
    let { state, effects } = step(old, withdrawn, pending.plannedAt);
    expect(effects).toContainEqual({ job: 'post', message: 'plan' });
    for (const event of again) ({ state, effects } = step(state, event, pending.plannedAt));
    expect(effects).toContainEqual({ job: 'post', message: 'plan.1' });
    expect(textOf(state, 'plan')).toMatch(/withdrew/);
    expect(textOf(state, 'plan')).not.toMatch(/"actions"/);
  });

  test('does not expire with the time of one that asked for the same before', async () => {
    const told: IncidentEvent[] = [];
    const work = {
      now: Date.now,
      tell: async (_: string, event: IncidentEvent) => {
        told.push(event);
        return tell(now, open);
      },
    };
    const state = tell(now, open);
    const waits = (ms: number) => ({ ...state.plan!, expiresAt: new Date(Date.now() + ms).toISOString() });
    await expect(expireJob(work, { ...state, plan: waits(60_000) }, plan.id)).rejects.toBeInstanceOf(Later);
    expect(told).toEqual([]);
    await expireJob(work, { ...state, plan: waits(-1) }, plan.id);
    expect(told).toEqual([{ type: 'expired', planId: plan.id }]);
    expect(step(state, told[0]!, state.plan!.plannedAt).state.phase).toBe('planned');
  });
});

describe('when Slack takes no more edits for a while', () => {
  let bot: Bot | undefined;
  afterEach(() => bot?.stop());

  test('every plan is shown, the old buttons are refused in words, and each message comes to its own end', async () => {
    bot = await startBot(['bad-rollout-env-removed']);
    const { slack, until, all, text, press } = bot;
    const plans = (): Message[] =>
      all().filter((m) => /Dry run:|withdrew|Counts as recovered when/.test(text(m)) && m.threadTs);
    await slack.send.command(ANN, 'C0OPS', '/crashloop users-avatars/avatars');
    const card = await until(() => all().find((m) => buttonOf(m, /^Roll back/)));
    slack.mishaps.plan({ method: 'chat.update', is: 'rate-limited', seconds: 2, times: 1_000 });
    await press(ANN, card, /^Roll back/);
    const first = await until(() => plans()[0]);
    await press(ANN, first, /^Withdraw$/);
    // The card looks as before, and so does the first plan.
    const second = await until(() => {
      void press(ANN, card, /^Roll back/);
      return plans()[1];
    });
    await press(BOB, first, /^Approve$/);
    const ephemeral = () =>
      slack
        .messages('C0OPS', BOB)
        .filter((m) => m.ephemeralFor === BOB)
        .map(text)
        .join('\n');
    await expect
      .poll(ephemeral, { timeout: 10_000 })
      .toMatch(/withdrew “Roll back.*The card shows what can be done now/);
    await press(BOB, second, /^Approve$/);
    await until(() => all().find((m) => /recovered at/.test(text(m)) && m.threadTs && !plans().includes(m)));
    expect(plans().map((m) => buttonOf(m, /^Approve$/) !== undefined)).toEqual([true, true]);

    slack.mishaps.clear();
    await expect.poll(() => plans().map((m) => buttonOf(m, /./)), { timeout: 30_000 }).toEqual([undefined, undefined]);
    expect(plans().map((m) => m.ts)).toEqual([first.ts, second.ts]);
    expect(text(plans()[0]!)).toMatch(/Not done: @ann withdrew/);
    expect(text(plans()[1]!)).toMatch(/Approved by @bob at .* · recovered at/);
  });
});
