// How a change ended, told to one person alone: to whoever asked for it and whoever approved it, with the way to its card.

import { shownAt } from '../core/incident/life.ts';
import type { MessageName } from '../core/incident/messages.ts';
import { planNamed } from '../core/incident/plan-messages.ts';
import type { IncidentState } from '../core/incident/state.ts';
import { type Message, message, section } from './blocks.ts';
import { link } from './card-life.ts';
import { bold, code } from './mrkdwn.ts';
import { outcomeLines, said, told, wish } from './operation.ts';

/** `name` is `direct.PLAN.USER`; undefined when too many changes have come since. */
export function directMessageOf(state: IncidentState, name: MessageName, workspaceUrl: string): Message | undefined {
  const found = planNamed(state, name);
  if (!found || !state.target) return undefined;
  const { operation, sentence } = found;
  const { namespace, workload, pod = '' } = state.target;
  const subject = `${bold(operation?.plan.target.name ?? workload?.name ?? pod)} in ${code(namespace, 80)}`;
  const end = operation ? `${wish(operation.plan)}. ${said(operation.done ?? state.sentence)}` : told(sentence);
  const lines = operation?.outcome ? outcomeLines(state, operation) : [`${subject}: ${end}`];
  const at = shownAt(state);
  const where = at.ts ? link(workspaceUrl, at, 'Its card') : '';
  return message(lines[0] ?? '', section([...lines, where].filter(Boolean)));
}
