// The two questions about who looks after an incident: for how long it is muted, and to whom it is handed over. What comes
// back is a click again, judged from the beginning.

import type { ModalView } from '@slack/types';
import { z } from 'zod';
import { subjectOf } from '../core/headline.ts';
import type { IncidentState } from '../core/incident/state.ts';
import type { Entered, Origin } from './modals.ts';
import { clip, mrkdwn } from './mrkdwn.ts';

export const MUTE_MODAL = 'mute-for';
export const HAND_OVER_MODAL = 'hand-over-to';

/** What is offered: seconds and words. */
const LENGTHS: [seconds: number, words: string][] = [
  [1_800, '30 minutes'],
  [3_600, '1 hour'],
  [4 * 3_600, '4 hours'],
  [86_400, '1 day'],
  [3 * 86_400, '3 days'],
  [7 * 86_400, '7 days'],
];

const plain = (text: string) => ({ type: 'plain_text' as const, text: clip(text, 75) });

export function muteModal(origin: Origin, state: IncidentState): ModalView {
  const options = LENGTHS.map(([seconds, words]) => ({ text: plain(words), value: String(seconds) }));
  return modal(MUTE_MODAL, origin, {
    title: 'Mute',
    text: `*${subject(state)}* is watched on, and its card kept up to date. Nobody is told anything new until then.`,
    fields: [
      {
        type: 'input',
        block_id: 'length',
        label: plain('For how long?'),
        element: { type: 'static_select', action_id: 'length', options, initial_option: options[1]! },
      },
      {
        type: 'input',
        block_id: 'reason',
        optional: true,
        label: plain('Why? It stands on the card.'),
        element: { type: 'plain_text_input', action_id: 'reason', max_length: 200 },
      },
    ],
  });
}

export function handOverModal(origin: Origin, state: IncidentState): ModalView {
  return modal(HAND_OVER_MODAL, origin, {
    title: 'Hand over',
    text: `Who takes care of *${subject(state)}* from now on? Choose nobody to leave it open.`,
    fields: [
      {
        type: 'input',
        block_id: 'whom',
        optional: true,
        label: plain('Person'),
        element: { type: 'users_select', action_id: 'whom' },
      },
    ],
  });
}

function subject({ report }: IncidentState): string {
  return mrkdwn(report ? subjectOf(report) : 'this', 200);
}

interface Form {
  title: string;
  text: string;
  fields: ModalView['blocks'];
}

function modal(id: string, { value, channel, messageTs }: Origin, { title, text, fields }: Form): ModalView {
  return {
    type: 'modal',
    callback_id: id,
    private_metadata: JSON.stringify({ value, channel, messageTs }),
    title: plain(title),
    submit: plain(title),
    close: plain('Not yet'),
    blocks: [{ type: 'section', text: { type: 'mrkdwn', text } }, ...fields],
  };
}

const entry = z.looseObject({
  value: z.string().max(3_000).nullish(),
  selected_user: z
    .string()
    .regex(/^[UW][A-Z0-9]{2,30}$/)
    .nullish(),
  selected_option: z.looseObject({ value: z.string().regex(/^\d{1,7}$/) }).nullish(),
});
const submission = z.looseObject({
  callback_id: z.enum([MUTE_MODAL, HAND_OVER_MODAL]),
  private_metadata: z.string().max(3_000),
  state: z.looseObject({ values: z.record(z.string(), z.record(z.string(), entry)) }),
});
const metadata = z.object({ value: z.string(), channel: z.string(), messageTs: z.string() });

/** What a submitted modal of these says; undefined when it is none of them. */
export function readCareModal(submitted: unknown): { origin: Origin; entered: Entered } | undefined {
  const found = submission.safeParse(submitted);
  if (!found.success) return undefined;
  const origin = metadata.safeParse(parsed(found.data.private_metadata));
  if (!origin.success) return undefined;
  const field = (name: string): z.output<typeof entry> => found.data.state.values[name]?.[name] ?? {};
  if (found.data.callback_id === HAND_OVER_MODAL)
    return { origin: origin.data, entered: { whom: field('whom').selected_user ?? '' } };
  const seconds = Number(field('length').selected_option?.value ?? 0);
  const reason = (field('reason').value ?? '').trim().slice(0, 200);
  return { origin: origin.data, entered: { muteSeconds: seconds, reason } };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
