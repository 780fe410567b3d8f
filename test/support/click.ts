// One click on a button of an incident, by the gateway's own code, against a Slack double: what it tells the story, what
// it answers and which modal it opens.
import type { WebClient } from '@slack/web-api';
import type { IncidentEvent } from '../../src/core/incident/events.ts';
import { buttonValue, offersOf } from '../../src/core/incident/offers.ts';
import { planMessage } from '../../src/core/incident/plan-messages.ts';
import type { IncidentState } from '../../src/core/incident/state.ts';
import { step } from '../../src/core/incident/step.ts';
import { policyFile } from '../../src/core/policy/file.ts';
import { type Policy, policyFrom } from '../../src/core/policy/policy.ts';
import type { StormState } from '../../src/core/storm/state.ts';
import type { Slack } from '../../src/demo/slack/server.ts';
import { sealsWith } from '../../src/roles/approvals.ts';
import { type Click, click } from '../../src/slack/clicks.ts';
import { KEY } from './audited.ts';
import { portsOver, slackOf } from './slack-ports.ts';

const USERS = [
  { id: 'U0ANN', name: 'ann' },
  { id: 'U0BOB', name: 'bob' },
  { id: 'U0EVE', name: 'eve' },
  { id: 'U0GUEST', name: 'guest', isRestricted: true },
  { id: 'U0GONE', name: 'gone', deleted: true },
];

export function slackFor(): Promise<{ slack: Slack; client: WebClient }> {
  return slackOf({
    users: USERS,
    channels: ['C0OPS', 'C0ELSE'].map((id) => ({ id, name: id.toLowerCase() })),
    userGroups: [{ id: 'S0CALL', handle: 'on-call', users: ['U0BOB'] }],
  });
}

/** ann and bob may read; the rules of `approve` say who may do what. */
export function policyWith(approve: object[] = [], more: object = {}): Policy {
  const cluster = { clusters: ['prod-eu'], namespaces: ['*'] };
  const read = ['C0OPS', 'C0ELSE'].map((channel) => ({ channel, ...cluster }));
  return policyFrom(
    policyFile.parse({
      version: 1,
      read,
      approve: approve.map((rule) => ({ name: 'rule', ...cluster, actions: ['*'], ...rule })),
      ...more,
    }),
    { remediation: true, expiresAfterSeconds: 900, memoryFactor: 4, memoryBytes: 2 ** 33, own: [] },
    { read: 'R', approve: 'A', remediation: 'off' },
  );
}

export interface Pressed {
  /** Whom and where from; ann in C0OPS unless said otherwise. */
  as?: Partial<Click>;
  policy?: Policy;
  /** Instead of the offer's own value. */
  value?: string;
  /** What its incident stands among. */
  storm?: StormState;
}

export async function press(client: WebClient, state: IncidentState, title: RegExp, how: Pressed = {}) {
  const offer = offersOf(state).find((one) => title.test(one.title));
  const { plan } = state;
  const isDecision = /^(Approve|Reject|Withdraw)/.test(offer?.title ?? 'Approve');
  const [told, said, opened]: [IncidentEvent[], string[], unknown[]] = [[], [], []];
  let after = state;
  const stories = {
    read: async (incident: string) => (incident === state.id ? { state: after } : null),
    transition: async (_: string, event: IncidentEvent) => {
      told.push(event);
      after = step(after, event, new Date().toISOString()).state;
      return { state: after };
    },
  };
  const views = { open: async ({ view }: { view: unknown }) => void opened.push(view) };
  await click({
    value: how.value ?? (offer ? buttonValue(state, offer) : ''),
    user: 'U0ANN',
    userTeam: 'T0DEMO',
    channel: 'C0OPS',
    messageTs: (isDecision && plan && state.messages[planMessage(plan)]) || (state.messages.card ?? ''),
    teamId: 'T0DEMO',
    triggerId: 'trigger',
    client: Object.assign(Object.create(client), { views }),
    ports: portsOver(stories, {
      policy: () => how.policy ?? policyWith(),
      storm: async (id) => (how.storm?.id === id ? how.storm : undefined),
      ...sealsWith([KEY]),
    }),
    respond: (async ({ text }: { text: string }) => void said.push(text)) as never,
    ...how.as,
  });
  return { told, said, opened, after };
}
