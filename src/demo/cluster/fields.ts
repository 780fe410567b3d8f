// Which fields an object may have, and of which type, taken from the client library's models: `fieldValidation=Strict` and
// the plain decoding errors both come from here.
import * as models from '@kubernetes/client-node';

type Attribute = { name: string; baseName: string; type: string };
type Model = { getAttributeTypeMap(): Attribute[] };
export type FieldProblems = { unknown: string[]; wrong: string[] };

const modelOf = (type: string): Model | undefined => {
  const found = (models as unknown as Record<string, Partial<Model> | undefined>)[type];
  return typeof found?.getAttributeTypeMap === 'function' ? (found as Model) : undefined;
};

const scalars: Record<string, (value: unknown) => boolean> = {
  string: (v) => typeof v === 'string',
  number: (v) => typeof v === 'number',
  boolean: (v) => typeof v === 'boolean',
  Date: (v) => typeof v === 'string' && !Number.isNaN(Date.parse(v)),
  IntOrString: (v) => typeof v === 'string' || Number.isInteger(v),
};

function check(type: string, value: unknown, path: string, problems: FieldProblems): void {
  if (value === null || value === undefined) return;
  const item = /^Array<(.+)>$/.exec(type)?.[1] ?? /^Set<(.+)>$/.exec(type)?.[1];
  const entry = /^\{ \[key: string\]: (.+); \}$/.exec(type)?.[1];
  const wrong = (): void => {
    problems.wrong.push(`json: cannot unmarshal ${kindOfValue(value)} into Go struct field .${path} of type ${type}`);
  };
  if (item) {
    if (!Array.isArray(value)) wrong();
    else for (const [at, element] of value.entries()) check(item, element, `${path}[${at}]`, problems);
  } else if (type in scalars) {
    if (!scalars[type]!(value)) wrong();
  } else if (entry || modelOf(type)) {
    if (typeof value !== 'object' || Array.isArray(value)) wrong();
    else if (entry) for (const [key, inner] of Object.entries(value)) check(entry, inner, `${path}.${key}`, problems);
    else fields(modelOf(type)!, value as Record<string, unknown>, path, problems);
  }
}

function fields(model: Model, value: Record<string, unknown>, path: string, problems: FieldProblems): void {
  const known = new Map(model.getAttributeTypeMap().map((a) => [a.baseName, a.type]));
  for (const [key, inner] of Object.entries(value)) {
    const at = path ? `${path}.${key}` : key;
    const type = known.get(key);
    if (type === undefined) problems.unknown.push(at);
    else check(type, inner, at, problems);
  }
}

const kindOfValue = (value: unknown): string =>
  Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;

/** Compares an object with the model of that name (`V1Deployment`). */
export function fieldProblems(model: string, object: Record<string, unknown>): FieldProblems {
  const problems: FieldProblems = { unknown: [], wrong: [] };
  fields(modelOf(model)!, object, '', problems);
  return problems;
}
