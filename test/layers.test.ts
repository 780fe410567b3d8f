// Who may import whom, and what the pure rooms may not do: read from the source itself, file by file.
import { readdirSync, readFileSync } from 'node:fs';
import { posix, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { environmentReadsOf, importsOf, impuritiesOf } from './support/source.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Which rooms a room may import from. null: it wires the others together and may import any. */
const mayImport: Record<string, string[] | null> = {
  core: ['core'],
  rules: ['core', 'rules'],
  actions: ['core', 'actions'],
  kube: ['core', 'kube'],
  slack: ['core', 'slack'],
  alerts: ['core', 'alerts'],
  sources: ['core', 'sources'],
  queue: ['core', 'queue'],
  config: ['core', 'config'],
  setup: ['setup'],
  cli: null,
  demo: null,
  main: null,
  roles: null,
  answer: ['core', 'rules', 'actions', 'answer'],
};

/** The pure rooms and all that they may import from outside. */
const purePackages: Record<string, string[]> = { core: ['zod', 'yaml', 'diff'], rules: [], actions: [] };

/** Libraries that few rooms know. The doubles of demo are made of the libraries' own models and types. */
const homesOf: { library: RegExp; rooms: string[]; types?: string[] }[] = [
  { library: /^@kubernetes\/client-node/, rooms: ['kube', 'demo'] },
  { library: /^@slack\//, rooms: ['slack'], types: ['demo'] },
  { library: /^(bullmq|ioredis)(\/|$)/, rooms: ['queue'] },
];

const readsEnvironment = ['config', 'setup', 'cli', 'demo'];

/** Every line of one file that breaks a layer, as a sentence that begins with file:line. */
function breaches(path: string, code: string): string[] {
  const room = roomOf(path);
  const allowed = mayImport[room];
  if (allowed === undefined) return [`${path}:1 is in a room that the layers do not know: ${room}`];
  const found = importsOf(code).flatMap(({ line, from, names, typeOnly }) => {
    const reason = from.startsWith('.') ? crossing(path, from) : library(room, from, names, typeOnly);
    return reason === null ? [] : [`${path}:${line} imports ${from}: ${reason}`];
  });
  if (room in purePackages) {
    found.push(...impuritiesOf(code).map(({ line, what }) => `${path}:${line} has ${what}: ${room} is pure`));
  } else if (!readsEnvironment.includes(room)) {
    found.push(...environmentReadsOf(code).map(({ line, what }) => `${path}:${line} reads ${what}: only config does`));
  }
  return found;
}

function crossing(path: string, from: string): string | null {
  const room = roomOf(path);
  const target = roomOf(posix.join(posix.dirname(path), from));
  const allowed = mayImport[room];
  return !allowed || allowed.includes(target) ? null : `${room} may import ${allowed.join(' and ')} only`;
}

function library(room: string, from: string, names: string[], typeOnly: boolean): string | null {
  const pure = purePackages[room];
  if (pure) {
    const hashing = room === 'core' && from === 'node:crypto' && names.every((name) => name === 'createHash');
    if (hashing || pure.some((name) => from === name || from.startsWith(`${name}/`))) return null;
    return `${room} is pure and may import ${['core', ...pure].join(', ')} only`;
  }
  const home = homesOf.find(({ library }) => library.test(from));
  if (!home || home.rooms.includes(room) || (typeOnly && home.types?.includes(room))) return null;
  return `only ${home.rooms.join(' and ')} may`;
}

/** src/kube/read.ts is in kube; files beside the rooms wire them together, except config.ts. */
function roomOf(path: string): string {
  const [, first = '', ...rest] = path.split('/');
  if (rest.length > 0) return first;
  return first === 'config.ts' ? 'config' : 'main';
}

const sources = readdirSync(`${root}/src`, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && /\.(ts|mjs)$/.test(entry.name))
  .map((entry) => relative(root, `${entry.parentPath}/${entry.name}`).replaceAll('\\', '/'));

test('every import in src keeps the layers, and the pure rooms are pure', () => {
  expect(sources.length).toBeGreaterThan(0);
  expect(sources.flatMap((path) => breaches(path, readFileSync(`${root}/${path}`, 'utf8')))).toEqual([]);
});

test.each([
  {
    breach: 'a room that imports another',
    path: 'src/kube/read.ts',
    code: "\nimport { post } from '../slack/post.ts';",
    named: 'src/kube/read.ts:2 imports ../slack/post.ts: kube may import core and kube only',
  },
  {
    breach: 'a re-export of another room',
    path: 'src/queue/jobs.ts',
    code: "export * from '../kube/read.ts';",
    named: 'src/queue/jobs.ts:1 imports ../kube/read.ts',
  },
  {
    breach: 'a type of another room',
    path: 'src/rules/oom.ts',
    code: "type A = import('../actions/undo.ts').A;",
    named: 'src/rules/oom.ts:1 imports ../actions/undo.ts',
  },
  {
    breach: 'a library in core',
    path: 'src/core/story.ts',
    code: "import { z } from 'zod';\nimport 'pino';",
    named: 'src/core/story.ts:2 imports pino: core is pure',
  },
  {
    breach: 'randomness from node:crypto in core',
    path: 'src/core/hash.ts',
    code: "import { createHash, randomBytes } from 'node:crypto';",
    named: 'src/core/hash.ts:1 imports node:crypto: core is pure',
  },
  {
    breach: 'BullMQ outside queue',
    path: 'src/slack/app.ts',
    code: "const q = import('bullmq');",
    named: 'src/slack/app.ts:1 imports bullmq: only queue may',
  },
  {
    breach: 'the Kubernetes client in the command line',
    path: 'src/cli/live.ts',
    code: "import type { V1Pod } from '@kubernetes/client-node';",
    named: 'src/cli/live.ts:1 imports @kubernetes/client-node: only kube and demo may',
  },
  {
    breach: 'Bolt in the demo',
    path: 'src/demo/slack/api.ts',
    code: "import { App } from '@slack/bolt';",
    named: 'src/demo/slack/api.ts:1 imports @slack/bolt: only slack may',
  },
  {
    breach: 'waiting in core',
    path: 'src/core/story.ts',
    code: '// no wait\nexport const f = async () => 1;',
    named: 'src/core/story.ts:2 has async: core is pure',
  },
  { breach: 'the clock in core', path: 'src/core/story.ts', code: 'const a = Date.now();', named: 'has Date.now' },
  {
    breach: 'the time of now in core',
    path: 'src/core/story.ts',
    code: 'const a = new Date();',
    named: 'has new Date()',
  },
  {
    breach: 'dice in actions',
    path: 'src/actions/undo.ts',
    code: 'const id = Math.random();',
    named: 'has Math.random',
  },
  {
    breach: 'the environment in rules',
    path: 'src/rules/oom.ts',
    code: 'const { env } = process;',
    named: 'has process',
  },
  {
    breach: 'the environment in slack',
    path: 'src/slack/app.ts',
    code: 'const token = process.env.TOKEN;',
    named: 'src/slack/app.ts:1 reads process.env: only config does',
  },
  {
    breach: 'a room that nobody knows',
    path: 'src/helpers/all.ts',
    code: '',
    named: 'src/helpers/all.ts:1 is in a room that the layers do not know: helpers',
  },
])('$breach is named with its file and line', ({ path, code, named }) => {
  expect(breaches(path, code).join('\n')).toContain(named);
});

test.each([
  {
    habit: 'hashing in core, and words in comments and strings',
    path: 'src/core/hash.ts',
    code: "import { createHash } from 'node:crypto';\n// Date.now(), await\nconst a = 'Math.random() process.env';",
  },
  {
    habit: 'a given time in core',
    path: 'src/core/time.ts',
    code: "import { parse } from 'yaml';\nconst a = (at: string) => new Date(at).getTime();",
  },
  {
    habit: 'a list of rules',
    path: 'src/rules/index.ts',
    code: "import { oom } from './oom.ts';\nimport { defineRule } from '../core/rule.ts';",
  },
  {
    habit: "Slack's types in the demo",
    path: 'src/demo/slack/api.ts',
    code: "import type { Block } from '@slack/types';\nimport { step } from '../../core/story.ts';",
  },
  {
    habit: 'wiring in main',
    path: 'src/main.ts',
    code: "import { startWorker } from './queue/worker.ts';\nimport { config } from './config.ts';",
  },
])('$habit is in order', ({ path, code }) => {
  expect(breaches(path, code)).toEqual([]);
});
