// An error as one sentence for the person who asked. Stack traces and foreign words stay in the log.

import { ClusterError } from '../kube/errors.ts';
import { QueueMisconfigured, QueueUnavailable, QueueUnreadable } from '../queue/errors.ts';

const OURS = [ClusterError, QueueUnavailable, QueueMisconfigured, QueueUnreadable];

export function sentenceFor(error: unknown): string {
  if (error instanceof Error && OURS.some((kind) => error instanceof kind)) return error.message;
  return 'Something went wrong on my side, and nothing was changed. Try again; if it happens again, whoever runs me finds the reason in my log.';
}
