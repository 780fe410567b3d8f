// The form of what was found: the verdict, the causes behind it, and the proof for each word. Described here once; the
// types and the published JSON Schema follow from it.

import { z } from 'zod';
import { CAUSE_IDS } from '../cause.ts';

const text = (description: string) => z.string().meta({ description });

const cause = z.enum(CAUSE_IDS).meta({ id: 'cause', description: 'An id of the catalogue: `loopbreaker rules`.' });
const container = text('Name of the container, "" when none is to blame.');
const containerKind = z.enum(['main', 'init', 'sidecar']);
const summary = z.string().min(1).meta({ description: 'One sentence without its full stop.' });
const detail = z
  .record(z.string(), z.string())
  .meta({ description: 'Names that remedies need: variable, configMap, key, host, port …' });

export const grade = z
  .enum(['confirmed', 'likely', 'possible', 'unknown'])
  .meta({ description: 'How sure the answer is, in words; there are no percentages.' });

export const citation = z
  .object({
    source: z.enum(['status', 'event', 'log', 'spec', 'reference', 'rollout', 'node', 'metrics']),
    at: text(
      'Address that a person can check: status.containerStatuses[0].lastState.terminated.reason, log.previous:41.',
    ),
    text: text('What it says.'),
  })
  .meta({ id: 'citation', description: 'One piece of proof: what was seen, and where.' });

export const target = z
  .object({
    cluster: z.string(),
    namespace: z.string(),
    pod: text('"" when the workload has no pod at all.'),
    workload: z.object({ kind: z.string(), name: z.string() }),
  })
  .meta({ id: 'target', description: 'What was diagnosed.' });

export const verdict = z.object({ cause, grade, container, containerKind, summary });

export const foundCause = z.object({
  cause,
  grade: grade.exclude(['unknown']),
  container,
  containerKind,
  summary,
  evidence: z.array(citation).min(1).meta({ description: 'The decisive piece first.' }),
  mechanisms: z.array(z.string()).meta({ description: 'Lesser findings that this cause brought about, in words.' }),
  detail,
});

export const root = z
  .object({
    through: z
      .array(z.string())
      .meta({ description: 'Services from the first dependency to the one that is broken itself.' }),
    target,
    cause,
    grade,
    container,
    summary,
    evidence: z.array(citation).meta({ description: 'Addresses begin with the pod: Pod/invoice-db-0:log.previous:3.' }),
    detail,
  })
  .meta({ description: 'Why the dependency that the first cause names is down, when its own pods tell.' });

export const ruledOut = z.object({ cause, because: text('The seen fact that refutes it.') });
