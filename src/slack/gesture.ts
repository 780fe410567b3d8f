// What somebody did in Slack: a command, a press, an answer in a modal. It is noted before Slack hears that it arrived, so
// it is plain, bounded data: ids and what was typed, without secrets, nothing of a cluster and no right to anything.

import { z } from 'zod';
import { redactText } from '../core/redact.ts';

const id = z.string().max(64);

const did = {
  /** Slack's own for this one act: what it sends again has the same. */
  id: z.string().min(1).max(200),
  /** RFC 3339. */
  at: z.iso.datetime({ offset: true }),
  user: id,
  /** "" where Slack does not say. */
  userTeam: id,
  channel: id,
};

const entered = z.object({
  name: z.string().max(3_000).optional(),
  reason: z.string().max(3_000).optional(),
  value: z.string().max(3_000).optional(),
  whom: id.optional(),
  muteSeconds: z.number().optional(),
});

export const gesture = z.discriminatedUnion('is', [
  z.object({ is: z.literal('command'), ...did, text: z.string().max(1_000) }),
  z.object({
    is: z.literal('click'),
    ...did,
    messageTs: id,
    /** The button's, or of what was chosen from a menu. */
    value: z.string().max(200),
    triggerId: z.string().max(200),
    entered: entered.optional(),
  }),
]);

export type Gesture = z.output<typeof gesture>;

/** Longer than anything that means something to us is cut, and then means nothing. A secret that was typed is hidden. */
export function bounded(found: Gesture): Gesture {
  if (found.is === 'command') return { ...found, text: typed(found.text).slice(0, 1_000) };
  const { entered } = found;
  const { name, reason, value } = entered ?? {};
  const said = {
    ...(name === undefined ? {} : { name: typed(name) }),
    ...(reason === undefined ? {} : { reason: typed(reason) }),
    ...(value === undefined ? {} : { value: typed(value) }),
  };
  return { ...found, value: found.value.slice(0, 200), ...(entered ? { entered: { ...entered, ...said } } : {}) };
}

const typed = (text: string): string => redactText(text.slice(0, 3_000)).text.slice(0, 3_000);
