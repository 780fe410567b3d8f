// Which configuration a complaint is about: the file in the line itself, in the lines before it, in the command line,
// or the only ConfigMap that is mounted; and the key that makes that file.

import type { ContainerCase } from '../../core/case.ts';
import type { Evidence } from '../../core/evidence.ts';
import { type Citation, cite, known } from '../../core/fact.ts';
import type { LogHit } from '../../core/log-signs.ts';
import { CONFIG_FILE } from '../vocabulary/malformed.ts';
import { type MountedFile, mountedFile } from './mounted-file.ts';
import { citeLine, linesAround } from './said.ts';

export interface ConfigFile {
  /** "" when nothing names it. */
  path: string;
  /** The line, argument or mount that names it, when it is not the complaint itself. */
  citations: Citation[];
  mounted: MountedFile | undefined;
}

const PATHS = /(?:\/|\.\/)?[\w.@~+-]{1,80}(?:\/[\w.@~+-]{1,80}){0,12}/g;
// Sources and libraries appear in traces; they are not what is being configured.
const NOT_CONFIG =
  /node_modules|site-packages|dist-packages|\/usr\/lib\/|package(?:-lock)?\.json$|\.(?:js|py|rb|go|rs|java|ts)$|^\/etc\/(?:sysctl|resolv|nsswitch|host)\.conf$/;

const ABSENT = /no such file|not found|does not exist|missing|optional|skipp|ignor/i;

export function configFile(evidence: Evidence, k: ContainerCase, hit: LogHit): ConfigFile {
  const said = hit.groups.file || hit.groups.file2 || '';
  const named = said.startsWith('/') || CONFIG_FILE.test(said) ? said : first(hit.line.text);
  if (named) return found(evidence, k, named, []);
  for (const line of linesAround(k, hit.line.n, 40, 4).reverse()) {
    // A file that is not there, or can be done without, was not parsed.
    const path = line.n === hit.line.n || ABSENT.test(line.raw) ? undefined : first(line.raw);
    if (path) return found(evidence, k, path, [citeLine(k, line)]);
  }
  for (const fact of [k.container.args, k.container.command]) {
    const words = known(fact) ?? [];
    const path = words.map((w) => first(w)).find((p) => p !== undefined);
    if (path) return found(evidence, k, path, cite(fact, words.join(' ').slice(0, 200)));
  }
  return onlyMounted(evidence, k);
}

function first(text: string): string | undefined {
  return [...text.slice(0, 2000).matchAll(PATHS)]
    .filter((m) => m[0].includes('/') || /["'`[]/.test(text[m.index - 1] ?? '') || /^[A-Z]\w+file$/.test(m[0]))
    .map((m) => m[0])
    .find((p) => CONFIG_FILE.test(p) && !NOT_CONFIG.test(p));
}

function found(evidence: Evidence, k: ContainerCase, path: string, citations: Citation[]): ConfigFile {
  const mounted = path.startsWith('/') ? mountedFile(evidence, k, path) : byName(evidence, k, path);
  return { path, citations: [...citations, ...(mounted?.citations ?? [])], mounted };
}

/** "app.yaml" without a directory: the mounted file of that name. */
function byName(evidence: Evidence, k: ContainerCase, path: string): MountedFile | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return mountedFiles(evidence, k).find(({ path: p }) => p.endsWith(`/${name}`))?.file;
}

function onlyMounted(evidence: Evidence, k: ContainerCase): ConfigFile {
  const files = mountedFiles(evidence, k);
  const only = files.length === 1 ? files[0] : undefined;
  return only
    ? { path: only.path, citations: only.file.citations, mounted: only.file }
    : { path: '', citations: [], mounted: undefined };
}

/** Every configuration file that a mounted ConfigMap makes in this container. */
function mountedFiles(evidence: Evidence, k: ContainerCase): { path: string; file: MountedFile }[] {
  const volumes = known(evidence.pod.volumes) ?? [];
  return (known(k.container.mounts) ?? []).flatMap((mount) => {
    const volume = volumes.find((v) => v.name === mount.volume);
    if (volume?.type !== 'configMap') return [];
    const object = evidence.references.find((r) => r.kind === 'ConfigMap' && r.name === volume.from)?.object;
    const names = volume.items?.map((i) => i.path) ?? (object?.state === 'seen' ? object.value.keys : []);
    const paths = mount.subPath ? [mount.path] : names.map((name) => `${mount.path.replace(/\/$/, '')}/${name}`);
    return paths.flatMap((path) => {
      const file = mountedFile(evidence, k, path);
      return file ? [{ path, file }] : [];
    });
  });
}
