// What deploy/ holds, as data: its files, their YAML documents, and the environment that a pod would get from them.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse, parseAllDocuments } from 'yaml';

export const root = fileURLToPath(new URL('../..', import.meta.url));

export const textOf = (path: string): string => readFileSync(join(root, path), 'utf8');

// biome-ignore lint/suspicious/noExplicitAny: tests look into whatever the manifests say.
export type Yaml = any;

export const yamlOf = (path: string): Yaml => parse(textOf(path), { strict: true, uniqueKeys: true });

export interface Manifest {
  /** File and kind/name, for the words of a failing test. */
  at: string;
  file: string;
  object: Yaml;
}

export function filesIn(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .flatMap((entry) => (entry.isDirectory() ? filesIn(`${folder}/${entry.name}`) : [`${folder}/${entry.name}`]))
    .sort();
}

/** All Kubernetes objects in deploy/kubernetes; the kustomization is none. Throws where YAML does not parse. */
export function manifests(): Manifest[] {
  return filesIn('deploy/kubernetes')
    .filter((file) => file.endsWith('.yaml') && !file.endsWith('kustomization.yaml'))
    .flatMap((file) =>
      parseAllDocuments(textOf(file), { strict: true, uniqueKeys: true }).map((document) => {
        const [problem] = [...document.errors, ...document.warnings];
        if (problem) throw new Error(`${file}: ${problem.message}`);
        const object = document.toJS() as Yaml;
        return { at: `${file} ${object.kind}/${object.metadata.name}`, file, object };
      }),
    );
}

export function manifest(kind: string, name: string): Yaml {
  const found = manifests().find(({ object }) => object.kind === kind && object.metadata.name === name);
  if (!found) throw new Error(`deploy/kubernetes holds no ${kind} named ${name}`);
  return found.object;
}

/** Every pod template with the name of its workload. */
export function podTemplates(): { at: string; kind: string; name: string; template: Yaml }[] {
  return manifests()
    .filter(({ object }) => object.spec?.template)
    .map(({ at, object }) => ({ at, kind: object.kind, name: object.metadata.name, template: object.spec.template }));
}

/** The environment of a workload's container. Values from Secrets come from `secrets`: `NAME/KEY` → value. */
export function environmentOf(workload: string, secrets: { [key: string]: string }): { [name: string]: string } {
  const { template } = podTemplates().find(({ name }) => name === workload) ?? {};
  const [container] = template?.spec.containers ?? [];
  const environment: { [name: string]: string } = {};
  for (const { configMapRef } of container?.envFrom ?? [])
    Object.assign(environment, manifest('ConfigMap', configMapRef.name).data);
  for (const { name, value, valueFrom } of container?.env ?? []) {
    const from = valueFrom?.secretKeyRef;
    const secret = from ? secrets[`${from.name}/${from.key}`] : undefined;
    if (value !== undefined) environment[name] = value;
    else if (secret !== undefined) environment[name] = secret;
    else if (!from?.optional) throw new Error(`${workload} wants ${name} from ${from?.name}/${from?.key}`);
  }
  return environment;
}
