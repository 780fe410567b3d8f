// The few words in which Block Kit's shape is written down: text of a length, list of a size, object with these fields.
// Every rule reports in Slack's own words and never stops at the first problem; a field that no rule names is refused,
// as Slack refuses it.

/** `report(problem, pointer)`: pointer is a JSON pointer such as `/blocks/0/text/text`. */
export type Report = (problem: string, pointer: string) => void;
export type Rule = (value: unknown, at: string, report: Report) => void;
export type Fields = Record<string, unknown>;

export function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Slack counts characters (UTF-16 units here, which is never more generous than code points). */
export function string(max: number, min = 1): Rule {
  return (value, at, report) => {
    if (typeof value !== 'string') report('must provide a string', at);
    else if (value.length < min) report(`must be more than ${min - 1} characters`, at);
    else if (value.length > max) report(`must be less than ${max + 1} characters`, at);
  };
}

export function number(min: number, max: number): Rule {
  return (value, at, report) => {
    if (typeof value !== 'number') report('must provide a number', at);
    else if (value < min) report(`must be greater than or equal to ${min}`, at);
    else if (value > max) report(`must be less than or equal to ${max}`, at);
  };
}

export const boolean: Rule = (value, at, report) => {
  if (typeof value !== 'boolean') report('must provide a boolean', at);
};

export function oneOf(...allowed: (string | number)[]): Rule {
  return (value, at, report) => {
    if (!allowed.includes(value as string)) report(`value must be one of: ${allowed.join(', ')}`, at);
  };
}

/** A web address. Slack refuses what it cannot parse, and every scheme but these. */
export function url(max: number): Rule {
  return (value, at, report) => {
    string(max)(value, at, report);
    if (typeof value !== 'string' || value.length === 0 || value.length > max) return;
    const scheme = URL.canParse(value) ? new URL(value).protocol : '';
    if (!['http:', 'https:', 'mailto:', 'slack:'].includes(scheme)) report('must be a valid url', at);
  };
}

export function list(item: Rule, max: number, min = 1): Rule {
  return (value, at, report) => {
    if (!Array.isArray(value)) return report('must provide an array', at);
    if (value.length < min) report(`no less than ${min} items allowed`, at);
    if (value.length > max) report(`no more than ${max} items allowed`, at);
    value.forEach((entry, index) => {
      item(entry, `${at}/${index}`, report);
    });
  };
}

/** An object with these fields and no other. `type` is checked by whoever chose this rule. */
export function object(required: Record<string, Rule>, optional: Record<string, Rule> = {}): Rule {
  const known: Record<string, Rule> = { ...optional, ...required };
  return (value, at, report) => {
    if (!isObject(value)) return report('must provide an object', at);
    for (const name of Object.keys(required)) {
      if (value[name] === undefined || value[name] === null) report(`missing required field: ${name}`, at);
    }
    for (const [name, field] of Object.entries(value)) {
      if (name === 'type' || field === undefined || field === null) continue;
      const rule = known[name];
      if (rule) rule(field, `${at}/${name}`, report);
      else report(`invalid additional property: ${name}`, at);
    }
  };
}

/** Chooses the rule by the object's `type`; any other type is refused. */
export function byType(rules: Record<string, Rule>): Rule {
  return (value, at, report) => {
    if (!isObject(value)) return report('must provide an object', at);
    if (value.type === undefined) return report('missing required field: type', at);
    const rule = Object.hasOwn(rules, String(value.type)) ? rules[String(value.type)] : undefined;
    if (rule) rule(value, at, report);
    else report(`unsupported type: ${String(value.type)}`, `${at}/type`);
  };
}

/** A rule plus one more condition on the whole value. */
export function also(rule: Rule, extra: (value: Fields) => string | undefined): Rule {
  return (value, at, report) => {
    rule(value, at, report);
    const problem = isObject(value) ? extra(value) : undefined;
    if (problem) report(problem, at);
  };
}
