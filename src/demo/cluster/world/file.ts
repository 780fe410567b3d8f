// world.yaml, next to a recording: for each program the condition under which it lives, and what it says when it does.
// A recording without this file is served too: what crashed in it crashes for ever.
import { z } from 'zod';
import { conditionSchema } from './conditions.ts';

const programSchema = z.strictObject({
  container: z.string().min(1),
  /** `Deployment/name`; needed only where two workloads of the recording have a container of that name. */
  workload: z
    .string()
    .regex(/^[A-Z][A-Za-z]+\/[a-z0-9.-]+$/)
    .optional(),
  lives: conditionSchema.refine((condition) => Object.keys(condition).length > 0, 'names no condition'),
  /** Seconds of the simulated world from Ready until it ends as recorded after all. */
  livesForSeconds: z.number().positive().optional(),
  readyAfterSeconds: z.number().min(0).default(1),
  /** Its log when it lives; `{now}` stands for the time of its start. */
  healthyLog: z.string().optional(),
  /** What the metrics API reports while it runs. */
  uses: z.strictObject({ memory: z.string(), cpu: z.string() }).optional(),
});

export const worldFileSchema = z.strictObject({
  /** One sentence for the person who chooses a recording: what is wrong, what would cure it. */
  about: z.string().min(1),
  programs: z.array(programSchema).min(1),
});
export type WorldFile = z.infer<typeof worldFileSchema>;
export type ProgramEntry = WorldFile['programs'][number];
