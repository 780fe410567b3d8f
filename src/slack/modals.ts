// The questions that need a modal: the name of the workload before a grave change, the reason for a no, a value that only a
// person knows. What comes back is a click again, judged from the beginning.

import type { ModalView } from '@slack/types';
import { z } from 'zod';
import type { PendingPlan } from '../core/incident/plans.ts';
import type { Question as Asked } from '../core/report.ts';
import { clip, mrkdwn } from './mrkdwn.ts';

export interface Entered {
  name?: string;
  reason?: string;
  value?: string;
  /** Slack user id; "" is nobody. */
  whom?: string;
  muteSeconds?: number;
}

/** Which button of which message opened the modal. */
export interface Origin {
  value: string;
  channel: string;
  messageTs: string;
}

export const NAME_MODAL = 'type-the-name';
export const REASON_MODAL = 'reject-with-reason';
export const VALUE_MODAL = 'say-the-value';

export function nameModal(origin: Origin, { plan }: PendingPlan): ModalView {
  const { kind, name, namespace } = plan.target;
  return modal(NAME_MODAL, origin, {
    title: 'Approve',
    submit: 'Approve',
    text: `*${mrkdwn(plan.title, 200)}* · ${mrkdwn(kind, 60)} *${mrkdwn(name, 260)}* in ${mrkdwn(namespace, 80)} · ${plan.risk} risk`,
    label: 'Type the name of the workload to approve',
    most: 260,
    optional: false,
  });
}

export function reasonModal(origin: Origin, { plan }: PendingPlan): ModalView {
  return modal(REASON_MODAL, origin, {
    title: 'Reject',
    submit: 'Reject',
    text: `*${mrkdwn(plan.title, 200)}* will not be done.`,
    label: 'Why? Everybody in the thread reads it.',
    most: 300,
    optional: true,
  });
}

/** `subject` is the workload that gets the value. */
export function valueModal(origin: Origin, { name }: Asked, subject: string): ModalView {
  return modal(VALUE_MODAL, origin, {
    title: 'Set a value',
    submit: 'Plan it',
    text: `*${mrkdwn(name, 200)}* for *${mrkdwn(subject, 260)}*. Nothing is written before somebody approves it. No secrets: the value stands in the plan and in the journal.`,
    label: `Value of ${name}`,
    most: 1_000,
    optional: false,
  });
}

interface Question {
  title: string;
  submit: string;
  text: string;
  label: string;
  most: number;
  optional: boolean;
}

function modal(id: string, { value, channel, messageTs }: Origin, question: Question): ModalView {
  const plain = (text: string) => ({ type: 'plain_text' as const, text: clip(text, 2_000) });
  return {
    type: 'modal',
    callback_id: id,
    private_metadata: JSON.stringify({ value, channel, messageTs }),
    title: plain(question.title),
    submit: plain(question.submit),
    close: plain('Not yet'),
    blocks: [
      { type: 'section', text: { type: 'mrkdwn', text: question.text } },
      {
        type: 'input',
        block_id: BLOCK,
        optional: question.optional,
        label: plain(question.label),
        element: { type: 'plain_text_input', action_id: FIELD, max_length: question.most },
      },
    ],
  };
}

const BLOCK = 'answer';
const FIELD = 'text';

const origin = z.object({ value: z.string(), channel: z.string(), messageTs: z.string() });
const view = z.looseObject({
  callback_id: z.string(),
  private_metadata: z.string().max(3_000),
  state: z.looseObject({
    values: z.record(z.string(), z.record(z.string(), z.looseObject({ value: z.string().max(3_000).nullish() }))),
  }),
});

/** What a submitted modal says; undefined when it is none of ours. */
export function readModal(submitted: unknown): { origin: Origin; entered: Entered } | undefined {
  const found = view.safeParse(submitted);
  if (!found.success) return undefined;
  const from = origin.safeParse(parsed(found.data.private_metadata));
  if (!from.success) return undefined;
  const text = (found.data.state.values[BLOCK]?.[FIELD]?.value ?? '').trim();
  return { origin: from.data, entered: enteredIn(found.data.callback_id, text) };
}

function enteredIn(modal: string, text: string): Entered {
  if (modal === NAME_MODAL) return { name: text };
  return modal === VALUE_MODAL ? { value: text.slice(0, 1_000) } : { reason: text.slice(0, 300) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
