// The volumes section of `kubectl describe`, in the shape of the API.

import type { JsonObject } from '../json.ts';
import { keyValue } from './describe-lines.ts';

/** Volumes begin with `name:` alone on a line, followed by `Type:`. */
export function readVolumes(lines: string[]): JsonObject[] {
  const volumes: JsonObject[] = [];
  for (let i = 0; i < lines.length; i++) {
    const name = /^\s*([a-z0-9][a-z0-9.-]*):\s*$/.exec(lines[i]!)?.[1];
    if (name === undefined || keyValue(lines[i + 1] ?? '')?.key !== 'Type') continue;
    let end = i + 1;
    while (
      end < lines.length &&
      !(/^\s*[a-z0-9][a-z0-9.-]*:\s*$/.test(lines[end]!) && keyValue(lines[end + 1] ?? '')?.key === 'Type')
    )
      end++;
    volumes.push({ name, ...volumeOf(lines.slice(i + 1, end)) });
    i = end - 1;
  }
  return volumes;
}

function volumeOf(lines: string[]): JsonObject {
  const pairs = lines.map(keyValue).filter((pair) => pair !== undefined);
  const value = (key: string): string => pairs.find((pair) => pair.key === key)?.value ?? '';
  const some = (key: string, name: string): JsonObject =>
    value(key) && !value(key).startsWith('<') ? { [name]: value(key) } : {};
  const isTrue = (key: string, name: string): JsonObject => (value(key) === 'true' ? { [name]: true } : {});
  const type = value('Type').split(' ')[0] ?? '';
  switch (type) {
    case 'HostPath':
      return { hostPath: { path: value('Path'), ...some('HostPathType', 'type') } };
    case 'EmptyDir':
      return { emptyDir: { ...some('Medium', 'medium'), ...some('SizeLimit', 'sizeLimit') } };
    case 'Secret':
      return { secret: { secretName: value('SecretName'), ...isTrue('Optional', 'optional') } };
    case 'ConfigMap':
      return { configMap: { name: value('Name'), ...isTrue('Optional', 'optional') } };
    case 'PersistentVolumeClaim':
      return { persistentVolumeClaim: { claimName: value('ClaimName'), ...isTrue('ReadOnly', 'readOnly') } };
    case 'NFS':
      return { nfs: { server: value('Server'), path: value('Path'), ...isTrue('ReadOnly', 'readOnly') } };
    case 'CSI':
      return { csi: { driver: value('Driver'), ...isTrue('ReadOnly', 'readOnly') } };
    case 'Projected':
      return { projected: { sources: sourcesOf(pairs) } };
    case '':
      return {};
    default:
      return { [type.slice(0, 1).toLowerCase() + type.slice(1)]: {} };
  }
}

/** Sources are printed one below the other; `Optional` belongs to the name before it. */
function sourcesOf(pairs: { key: string; value: string }[]): JsonObject[] {
  const sources: JsonObject[] = [];
  for (const { key, value } of pairs) {
    if (key === 'SecretName') sources.push({ secret: { name: value } });
    else if (key === 'ConfigMapName') sources.push({ configMap: { name: value } });
    else if (key === 'DownwardAPI') sources.push({ downwardAPI: {} });
    else if (key === 'TokenExpirationSeconds')
      sources.push({ serviceAccountToken: { expirationSeconds: Number(value) || 0, path: 'token' } });
    else if (/Optional$/.test(key) && value === 'true') {
      const last = sources.at(-1);
      const ref = (last?.secret ?? last?.configMap) as JsonObject | undefined;
      if (ref) ref.optional = true;
    }
  }
  return sources;
}
