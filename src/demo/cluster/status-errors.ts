// The Status bodies in which the API server says no, with its own reasons, codes and words.
// Source of fact: k8s.io/apimachinery/pkg/api/errors; each function names the situation, not the number.
import { infoOf, type Resource } from './kinds.ts';

export type Cause = { reason?: string; message: string; field?: string };
export type Status = {
  kind: 'Status';
  apiVersion: 'v1';
  metadata: Record<string, string>;
  status: 'Success' | 'Failure';
  message?: string;
  reason?: string;
  details?: {
    name?: string;
    group?: string;
    kind?: string;
    uid?: string;
    causes?: Cause[];
    retryAfterSeconds?: number;
  };
  code?: number;
};

/** Thrown by a handler; the server answers with its status. */
export class ApiError extends Error {
  readonly status: Status & { code: number };
  constructor(code: number, reason: string, message: string, details?: Status['details']) {
    super(message);
    this.status = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, details, code };
  }
}

const named = (resource: Resource, name: string): Status['details'] => {
  const { group, plural } = infoOf(resource);
  return { name, ...(group ? { group } : {}), kind: plural };
};

export const badRequest = (message: string): ApiError => new ApiError(400, 'BadRequest', message);
export const unauthorized = (): ApiError => new ApiError(401, 'Unauthorized', 'Unauthorized');
export const notFound = (resource: Resource, name: string): ApiError =>
  new ApiError(404, 'NotFound', `${resource} "${name}" not found`, named(resource, name));
export const noSuchResource = (): ApiError =>
  new ApiError(404, 'NotFound', 'the server could not find the requested resource', {});
export const methodNotAllowed = (): ApiError =>
  new ApiError(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource', {});
/** `group` where it is not the one that the resource is kept under. */
export const alreadyExists = (resource: Resource, name: string, group = ''): ApiError =>
  new ApiError(409, 'AlreadyExists', `${group ? `${resource}.${group}` : resource} "${name}" already exists`, {
    ...named(resource, name),
    ...(group ? { group } : {}),
  });
export const conflict = (resource: Resource, name: string, why: string): ApiError =>
  new ApiError(
    409,
    'Conflict',
    `Operation cannot be fulfilled on ${resource} "${name}": ${why}`,
    named(resource, name),
  );
/** A precondition of a deletion that does not hold: told by kind, not by resource. */
export const notWhatWasMeant = (resource: Resource, name: string, why: string): ApiError => {
  const { group, kind } = infoOf(resource);
  const subject = group ? `${kind}.${group}` : kind;
  return new ApiError(409, 'Conflict', `Operation cannot be fulfilled on ${subject} "${name}": ${why}`, {
    name,
    ...(group ? { group } : {}),
    kind,
  });
};
export const staleVersion = (resource: Resource, name: string): ApiError =>
  conflict(
    resource,
    name,
    'the object has been modified; please apply your changes to the latest version and try again',
  );
export const expired = (message: string): ApiError => new ApiError(410, 'Expired', message);
export const tooLarge = (limitBytes: number): ApiError =>
  new ApiError(413, 'RequestEntityTooLarge', `Request entity too large: limit is ${limitBytes}`);
export const tooManyRequests = (retryAfterSeconds: number): ApiError =>
  new ApiError(
    429,
    'TooManyRequests',
    'the server has received too many requests and has asked us to try again later',
    {
      retryAfterSeconds,
    },
  );
export const unsupportedMediaType = (accepted: string[]): ApiError =>
  new ApiError(
    415,
    'UnsupportedMediaType',
    `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`,
  );
/** The answer to a JSON Patch whose test or path does not hold; it does not say which operation failed. */
export const patchDoesNotApply = (): ApiError =>
  new ApiError(422, 'Invalid', 'the server rejected our request due to an error in our request', {});
export const internal = (message: string): ApiError =>
  new ApiError(500, 'InternalError', `Internal error occurred: ${message}`, { causes: [{ message }] });
export const tooNewVersion = (asked: number, current: number): ApiError =>
  new ApiError(504, 'Timeout', `Timeout: Too large resource version: ${asked}, current: ${current}`, {
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
    retryAfterSeconds: 1,
  });

/** The reason of a cause follows from how its message begins. */
const REASONS = {
  'Required value': 'FieldValueRequired',
  'Unsupported value': 'FieldValueNotSupported',
  'Not found': 'FieldValueNotFound',
  'Duplicate value': 'FieldValueDuplicate',
  Forbidden: 'FieldValueForbidden',
};
const reasonOf = (message: string): string =>
  Object.entries(REASONS).find(([words]) => message.startsWith(words))?.[1] ?? 'FieldValueInvalid';

/** `kind` with its group as messages print it: `Deployment.apps`, `Pod`, or nothing at all for a bad patch. */
export const invalid = (kind: string, name: string, problems: { field: string; message: string }[]): ApiError => {
  const lines = problems.map((p) => `${p.field}: ${p.message}`);
  const [bare = '', ...group] = kind.split('.');
  return new ApiError(
    422,
    'Invalid',
    `${kind} "${name}" is invalid: ${lines.length === 1 ? lines[0] : `[${lines.join(', ')}]`}`,
    {
      ...(name ? { name } : {}),
      ...(group.length ? { group: group.join('.') } : {}),
      ...(bare ? { kind: bare } : {}),
      causes: problems.map((p) => ({ reason: reasonOf(p.message), message: p.message, field: p.field })),
    },
  );
};
