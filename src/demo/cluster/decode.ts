// From the bytes of a body to an object that may be kept: JSON, kind and fields, with the refusals of the API server.
// A whole object that does not decode is a 400; the result of a patch that does not is a 422 that shows the patch.
import { parseQuantity } from '../../core/quantity.ts';
import { fieldProblems } from './fields.ts';
import { apiVersionOf, type KindInfo } from './kinds.ts';
import { badRequest, invalid, unsupportedMediaType } from './status-errors.ts';

export type Fields = Record<string, unknown>;
export type Body = { contentType: string; content: Buffer };

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export function parseBody({ content }: Body): unknown {
  try {
    return JSON.parse(content.toString('utf8')) as unknown;
  } catch (error) {
    throw badRequest(`couldn't get version/kind; json parse error: ${(error as Error).message}`);
  }
}

/** Amounts of resources are read while the object is decoded, wherever they stand. */
function wrongQuantity(value: unknown, key = ''): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (key === 'limits' || key === 'requests') {
    const wrong = Object.values(value).some((amount) => parseQuantity(String(amount)) === undefined);
    if (wrong) return "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
  }
  for (const [inner, below] of Object.entries(value)) {
    const found = wrongQuantity(below, inner);
    if (found) return found;
  }
  return undefined;
}

/** The first reason why the object does not decode; unknown fields count only under `fieldValidation=Strict`. */
function decodingError(info: KindInfo, object: Fields, query: URLSearchParams): string | undefined {
  const { unknown, wrong } = fieldProblems(info.model, object);
  const quantity = wrongQuantity(object.spec);
  const strict = query.get('fieldValidation') === 'Strict' && unknown.length > 0;
  const named = unknown.map((path) => `unknown field "${path}"`).join(', ');
  return wrong[0] ?? quantity ?? (strict ? `strict decoding error: ${named}` : undefined);
}

export function decodeObject(info: KindInfo, body: Body, query: URLSearchParams): Fields {
  if (body.contentType && body.contentType !== 'application/json') throw unsupportedMediaType(['application/json']);
  const object = parseBody(body);
  if (!isFields(object) || !isFields(object.metadata ?? {})) throw badRequest('the object provided is unrecognized');
  const expected = apiVersionOf(info);
  if ((object.kind ?? info.kind) !== info.kind || (object.apiVersion ?? expected) !== expected) {
    throw badRequest(
      `the API version in the data (${object.apiVersion}) does not match the expected API version (${expected})`,
    );
  }
  const told = decodingError(info, object, query);
  if (told) throw badRequest(`${info.kind} in version "${info.version}" cannot be handled as a ${info.kind}: ${told}`);
  return object;
}

export function checkPatched(info: KindInfo, patched: Fields, patch: Buffer, query: URLSearchParams): void {
  const told = decodingError(info, patched, query);
  if (!told) return;
  const shown = JSON.stringify(patch.toString('utf8'));
  throw invalid('', '', [{ field: 'patch', message: `Invalid value: ${shown}: ${told}` }]);
}
