// The form of what the first lines of an answer say: how it is with the workload, apart from why.

import { z } from 'zod';

const text = (description: string) => z.string().meta({ description });

export const status = z
  .object({
    state: z.enum([
      'crash looping',
      'cannot start',
      'image cannot be pulled',
      'not ready',
      'pending',
      'no pod',
      'evicted',
      'failed',
      'recovered',
      'healthy',
      'unread',
    ]),
    since: text('RFC 3339 of the first crash or first trouble, "" when unknown.'),
    restarts: z.number().nullable(),
    lastExit: z.object({ code: z.number(), words: z.string(), finishedAt: z.string() }).nullable(),
    livedForSeconds: z
      .number()
      .nullable()
      .meta({ description: 'How long the last ended run lived; null when unknown.' }),
    nextStart: text('RFC 3339 of the next start attempt, "" when unknown.'),
    serving: text('"0 of 2 replicas serve", "" when unknown.'),
    now: text('RFC 3339 at which the evidence was read.'),
  })
  .meta({ description: 'How it is, apart from why.' });
