// Every generated text of the repository with its path. Written by `npm run generate`, compared by a test: what the
// documents and Roles say about the code is the code's own word.
import { actions } from '../../../src/actions/index.ts';
import { NOTE_PERMISSION } from '../../../src/kube/note.ts';
import { CLUSTER_READ_PERMISSIONS, READ_PERMISSIONS } from '../../../src/kube/permissions.ts';
import { WATCH_CLUSTER_PERMISSIONS, WATCH_PERMISSIONS } from '../../../src/kube/watch/permissions.ts';
import { rules } from '../../../src/rules/index.ts';
import { causesText } from './causes.ts';
import { envExample } from './env-example.ts';
import { policySchemaText } from './policy.ts';
import { reportSchemaText } from './report.ts';
import {
  debugCopyRoleText,
  ephemeralRoleText,
  readRoleText,
  resizeRoleText,
  watchRoleText,
  writeRoleText,
} from './roles.ts';
import { settingsText } from './settings.ts';

export interface GeneratedFile {
  /** Relative to the root of the repository. */
  path: string;
  text: string;
}

export function generatedFiles(): GeneratedFile[] {
  return [
    { path: '.env.example', text: envExample() },
    { path: 'deploy/kubernetes/role-read.yaml', text: readRoleText(READ_PERMISSIONS, CLUSTER_READ_PERMISSIONS) },
    { path: 'deploy/kubernetes/role-watch.yaml', text: watchRoleText(WATCH_PERMISSIONS, WATCH_CLUSTER_PERMISSIONS) },
    {
      path: 'deploy/kubernetes/write/role-write.yaml',
      text: writeRoleText(actions, READ_PERMISSIONS, [NOTE_PERMISSION]),
    },
    {
      path: 'deploy/kubernetes/write/debug-copy/role-debug-copy.yaml',
      text: debugCopyRoleText(actions, READ_PERMISSIONS),
    },
    { path: 'deploy/kubernetes/write/resize/role-resize.yaml', text: resizeRoleText(actions) },
    { path: 'deploy/kubernetes/write/ephemeral/role-ephemeral.yaml', text: ephemeralRoleText(actions) },
    { path: 'deploy/policy.schema.json', text: policySchemaText() },
    { path: 'docs/report.schema.json', text: reportSchemaText() },
    { path: 'docs/causes.md', text: causesText(rules, actions) },
    { path: 'docs/settings.md', text: settingsText() },
  ];
}
