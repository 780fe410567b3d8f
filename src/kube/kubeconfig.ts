// Reads kubeconfigs as kubectl does: of several files the first that sets a name or the current context wins, files that
// do not exist are passed over, relative paths start at their file.
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, isAbsolute, join } from 'node:path';
import { loadYaml, type User } from '@kubernetes/client-node';
import { at, objects, text } from '../core/json.ts';
import { PooledKubeConfig } from './connections.ts';
import { ClusterError, problem } from './errors.ts';

const SERVICE_ACCOUNT_TOKEN = '/var/run/secrets/kubernetes.io/serviceaccount/token';

/** `given` is a path, several paths joined as in KUBECONFIG, the text of a kubeconfig, or "" for the default places. */
export function readKubeconfigs(given: string): PooledKubeConfig {
  if (/\n|^\s*\{/.test(given)) return fromText(given, 'the given kubeconfig', process.cwd());
  const asked = given.split(delimiter).filter(Boolean);
  const places = asked.length ? asked : [join(homedir(), '.kube', 'config')];
  const files = places.filter((file) => existsSync(file));
  if (files.length === 0) {
    if (asked.length === 0 && existsSync(SERVICE_ACCOUNT_TOKEN)) return inCluster();
    throw problem(`No kubeconfig found (looked at ${places.join(', ')}). Set KUBECONFIG, or try: npm run demo`);
  }
  return merged(files.map((file) => fromText(readText(file), file, dirname(file))));
}

export function inCluster(): PooledKubeConfig {
  if (!existsSync(SERVICE_ACCOUNT_TOKEN))
    throw problem(
      'There is no service account token here: this does not run in a pod, or automountServiceAccountToken is false.',
    );
  const config = new PooledKubeConfig();
  config.loadFromCluster();
  return config;
}

function merged(configs: PooledKubeConfig[]): PooledKubeConfig {
  const config = new PooledKubeConfig();
  const firstOf = <T extends { name: string }>(items: T[]): T[] =>
    [...new Map(items.toReversed().map((i) => [i.name, i])).values()].toReversed();
  config.loadFromOptions({
    clusters: firstOf(configs.flatMap((c) => c.clusters)),
    users: firstOf(configs.flatMap((c) => c.users)),
    contexts: firstOf(configs.flatMap((c) => c.contexts)),
    currentContext: configs.map((c) => c.currentContext).find(Boolean) ?? '',
  });
  return config;
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw problem(`The kubeconfig ${file} cannot be read (${text(at(error, 'code')) ?? 'unknown reason'}).`);
  }
}

function fromText(yaml: string, place: string, folder: string): PooledKubeConfig {
  const config = new PooledKubeConfig();
  try {
    config.loadFromString(yaml);
    config.makePathsAbsolute(folder);
    config.users = config.users.map((user) => completed(user, loadYaml<unknown>(yaml), folder));
  } catch (error) {
    if (error instanceof ClusterError) throw error;
    throw problem(
      `${place} is not a kubeconfig; check it with: kubectl config view --kubeconfig ${JSON.stringify(place)}`,
    );
  }
  return config;
}

/** What kubectl understands and the library does not: `tokenFile`, a plugin path relative to the file, as-groups. */
function completed(user: User, kubeconfig: unknown, folder: string): User {
  const raw = objects(at(kubeconfig, 'users')).find((entry) => entry.name === user.name)?.user;
  for (const field of ['as-groups', 'as-uid', 'as-user-extra'])
    if (at(raw, field) !== undefined)
      throw problem(
        `User "${user.name}" of the kubeconfig impersonates with ${field}, which is not supported; use "as" alone, or another context.`,
      );
  const tokenFile = text(at(raw, 'tokenFile'));
  const command = text(at(user.exec, 'command'));
  return {
    ...user,
    ...(tokenFile ? { authProvider: { name: 'tokenFile', config: { tokenFile: absolute(folder, tokenFile) } } } : {}),
    ...(command?.includes('/') ? { exec: { ...user.exec, command: absolute(folder, command) } } : {}),
  };
}

function absolute(folder: string, path: string): string {
  return isAbsolute(path) ? path : join(folder, path);
}
