// The names and the extra file of a recording, the same for whoever writes and whoever reads it.

import { z } from 'zod';
import type { LogText } from '../core/snapshot.ts';

export const OBJECTS = 'objects.json';
export const LOGS = 'logs';

/** What a folder of objects and logs cannot say by itself. */
export const READING = 'read.json';

export const readingSchema = z.object({
  /** RFC 3339: when the cluster was read. */
  readAt: z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/),
  /** What it was read for. */
  about: z.object({
    namespace: z.string(),
    pod: z.string().optional(),
    workload: z.object({ kind: z.string(), name: z.string() }).optional(),
  }),
  unread: z.array(z.object({ at: z.string(), why: z.string() })).max(10_000),
  /** Bytes left out between head and tail of a log, at least so many, by the name of its file. */
  skippedBytes: z.record(z.string(), z.number().nonnegative()),
});
export type Reading = z.infer<typeof readingSchema>;

/** `POD.CONTAINER.previous.txt` */
export function logFile({ pod, container, run }: Pick<LogText, 'pod' | 'container' | 'run'>): string {
  return `${pod}.${container}.${run}.txt`;
}
