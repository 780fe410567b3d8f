// What went wrong between us and an API server, in one word for code and in one sentence for a person.
// Headers and bodies never leave this file; of the server's own words only its bounded `message` does.
import { ApiException } from '@kubernetes/client-node';
import { at, isObject, text } from '../core/json.ts';
import { redactText } from '../core/redact.ts';

export type FailureKind =
  | 'forbidden' // RBAC says no
  | 'refused' // admission or a quota says no (also 403)
  | 'not-found'
  | 'not-served' // the cluster has no such API
  | 'conflict'
  | 'invalid'
  | 'unauthorised'
  | 'unreachable'
  | 'timeout'
  | 'too-many-requests'
  | 'not-kubernetes' // something answered that is no API server
  | 'other';

export interface Failure {
  kind: FailureKind;
  /** HTTP status, 0 when there was no answer. */
  code: number;
  /** The API server's reason ("NotFound") or the network's code ("ECONNREFUSED"), "" when neither is known. */
  reason: string;
  /** The API server's own message, one line, at most 400 characters; "" when it said nothing. */
  message: string;
  /** How long the API server asks us to wait (Retry-After), where it does. */
  retryAfterMs?: number;
}

/** What was asked when it went wrong. */
export interface Asked {
  /** Alias of the cluster. */
  cluster: string;
  /** get, list, create, patch, delete */
  verb: string;
  /** `pods/log`, `deployments` */
  resource: string;
  group: string;
  namespace: string;
  name: string;
  timeoutMs: number;
}

/** Thrown by every function of this room; `message` is the sentence for a person. */
export class ClusterError extends Error {
  readonly failure: Failure;
  readonly asked: Asked | undefined;
  constructor(sentence: string, failure: Failure, asked?: Asked) {
    super(sentence);
    this.name = 'ClusterError';
    this.failure = failure;
    this.asked = asked;
  }
}

/** A problem found before or after any request, in one sentence with its cure. */
export function problem(sentence: string, reason = 'Kubeconfig', kind: FailureKind = 'other'): ClusterError {
  return new ClusterError(sentence, { kind, code: 0, reason, message: '' });
}

const MESSAGE_LENGTH_MAX = 400;

/** Our own time limit and our own judgement of an answer arrive under these names. */
export const TIME_LIMIT = 'TimeLimit';
export const NOT_KUBERNETES = 'NotKubernetes';

export class LocalFailure extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** Reads any error of the library, the network or this room. */
export function kubeError(error: unknown): Failure {
  if (error instanceof ClusterError) return error.failure;
  if (error instanceof ApiException) {
    const waitMs = retryAfterMs(error);
    return { ...fromAnswer(error.code, error.body), ...(waitMs === undefined ? {} : { retryAfterMs: waitMs }) };
  }
  if (error instanceof LocalFailure && error.code === NOT_KUBERNETES)
    return { kind: 'not-kubernetes', code: 0, reason: error.code, message: error.message };
  const reason = networkCode(error);
  if (reason === TIME_LIMIT || at(error, 'name') === 'TimeoutError')
    return { kind: 'timeout', code: 0, reason: 'Timeout', message: '' };
  return { kind: reason === '' ? 'other' : 'unreachable', code: 0, reason, message: '' };
}

export function retryAfterMs({ headers }: ApiException<unknown>): number | undefined {
  const seconds = Number(headers['retry-after']);
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : undefined;
}

/** fetch hides the true cause: `TypeError: fetch failed` with `cause.code`, sometimes several deep or in a list. */
function networkCode(error: unknown): string {
  let here = error;
  for (let depth = 0; depth < 5 && here instanceof Error; depth++) {
    const code = text((here as { code?: unknown }).code);
    if (code) return code;
    here = here instanceof AggregateError ? here.errors[0] : here.cause;
  }
  return '';
}

function fromAnswer(code: number, body: unknown): Failure {
  const status = parsed(body);
  const reason = text(at(status, 'reason')) ?? '';
  const message = bounded(text(at(status, 'message')) ?? '');
  if (code === 403 && !isObject(status)) {
    const between = 'something between here and the API server answers 403';
    return { kind: 'not-kubernetes', code, reason: NOT_KUBERNETES, message: between };
  }
  const named = text(at(status, 'details', 'name')) !== undefined;
  return { kind: kindOf(code, named, message), code, reason, message };
}

/** The library hands error bodies over as JSON text. */
function parsed(body: unknown): unknown {
  if (typeof body !== 'string') return body;
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** The API server repeats values it does not like, up to a whole patch; a value may be a secret. */
const REPEATED_VALUE = /(Invalid value): (?:"(?:\\.|[^"\\])*"|[^\s:]+)/g;

function bounded(message: string): string {
  const line = redactText(message.slice(0, 20_000).replace(REPEATED_VALUE, '$1').replace(/\s+/g, ' ').trim()).text;
  return line.length > MESSAGE_LENGTH_MAX ? `${line.slice(0, MESSAGE_LENGTH_MAX)}…` : line;
}

function kindOf(code: number, named: boolean, message: string): FailureKind {
  if (code === 401) return 'unauthorised';
  if (code === 403) return / cannot \S+ (?:resource|path) /.test(message) ? 'forbidden' : 'refused';
  if (code === 404) return named ? 'not-found' : 'not-served';
  if (code === 409) return 'conflict';
  if (code === 422 || code === 400) return 'invalid';
  if (code === 429) return 'too-many-requests';
  if (code === 408 || code === 504) return 'timeout';
  return 'other';
}
