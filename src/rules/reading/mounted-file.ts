// What a path inside a container is made of: the mount that covers it, and whether the ConfigMap or Secret behind
// that mount can make such a file. Symbolic links inside images are not known, so only the longest mount path counts.

import type { ContainerCase } from '../../core/case.ts';
import type { Mount } from '../../core/evidence/container.ts';
import type { Volume } from '../../core/evidence/pod.ts';
import type { Evidence } from '../../core/evidence.ts';
import { type Citation, cite, known } from '../../core/fact.ts';
import { nearestName } from '../../core/nearest.ts';
import { referenceTo } from './settings.ts';

export interface MountedFile {
  mount: Mount;
  volume: Volume;
  kind?: 'ConfigMap' | 'Secret';
  /** Key that makes this file, "" when no key of the object does. */
  key?: string;
  /** Whether the object exists and has such a key; undefined when it could not be read or has no keys. */
  exists?: boolean;
  objectMissing?: boolean;
  nearestKey?: string;
  /** Value of the key, for ConfigMaps. */
  value?: string;
  citations: Citation[];
}

/** The mount below which `path` lies, undefined when the path lies in the image or the mounts were not read. */
export function mountedFile(evidence: Evidence, k: ContainerCase, path: string): MountedFile | undefined {
  const mounts = known(k.container.mounts) ?? [];
  const volumes = known(evidence.pod.volumes) ?? [];
  const covering = mounts
    .map((mount, i) => ({ mount, i }))
    .filter(
      ({ mount }) => path === mount.path || path.startsWith(mount.path.endsWith('/') ? mount.path : `${mount.path}/`),
    )
    .sort((a, b) => b.mount.path.length - a.mount.path.length)[0];
  if (!covering) return undefined;
  const { mount, i } = covering;
  const index = volumes.findIndex((v) => v.name === mount.volume);
  const volume = volumes[index];
  if (!volume) return undefined;
  const source = volume.from ? `${volume.type} ${volume.from}` : volume.type;
  const citations = [
    ...cite(k.container.mounts, `${mount.path} is volume ${mount.volume} (${source})`, `[${i}].mountPath`),
  ];
  const kind = volume.type === 'configMap' ? 'ConfigMap' : volume.type === 'secret' ? 'Secret' : undefined;
  if (!kind) return { mount, volume, citations };
  return { mount, volume, kind, ...keyBehind(evidence, kind, volume, nameBelow(mount, path), citations) };
}

function nameBelow(mount: Mount, path: string): string {
  const below = path.slice(mount.path.length).replace(/^\/+/, '');
  return mount.subPath ? [mount.subPath, below].filter(Boolean).join('/') : below;
}

function keyBehind(
  evidence: Evidence,
  kind: 'ConfigMap' | 'Secret',
  volume: Volume,
  name: string,
  citations: Citation[],
) {
  const object = referenceTo(evidence, kind, volume.from)?.object;
  if (object?.state === 'absent') return { objectMissing: true, exists: false, citations };
  if (object?.state !== 'seen' || name === '') return { citations };
  const { keys, values } = object.value;
  const item = volume.items?.find((each) => each.path === name);
  const key = volume.items ? item?.key : name;
  const exists = key !== undefined && keys.includes(key);
  const files = volume.items ? volume.items.map((each) => each.path) : keys;
  const nearestKey = exists ? undefined : (nearestName(name, files) ?? files[0]);
  return {
    exists,
    key: key ?? '',
    ...(nearestKey ? { nearestKey } : {}),
    ...(exists && kind === 'ConfigMap' && key !== undefined ? { value: values[key] ?? '' } : {}),
    citations: [...citations, ...cite(object, `keys: ${keys.join(', ') || 'none'}`, ':data')],
  };
}

// Files that images bring and no ConfigMap is expected to hold.
const IMAGE_FILES =
  /\/(?:mime\.types|fastcgi(?:\.conf|_params)|uwsgi_params|scgi_params|koi-utf|modules\/[\w.-]{1,200}|passwd|group|nsswitch\.conf|ld\.so\.\w{1,40}|log4j2\.properties|jvm\.options|package\.json|node_modules(?:\/[\w.@/-]{1,300})?|__init__\.py|manage\.py|wsgi\.py|artisan|index\.(?:js|php)|bin\/[\w.-]{1,200}|lib\/[\w./-]{1,300})$/;

/** A file of the image by its name: when it is missing below a mount, the mount hides it. */
export function isImageFile(path: string): boolean {
  return IMAGE_FILES.test(path);
}
