// RFC 6902 on a copy of a document. Anything that does not hold (a test, a path) refuses the whole patch, as the API server does.
// Source of fact: github.com/evanphx/json-patch as an API server of 1.20 uses it; its `test` compares strings as they are written.
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { badRequest, patchDoesNotApply } from './status-errors.ts';

const pointer = z.string().regex(/^(\/.*)?$/s);
const operation = z.object({
  op: z.string(),
  path: pointer,
  from: pointer.optional(),
  value: z.json().optional(),
});
const operations = z.array(operation).max(10_000);

type Parent = Record<string, unknown> | unknown[];
type Place = { parent: Parent; key: string };

const steps = (path: string): string[] =>
  path
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));

const isParent = (value: unknown): value is Parent => typeof value === 'object' && value !== null;
const own = (parent: Parent, key: string): unknown =>
  Object.hasOwn(parent, key) ? (parent as Record<string, unknown>)[key] : undefined;

function place(document: Parent, path: string): Place {
  const way = steps(path);
  const key = way.pop();
  let parent: unknown = document;
  for (const step of way) parent = isParent(parent) ? own(parent, step) : undefined;
  if (key === undefined || key === '__proto__' || !isParent(parent)) throw patchDoesNotApply();
  return { parent, key };
}

function index(list: unknown[], key: string, last: number): number {
  const at = key === '-' ? list.length : /^(0|[1-9]\d*)$/.test(key) ? Number(key) : Number.NaN;
  if (!(at <= last)) throw patchDoesNotApply();
  return at;
}

function read({ parent, key }: Place): unknown {
  const value = own(parent, key);
  if (value === undefined) throw patchDoesNotApply();
  return value;
}

function add({ parent, key }: Place, value: unknown): void {
  if (Array.isArray(parent)) parent.splice(index(parent, key, parent.length), 0, value);
  else parent[key] = value;
}

function remove(where: Place): unknown {
  const value = read(where);
  if (Array.isArray(where.parent)) where.parent.splice(index(where.parent, where.key, where.parent.length - 1), 1);
  else delete where.parent[where.key];
  return value;
}

function replace(where: Place, value: unknown): void {
  read(where);
  if (Array.isArray(where.parent)) where.parent[index(where.parent, where.key, where.parent.length - 1)] = value;
  else where.parent[where.key] = value;
}

function apply(document: Parent, { op, path, from = '', value = null }: z.infer<typeof operation>): void {
  const where = place(document, path);
  if (op === 'add') add(where, value);
  else if (op === 'replace') replace(where, value);
  else if (op === 'remove') remove(where);
  else if (op === 'move') add(where, remove(place(document, from)));
  else if (op === 'copy') add(where, structuredClone(read(place(document, from))));
  // A test for null holds where nothing is.
  else if (op !== 'test' || !isDeepStrictEqual(own(where.parent, where.key) ?? null, value)) throw patchDoesNotApply();
}

/** The server's own encoder escapes these; a client that does not has written another text, which no `test` takes for equal. */
const unescaped = /[<>&\u2028\u2029]/g;

/** `written` is the patch as it came, letter by letter. */
export function applyJsonPatch(
  document: Record<string, unknown>,
  body: unknown,
  written = '',
): Record<string, unknown> {
  if (!Array.isArray(body)) throw badRequest('json: cannot unmarshal object into Go value of type jsonpatch.Patch');
  const parsed = operations.safeParse(body);
  if (!parsed.success) throw badRequest(`error decoding patch: ${z.prettifyError(parsed.error)}`);
  const draft = structuredClone(document);
  const letters = written ? operations.parse(JSON.parse(written.replace(unescaped, '$&\uffff'))) : [];
  for (const [i, step] of parsed.data.entries())
    apply(draft, step.op === 'test' ? { ...step, ...letters[i], path: step.path } : step);
  return draft;
}
