// Shows one message of an incident in Slack, without the outbox: for tests of what people then do with it.

import type { WebClient } from '@slack/web-api';
import type { MessageName } from '../../src/core/incident/messages.ts';
import type { IncidentState } from '../../src/core/incident/state.ts';
import { lookOf } from '../../src/slack/post.ts';
import { edit, post } from '../../src/slack/send.ts';

/** Its timestamp; a message that stands there already is edited. */
export async function show(client: WebClient, state: IncidentState, name: MessageName): Promise<string> {
  const { channel } = state.request.place;
  const look = lookOf(state, name, { someoneMayApprove: true, remediation: true });
  if (!look) throw new Error(`there is no ${name} to show`);
  const ts = state.messages[name];
  const threadTs = name === 'card' ? undefined : state.messages.card;
  const mark = { owner: state.id, name, attempt: 'test' };
  const sent = ts ? await edit(client, { channel, ts }, look) : await post(client, { channel, threadTs, look, mark });
  if (sent.is !== 'done') throw new Error(JSON.stringify(sent));
  return sent.ts;
}
