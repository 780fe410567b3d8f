// The form of what may be done: a remedy with its difference, or the reason why it is not offered.

import { z } from 'zod';
import { ACTION_IDS, RISKS } from '../action-id.ts';

const text = (description: string) => z.string().meta({ description });

export const choice = z
  .record(z.string(), z.string())
  .meta({ description: 'What tells one way from another: { "revision": "6" }, { "variant": "original" }.' });

export const question = z
  .object({
    title: text('Button: "Set DATABASE_HOST…".'),
    name: text('Of the variable or the key.'),
    choice,
  })
  .meta({
    description: "Refused for want of a value that a person can give; the answer becomes the choice's `value`.",
  });

export const proposal = z.object({
  action: z.enum(ACTION_IDS),
  title: z.string(),
  risk: z.enum(RISKS),
  target: text('Deployment/checkout-api'),
  diff: text('Difference that a person reads; "" when refused.'),
  refusal: z
    .string()
    .nullable()
    .meta({ description: 'Why it is not offered, with the next step in the sentence; null when it is.' }),
  copyOnly: z
    .object({
      owner: z.string(),
      change: z.string(),
      path: text('The change is a unified diff of this file in their repository.').optional(),
    })
    .optional()
    .meta({
      description: 'Somebody else owns the target: the change is for copying, not for approval.',
    }),
  choices: z
    .array(z.object({ title: z.string(), choice }))
    .optional()
    .meta({ description: 'Other ways to do it.' }),
  asks: question.optional(),
});
