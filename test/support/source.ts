// Reads source text as its syntax tree, for tests about how the code is put together.
// Invariant: only code counts; words in comments and strings never do.
import { parseAst } from 'vitest/node';

export type Import = { line: number; from: string; names: string[]; typeOnly: boolean };
export type Use = { line: number; what: string };

type Node = { type: string; start: number } & Record<string, unknown>;

/** Every module that the text imports, re-exports, loads with import() or names in a type. */
export function importsOf(code: string): Import[] {
  return nodesOf(code).flatMap((node) => {
    const source = node.source;
    if (!isNode(source) || typeof source.value !== 'string') return [];
    const specifiers = Array.isArray(node.specifiers) ? node.specifiers.filter(isNode) : [];
    return [
      {
        line: lineAt(code, node.start),
        from: source.value,
        // A namespace or default import may use anything of the module.
        names: specifiers.map((each) => nameOf(each.imported) ?? '*'),
        typeOnly: node.importKind === 'type' || node.exportKind === 'type' || node.type === 'TSImportType',
      },
    ];
  });
}

/** What pure code may not do: wait, look at a clock, roll dice, read the environment. */
export function impuritiesOf(code: string): Use[] {
  return nodesOf(code).flatMap((node) => {
    const what = impurity(node);
    return what === null ? [] : [{ line: lineAt(code, node.start), what }];
  });
}

/** Where the text reads process.env. */
export function environmentReadsOf(code: string): Use[] {
  return nodesOf(code)
    .filter((node) => memberName(node) === 'process.env')
    .map((node) => ({ line: lineAt(code, node.start), what: 'process.env' }));
}

const impureMembers = new Set(['Date.now', 'Math.random', 'performance.now']);
const impureCalls = new Set(['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'fetch', 'Date']);
const impureObjects = new Set(['process', 'globalThis', 'crypto', 'console']);

function impurity(node: Node): string | null {
  if (node.async === true) return 'async';
  if (node.type === 'AwaitExpression' || node.await === true) return 'await';
  const member = memberName(node);
  if (member !== null && (impureMembers.has(member) || impureObjects.has(member.split('.')[0] ?? ''))) return member;
  const noArguments = Array.isArray(node.arguments) && node.arguments.length === 0;
  if (node.type === 'NewExpression' && nameOf(node.callee) === 'Date' && noArguments)
    return 'new Date() without a time';
  if (node.type === 'CallExpression' && impureCalls.has(nameOf(node.callee) ?? '')) return `${nameOf(node.callee)}()`;
  if (node.type === 'VariableDeclarator' && impureObjects.has(nameOf(node.init) ?? ''))
    return String(nameOf(node.init));
  return null;
}

function memberName(node: Node): string | null {
  if (node.type !== 'MemberExpression') return null;
  const object = nameOf(node.object);
  return object === null ? null : `${object}.${nameOf(node.property) ?? '[…]'}`;
}

const nameOf = (value: unknown): string | null =>
  isNode(value) && value.type === 'Identifier' && typeof value.name === 'string' ? value.name : null;

function nodesOf(code: string): Node[] {
  const found: Node[] = [];
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(visit);
    else if (isNode(value)) {
      found.push(value);
      Object.values(value).forEach(visit);
    }
  };
  visit(parseAst(code, { lang: 'ts' }));
  return found;
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value && 'start' in value;

const lineAt = (code: string, offset: number): number => code.slice(0, offset).split('\n').length;

/** Every regular expression that is written out in the text. */
export function patternsOf(code: string): { source: string; flags: string; line: number }[] {
  return nodesOf(code).flatMap((node) => {
    if (!isRegExp(node.regex)) return [];
    const { pattern: source, flags } = node.regex;
    return [{ source, flags, line: lineAt(code, node.start) }];
  });
}

const isRegExp = (value: unknown): value is { pattern: string; flags: string } =>
  typeof value === 'object' && value !== null && 'pattern' in value && 'flags' in value;
