// The little of JSON Schema that our published forms are made of. A word it does not know is an error, so that nothing
// in a schema is passed over in silence.
import { isObject, type JsonObject, list, object, objects, text } from '../../src/core/json.ts';

const SAID_ONLY = ['$schema', '$comment', '$defs', 'title', 'description', 'id'];

/** What is wrong with the value, as `path: what was wanted`; [] when nothing is. */
export function breaches(value: unknown, schema: JsonObject, root = schema, path = '$'): string[] {
  return Object.entries(schema).flatMap(([word, wanted]) => {
    if (SAID_ONLY.includes(word)) return [];
    const check = CHECKS[word];
    if (!check) throw new Error(`${path}: the schema says ${word}, which this reader does not know`);
    return check({ value, wanted, schema, root, path });
  });
}

interface Asked {
  value: unknown;
  wanted: unknown;
  schema: JsonObject;
  root: JsonObject;
  path: string;
}

const CHECKS: { [word: string]: (asked: Asked) => string[] } = {
  $ref: ({ value, wanted, root, path }) =>
    breaches(value, object(object(root.$defs)[text(wanted)?.replace('#/$defs/', '') ?? '']), root, path),
  anyOf: ({ value, wanted, root, path }) =>
    objects(wanted).some((one) => breaches(value, one, root, path).length === 0) ? [] : [`${path}: fits none`],
  type: ({ value, wanted, path }) => ([wanted].flat().includes(typeOf(value)) ? [] : [`${path}: ${String(wanted)}`]),
  const: ({ value, wanted, path }) => (value === wanted ? [] : [`${path}: ${String(wanted)}`]),
  enum: ({ value, wanted, path }) => (list(wanted).includes(value) ? [] : [`${path}: one of ${list(wanted).length}`]),
  minLength: ({ value, wanted, path }) =>
    typeof value !== 'string' || value.length >= Number(wanted) ? [] : [`${path}: longer`],
  minItems: ({ value, wanted, path }) =>
    !Array.isArray(value) || value.length >= Number(wanted) ? [] : [`${path}: more items`],
  items: ({ value, wanted, root, path }) =>
    list(value).flatMap((item, i) => breaches(item, object(wanted), root, `${path}[${i}]`)),
  required: ({ value, wanted, path }) =>
    isObject(value) ? list(wanted).flatMap((name) => (String(name) in value ? [] : [`${path}.${name}: missing`])) : [],
  properties: ({ value, wanted, root, path }) =>
    Object.entries(object(wanted)).flatMap(([name, one]) =>
      isObject(value) && name in value ? breaches(value[name], object(one), root, `${path}.${name}`) : [],
    ),
  propertyNames: ({ value, wanted, root, path }) =>
    Object.keys(object(value)).flatMap((name) => breaches(name, object(wanted), root, `${path}.${name}`)),
  additionalProperties: ({ value, wanted, schema, root, path }) =>
    Object.entries(object(value)).flatMap(([name, one]) =>
      name in object(schema.properties) ? [] : breaches(one, object(wanted), root, `${path}.${name}`),
    ),
};

function typeOf(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
}
