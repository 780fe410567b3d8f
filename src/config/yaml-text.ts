// A YAML text -> content of a known form, or every problem with its line and the cure. Nothing is guessed: a file with
// one problem is no file at all.

import { LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';

export type Path = readonly (string | number)[];
export interface Problem {
  path: Path;
  message: string;
}

export type YamlText<T> =
  | { ok: true; value: T /** A problem as a sentence with its line. */; at(problem: Problem): string }
  | { ok: false; problems: string[] };

export interface YamlForm<T> {
  schema: z.ZodType<T>;
  /** Longer than any that a person could review. */
  longest: number;
  /** What it is called, and where its words are explained. */
  kind: string;
  docs: string;
  /** Whether a problem may show the value that was found; not where values are secrets. */
  showsValues: boolean;
}

/** `name` stands before each line number. */
export function readYamlText<T>(text: string, name: string, form: YamlForm<T>): YamlText<T> {
  if (text.length > form.longest) return { ok: false, problems: [`${name}: is over ${form.longest} bytes.`] };
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const broken = [...document.errors, ...document.warnings];
  if (broken.length > 0) {
    const said = (message: string): string => (form.showsValues ? `is not YAML: ${message}` : 'is not YAML');
    return {
      ok: false,
      problems: broken.map(({ pos, message }) => `${name}:${lines.linePos(pos[0]).line}: ${said(message)}`),
    };
  }
  const content = toPlain(document);
  if (content === undefined)
    return { ok: false, problems: [`${name}: repeats its anchors too often to be a ${form.kind}.`] };
  const lineOf = (path: Path): number => lines.linePos(offsetOf(document, path)).line;
  const at = ({ path, message }: Problem): string => `${name}:${lineOf(path)}: ${spelled(path)}${message}.`;
  const parsed = form.schema.safeParse(content.value ?? {});
  if (parsed.success) return { ok: true, value: parsed.data, at };
  return { ok: false, problems: parsed.error.issues.flatMap((i) => problemsOf(i, content.value, form)).map(at) };
}

function problemsOf(
  issue: z.core.$ZodIssue,
  content: unknown,
  { kind, docs, showsValues }: Pick<YamlForm<unknown>, 'kind' | 'docs' | 'showsValues'>,
): Problem[] {
  const path = issue.path.filter((step): step is string | number => typeof step !== 'symbol');
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({ path: [...path, key], message: `is not a word of the ${kind}; see ${docs}` }));
  if (issue.code === 'invalid_key') return [{ path, message: 'is not allowed as a name here' }];
  const value = path.reduce<unknown>((here, step) => (here as { [key: string]: unknown } | undefined)?.[step], content);
  if (value === undefined && issue.code !== 'custom') return [{ path, message: 'is missing' }];
  const found =
    value === undefined || typeof value === 'object' || !showsValues
      ? ''
      : `, not ${JSON.stringify(value).slice(0, 80)}`;
  const message = issue.message.replace(/^Invalid (input|option): /, '').replace(/, received \w+$/, '');
  return [{ path, message: `${message}${found}` }];
}

/** `approve[0].approvers.users[1]: `; "" for the whole. */
function spelled(path: Path): string {
  const words = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`)).join('');
  return words === '' ? '' : `${words.replace(/^\./, '')}: `;
}

type Document = ReturnType<typeof parseDocument>;

/** Where the value at this path begins, or the nearest thing around it that is there. */
function offsetOf(document: Document, path: Path): number {
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true) as { range?: [number, number, number] } | undefined;
    if (node?.range) return node.range[0];
  }
  return 0;
}

/** Undefined when its anchors would make it huge. */
function toPlain(document: Document): { value: unknown } | undefined {
  try {
    return { value: document.toJS({ maxAliasCount: 50 }) };
  } catch {
    return undefined;
  }
}
