// How a change ended, told to one person alone: to whoever asked for it and whoever approved it, with the way to its card.

import { shownAt } from '../core/incident/life.ts';
import type { IncidentState } from '../core/incident/state.ts';
import { type Message, message, section } from './blocks.ts';
import { link } from './card-life.ts';
import { bold, code } from './mrkdwn.ts';
import { outcomeLines, told, wish } from './operation.ts';

/** `name` is `direct.PLAN.USER`; undefined when another change has come since. */
export function directMessageOf(state: IncidentState, name: string, workspaceUrl: string): Message | undefined {
  const { operation } = state;
  if (!operation || operation.plan.id.slice(0, 8) !== name.split('.')[1]) return undefined;
  const { plan, outcome } = operation;
  const lines = outcome
    ? outcomeLines(state)
    : [`${bold(plan.target.name)} in ${code(plan.target.namespace, 80)}: ${wish(plan)}. ${told(state.sentence)}`];
  const at = shownAt(state);
  const where = at.ts ? link(workspaceUrl, at, 'Its card') : '';
  return message(lines[0] ?? '', section([...lines, where].filter(Boolean)));
}
