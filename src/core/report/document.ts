// The form of the answer: the versioned document that the command line prints with --json. Fields may be added, never
// renamed. Only tests and the generator of docs/report.schema.json read it at run time.

import { z } from 'zod';
import { SCHEMA_VERSION } from '../report.ts';
import { foundCause, root, ruledOut, target, verdict } from './finding.ts';
import { proposal } from './remedy.ts';
import { status } from './status.ts';

const text = (description: string) => z.string().meta({ description });

const contextFact = z.object({
  kind: z.enum([
    'began-with-revision',
    'config-changed',
    'replicas',
    'node',
    'dependency',
    'managed-by',
    'exit',
    'time-to-crash',
    'next-start',
    'probe-arithmetic',
    'nearest-name',
    'quota',
    'healthy-revision',
    'ran-before',
    'debug-copy',
  ]),
  text: z.string(),
  at: text('Where it was read.'),
});

const schemaVersion = z.literal(SCHEMA_VERSION);
const source = text('The argument as given.');

export const report = z
  .object({
    schemaVersion,
    source,
    target,
    verdict,
    causes: z.array(foundCause).meta({ description: 'Ordered, the verdict first.' }),
    ruledOut: z.array(ruledOut),
    context: z.array(contextFact).meta({ description: 'What an expert would look at around the cause.' }),
    gaps: z
      .array(z.object({ what: z.string(), why: z.string() }))
      .meta({ description: 'What could not be read, and why.' }),
    nextQuestion: z
      .string()
      .nullable()
      .meta({ description: 'The question that would decide most, with the command that asks it.' }),
    proposals: z.array(proposal),
    prevention: z.array(z.string()),
    status,
    logExcerpt: z
      .array(z.object({ at: z.string(), text: z.string() }))
      .meta({ description: "Last lines of the run that ended; redacted, but a program's own words: escape them." }),
    timeline: z.array(z.object({ time: z.string(), text: z.string() })),
    nextSteps: z
      .array(z.object({ text: z.string(), command: z.string().nullable() }))
      .meta({ description: 'What a person can do next, with the exact command where there is one.' }),
    checked: z.array(z.string()).optional().meta({ description: 'What was looked at: status, events, previous log …' }),
    root: root.optional(),
  })
  .meta({ id: 'report', description: 'A diagnosis.' });

export const unreadable = z.object({ schemaVersion, source, error: text('What was found, and what cures it.') }).meta({
  id: 'unreadable',
  description: 'In place of a diagnosis, where several were asked for and this one cannot be read.',
});

export const document = z.union([report, unreadable]).meta({
  title: 'Loopbreaker report',
  description:
    'What `loopbreaker diagnose --json` and `loopbreaker explain --json` print. Fields may be added, never renamed.',
});
