// Small incidents, collected until a moment: one message names those that are still broken.

import { counted } from '../core/spoken.ts';
import type { StormState } from '../core/storm/state.ts';
import { bold, clock, code, mrkdwn } from './mrkdwn.ts';

const LISTED = 12;

export function digestLines({ members, subject }: StormState): string[] {
  const open = members.filter((one) => one.ended === '');
  const over = members.length - open.length;
  const at = subject.is === 'digest' ? clock(subject.at) : '';
  const more = open.length - LISTED;
  const how = open.length === 0 ? 'all over' : `${open.length} still broken${over > 0 ? `, ${over} over` : ''}`;
  return [
    `${open.length > 0 ? '⚪' : '🟢'} *${counted(members.length, 'small incident')} until ${at}:* ${how}`,
    ...open
      .slice(0, LISTED)
      .map((one) => `• ${bold(one.name, 80)} · ${code(one.namespace, 80)} · ${mrkdwn(one.cause, 80)}`),
    more > 0 ? `and ${more} more` : '',
  ];
}
