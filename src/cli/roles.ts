// `loopbreaker roles FILE`: the ClusterRole that lets the worker write in the names that a policy file gives, for kubectl apply.
import { readFileSync } from 'node:fs';
import { stringify } from 'yaml';
import { readPolicyText } from '../config/policy-text.ts';
import { impersonateRights } from '../core/policy/impersonate.ts';
import { complain, type ExitCode, out } from './output.ts';

const NAME = 'loopbreaker-impersonate';
const labels = { 'app.kubernetes.io/name': 'loopbreaker' };
const apiGroup = 'rbac.authorization.k8s.io';

export function rolesCommand(path: string): ExitCode {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    complain(`${path} cannot be read. Give the path of the policy file.`);
    return 1;
  }
  const read = readPolicyText(text, path);
  if (!read.ok) {
    for (const problem of read.problems) complain(problem);
    return 1;
  }
  const rules = impersonateRights(read.file.impersonate);
  if (rules.length === 0) {
    complain(`${path} gives nobody a Kubernetes user (section impersonate), so no Role is needed for it.`);
    return 0;
  }
  out([role(rules), binding].map((object) => stringify(object, { aliasDuplicateObjects: false })).join('---\n'));
  return 0;
}

const role = (rules: object[]): object => ({
  apiVersion: `${apiGroup}/v1`,
  kind: 'ClusterRole',
  metadata: { name: NAME, labels },
  rules,
});

const binding: object = {
  apiVersion: `${apiGroup}/v1`,
  kind: 'ClusterRoleBinding',
  metadata: { name: NAME, labels },
  roleRef: { apiGroup, kind: 'ClusterRole', name: NAME },
  subjects: [{ kind: 'ServiceAccount', name: 'loopbreaker-worker', namespace: 'loopbreaker' }],
};
