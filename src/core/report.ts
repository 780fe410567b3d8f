// The answer: the versioned document that terminal, Slack and other tools are rendered from.
// Fields may be added, never renamed.

import type { CauseId } from './cause.ts';
import type { ContainerKind } from './evidence/container.ts';
import type { Citation } from './fact.ts';
import type { ActionId } from './rule.ts';

export const SCHEMA_VERSION = 1;

/** How sure the answer is, in words; there are no percentages. */
export type Grade = 'confirmed' | 'likely' | 'possible' | 'unknown';

export interface Report {
  schemaVersion: typeof SCHEMA_VERSION;
  /** The argument as given. */
  source: string;
  target: ReportTarget;
  verdict: Verdict;
  /** Ordered, the verdict first. */
  causes: Cause[];
  ruledOut: { cause: CauseId; because: string }[];
  context: ContextFact[];
  gaps: Gap[];
  nextQuestion: string | null;
  proposals: Proposal[];
  prevention: string[];
  status: StatusLine;
  /** Last lines of the run that ended, for reading; redacted, never rendered unescaped. */
  logExcerpt: { at: string; text: string }[];
  timeline: { time: string; text: string }[];
  /** What a person can do next, with the exact command where there is one. */
  nextSteps: { text: string; command: string | null }[];
  /** What was looked at: "status", "events", "previous log" … */
  checked?: string[];
  /** Why the dependency that the first cause names is down, when its own pods tell. */
  root?: Root;
}

/** The true root of a first cause that is only waiting for something else. */
export interface Root {
  /** Services from the first dependency to the one that is broken itself. */
  through: string[];
  target: ReportTarget;
  cause: CauseId;
  grade: Grade;
  container: string;
  summary: string;
  /** Addresses begin with the pod: `Pod/invoice-db-0:log.previous:3`. */
  evidence: Citation[];
  detail: { [name: string]: string };
}

export interface ReportTarget {
  cluster: string;
  namespace: string;
  /** "" when the workload has no pod at all. */
  pod: string;
  workload: { kind: string; name: string };
}

export interface Verdict {
  cause: CauseId;
  grade: Grade;
  /** "" when none is to blame. */
  container: string;
  containerKind: ContainerKind;
  summary: string;
}

export interface Cause {
  cause: CauseId;
  grade: Exclude<Grade, 'unknown'>;
  container: string;
  containerKind: ContainerKind;
  summary: string;
  /** The decisive piece first. */
  evidence: Citation[];
  /** Lesser findings that this cause brought about, in words. */
  mechanisms: string[];
  /** What actions and prevention need: `variable`, `configMap`, `key`, `host`, `port` … */
  detail: { [name: string]: string };
}

export interface ContextFact {
  kind:
    | 'began-with-revision'
    | 'config-changed'
    | 'replicas'
    | 'node'
    | 'dependency'
    | 'managed-by'
    | 'exit'
    | 'time-to-crash'
    | 'next-start'
    | 'probe-arithmetic'
    | 'nearest-name'
    | 'quota'
    | 'healthy-revision'
    | 'ran-before'
    | 'debug-copy';
  text: string;
  /** Where it was read. */
  at: string;
}

export interface Gap {
  what: string;
  why: string;
}

export interface Proposal {
  action: ActionId;
  title: string;
  risk: Risk;
  /** `Deployment/checkout-api` */
  target: string;
  /** Human difference; "" when refused. */
  diff: string;
  /** Why it is not offered, with the next step in the sentence; null when it is. */
  refusal: string | null;
  /** Somebody else owns the target: the change (a fragment of the manifest) is for copying, not for approval. */
  copyOnly?: { owner: string; change: string };
  /** Other ways to do it. */
  choices?: { title: string; choice: Choice }[];
  /** Refused for want of a value that a person can give. */
  asks?: Question;
}

/** What tells one way from another: `{ revision: '6' }`, `{ variant: 'original' }`. */
export type Choice = { [name: string]: string };

/** Asked in a modal; the answer becomes the choice's `value`. */
export interface Question {
  /** Button: "Set DATABASE_HOST…" */
  title: string;
  /** Of the variable or the key. */
  name: string;
  choice: Choice;
}

export type Risk = 'low' | 'medium' | 'high';

/** What the first lines of a card say. */
export interface StatusLine {
  /** `crash looping`, `cannot start`, `not ready`, `no pod`, `pending`, `recovered`, `healthy`, `unread`. */
  state: StatusState;
  /** RFC 3339 of the first crash or first trouble, "" when unknown. */
  since: string;
  restarts: number | null;
  lastExit: { code: number; words: string; finishedAt: string } | null;
  /** Seconds the last ended run lived; null when unknown. */
  livedForSeconds: number | null;
  /** RFC 3339 of the next start attempt, "" when unknown. */
  nextStart: string;
  /** `0 of 2 replicas serve`, "" when unknown. */
  serving: string;
  /** RFC 3339 at which the evidence was read. */
  now: string;
}

export type StatusState =
  | 'crash looping'
  | 'cannot start'
  | 'image cannot be pulled'
  | 'not ready'
  | 'pending'
  | 'no pod'
  | 'evicted'
  | 'failed'
  | 'recovered'
  | 'healthy'
  | 'unread';
