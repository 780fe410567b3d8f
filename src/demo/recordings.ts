// Which recordings the demo serves, and with which rights the bot reads, watches and writes them.

import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { actions } from '../actions/index.ts';
import type { Permission } from '../core/action.ts';
import { NOTE_PERMISSION } from '../kube/note.ts';
import { CLUSTER_READ_PERMISSIONS, READ_PERMISSIONS } from '../kube/permissions.ts';
import { WATCH_CLUSTER_PERMISSIONS, WATCH_PERMISSIONS } from '../kube/watch/permissions.ts';
import { CHECKOUT } from './checkout.ts';
import type { Rule } from './cluster/access.ts';

const ROOT = join(CHECKOUT, 'test/recordings');

/** Folders of all recordings that have a world to live in. */
export function demoRecordings(): string[] {
  if (!existsSync(ROOT))
    throw new Error(
      'The demo needs the recordings of a checkout (test/recordings). Clone the repository and run: npm run demo',
    );
  return readdirSync(ROOT)
    .sort()
    .map((name) => join(ROOT, name))
    .filter((dir) => existsSync(join(dir, 'world.yaml')));
}

/** Exactly the generated Roles: reading, and what the remedies need. */
export function demoAccess(): Rule[] {
  const all: Permission[] = [
    ...READ_PERMISSIONS,
    ...CLUSTER_READ_PERMISSIONS,
    ...actions.flatMap((a) => a.permissions),
    NOTE_PERMISSION,
  ];
  return all.map(ruleOf);
}

/** Exactly the generated Roles of the watcher. */
export function watchAccess(namespaces?: string[]): Rule[] {
  return [
    ...WATCH_PERMISSIONS.map((one) => ({ ...ruleOf(one), ...(namespaces ? { namespaces } : {}) })),
    ...WATCH_CLUSTER_PERMISSIONS.map(ruleOf),
  ];
}

const ruleOf = ({ apiGroup, resource, verbs }: Permission): Rule => ({
  apiGroups: [apiGroup],
  resources: [resource],
  verbs: [...verbs],
});
