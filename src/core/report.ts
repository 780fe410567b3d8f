// The answer: the versioned document that terminal, Slack and other tools are rendered from. Its form, with a word on
// every field, is in report/*.ts; only the types come from there, so that nobody loads a validator to print an answer.

import type { z } from 'zod';
import type { report } from './report/document.ts';
import type { choice, proposal, question } from './report/remedy.ts';

export const SCHEMA_VERSION = 1;

export type Report = z.infer<typeof report>;
export type ReportTarget = Report['target'];
export type Verdict = Report['verdict'];
export type Cause = Report['causes'][number];
export type Grade = Verdict['grade'];
/** The true root of a first cause that is only waiting for something else. */
export type Root = NonNullable<Report['root']>;
export type ContextFact = Report['context'][number];
export type Gap = Report['gaps'][number];
export type StatusLine = Report['status'];
export type StatusState = StatusLine['state'];
export type Proposal = z.infer<typeof proposal>;
/** What tells one way from another. */
export type Choice = z.infer<typeof choice>;
/** Asked in a modal. */
export type Question = z.infer<typeof question>;
