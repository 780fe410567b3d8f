// Edits of a pod template: from a plan's few values and the template as it is now to JSON Patch operations. The whole
// template is tested in the patch, so that nothing is written over a change that came in between.

import type { JsonPatchOperation, Now } from '../core/change.ts';
import { at, canonical, isObject, type Json, type JsonObject, words } from '../core/json.ts';
import type { Edit, Plan } from '../core/plan.ts';
import { parseQuantity } from '../core/quantity.ts';
import type { KubeObject } from '../core/snapshot.ts';
import { podTemplateOf } from '../core/template-hash.ts';
import { escapePointer, type Operations, stepsFor } from './write.ts';

export const changeByEdits = (plan: Plan, now: Now) =>
  stepsFor(plan, now, (target) => editOperations(target, plan.edits ?? []));

/** JSON Patch of these edits on the template of the target. */
export function editOperations(target: KubeObject, edits: Edit[]): Operations {
  const base = target.kind === 'CronJob' ? '/spec/jobTemplate/spec/template' : '/spec/template';
  const template = structuredClone(podTemplateOf(target));
  if (!template || !isObject(template.spec)) return { is: 'drift', because: 'it has no pod template' };
  const guard: JsonPatchOperation = { op: 'test', path: base, value: structuredClone(template) };
  const operations: JsonPatchOperation[] = [];
  for (const edit of edits) {
    const done = applied(template.spec, `${base}/spec`, edit);
    if ('is' in done) return done;
    operations.push(done);
  }
  return [guard, ...operations];
}

/** A copy of the object with the edits made; undefined where one of them does not fit it. */
export function edited(target: KubeObject, edits: Edit[]): KubeObject | undefined {
  const copy = structuredClone(target);
  const template =
    copy.kind === 'CronJob' ? at(copy, 'spec', 'jobTemplate', 'spec', 'template') : at(copy, 'spec', 'template');
  const fits = isObject(template) && edits.every((edit) => !('is' in applied(template.spec, '', edit)));
  return fits ? copy : undefined;
}

/** Why these edits do not fit a template's spec; undefined when they do. */
export function misfitOf(spec: JsonObject, edits: Edit[]): string | undefined {
  const copy = structuredClone(spec);
  for (const edit of edits) {
    const done = applied(copy, '', edit);
    if ('is' in done) return done.because;
  }
  return undefined;
}

/** The edits that take these back, last one first. */
export function inverse(edits: Edit[]): Edit[] {
  return edits
    .map(({ at, from, to, word, like }) =>
      word
        ? { at, word: { from: word.to, to: word.from } }
        : { at, ...given('from', to), ...given('to', from), ...(like ? { like } : {}) },
    )
    .reverse();
}

function given(name: 'from' | 'to', value: Json | undefined): Partial<Edit> {
  return value === undefined ? {} : { [name]: value };
}

/** Changes `root` and says by which operation. */
function applied(root: unknown, base: string, edit: Edit): JsonPatchOperation | Extract<Operations, { is: string }> {
  let here = root;
  let path = base;
  for (const [i, step] of edit.at.entries()) {
    const last = i === edit.at.length - 1;
    const key = keyOf(here, step);
    if (key === undefined) return isAppend(here, edit, last) ? append(here, path, edit.to) : missing(edit);
    const parent = here as { [key: string]: unknown };
    path = `${path}/${escapePointer(String(key))}`;
    if (last) return leaf(parent, key, path, edit);
    if (parent[key] === undefined) {
      if (edit.from !== undefined || edit.to === undefined) return missing(edit);
      parent[key] = nest(edit.at.slice(i + 1), edit.to);
      return { op: 'add', path, value: structuredClone(parent[key]) };
    }
    here = parent[key];
  }
  return missing(edit);
}

/** The key of an object, the index of a chosen list item, or undefined when there is no such item. */
function keyOf(here: unknown, step: string): string | number | undefined {
  if (!Array.isArray(here)) return isObject(here) ? step : undefined;
  const [field = '', ...rest] = step.split('=');
  const index = here.findIndex((item) => isObject(item) && words(item[field]) === rest.join('='));
  return index >= 0 ? index : undefined;
}

function isAppend(here: unknown, edit: Edit, last: boolean): here is unknown[] {
  return Array.isArray(here) && last && edit.from === undefined && edit.to !== undefined;
}

function append(list: unknown[], path: string, value: Json | undefined): JsonPatchOperation {
  list.push(structuredClone(value));
  return { op: 'add', path: `${path}/-`, value };
}

function leaf(parent: { [key: string]: unknown }, key: string | number, path: string, edit: Edit) {
  const now = parent[key];
  if (edit.word) return replaceWord(parent, key, path, edit, edit.word);
  if (!matches(now, edit.from) && !sameAmount(now, edit)) return changed(edit, now);
  if (edit.to === undefined) {
    if (Array.isArray(parent)) parent.splice(Number(key), 1);
    else delete parent[key];
    return { op: 'remove' as const, path };
  }
  const asked = edit.like === undefined ? {} : handlerOf(parent[edit.like]);
  if (!asked) return { is: 'drift' as const, because: `${edit.like} is no longer in the template` };
  const value = isObject(edit.to) ? { ...asked, ...edit.to } : edit.to;
  parent[key] = structuredClone(value);
  return { op: now === undefined ? ('add' as const) : ('replace' as const), path, value };
}

/** What a probe asks, without how often and how long. */
function handlerOf(probe: unknown): JsonObject | undefined {
  const kind = ['httpGet', 'tcpSocket', 'exec', 'grpc'].find((name) => isObject(at(probe, name)));
  return kind === undefined ? undefined : { [kind]: structuredClone(at(probe, kind)) };
}

/** Whatever the plan knows of the value is still so; the API server may have added defaults to an object. */
function matches(now: unknown, from: Json | undefined): boolean {
  if (isObject(now) && isObject(from)) return Object.keys(from).every((key) => matches(now[key], from[key] as Json));
  return canonical(now) === canonical(from);
}

/** The API server writes quantities its own way: 1024Mi comes back as 1Gi, and 1 as "1". */
function sameAmount(now: unknown, { at, from }: Edit): boolean {
  if (!at.includes('resources')) return false;
  const amount = parseQuantity(words(now) ?? '');
  return amount !== undefined && amount === parseQuantity(words(from) ?? '');
}

function replaceWord(
  parent: { [key: string]: unknown },
  key: string | number,
  path: string,
  edit: Edit,
  { from, to }: NonNullable<Edit['word']>,
) {
  const swap = (said: unknown): unknown =>
    typeof said === 'string'
      ? said
          .split(/(\s+)/)
          .map((word) => (word === from ? to : word))
          .join('')
      : said;
  const now = parent[key];
  const after = Array.isArray(now) ? now.map(swap) : swap(now);
  if (canonical(after) === canonical(now))
    return { is: 'drift' as const, because: `${lastName(edit)} no longer holds ${from}` };
  parent[key] = after;
  return { op: 'replace' as const, path, value: structuredClone(after) };
}

function nest(steps: string[], value: Json): Json {
  return steps.reduceRight<Json>((inner, step) => (step.includes('=') ? [inner] : { [step]: inner }), value);
}

function missing(edit: Edit) {
  return { is: 'drift' as const, because: `${edit.at.join('.')} is no longer in the template` };
}

function changed(edit: Edit, now: unknown) {
  const is = now === undefined ? 'not set' : (words(now) ?? 'different');
  const was = edit.from === undefined ? 'unset' : (words(edit.from) ?? 'what the plan saw');
  return { is: 'drift' as const, because: `${lastName(edit)} is ${is} now, not ${was}` };
}

function lastName({ at }: Edit): string {
  return at.at(-1) ?? '';
}

/** The edits as a fragment of the manifest, for a person to copy. Items of lists are named by their key. */
export function asManifest(edits: Edit[]): string {
  const lines: string[] = [];
  const seen = new Set<string>();
  for (const { at, to, word, like } of edits) {
    at.slice(0, -1).forEach((step, depth) => {
      const path = at.slice(0, depth + 1).join('/');
      if (!seen.has(path)) lines.push(`${indent(depth)}${heading(step)}`);
      seen.add(path);
    });
    lines.push(
      `${indent(at.length - 1)}${valueLine(at.at(-1) ?? '', to, word)}${like ? ` # and what ${like} asks` : ''}`,
    );
  }
  return ['spec:', '  template:', '    spec:', ...lines.map((line) => `      ${line}`)].join('\n');
}

const indent = (depth: number): string => '  '.repeat(depth);
const heading = (step: string): string => (step.includes('=') ? `- ${step.replace('=', ': ')}` : `${step}:`);

function valueLine(step: string, to: Json | undefined, word: Edit['word']): string {
  if (word) return `${step}: # in it, ${word.from} becomes ${word.to}`;
  if (to === undefined) return `# without ${step}`;
  return step.includes('=') ? `- ${JSON.stringify(to)}` : `${step}: ${JSON.stringify(to)}`;
}
