// Volumes of a pod's spec: their type, and what they are taken from.

import type { Volume } from '../evidence/pod.ts';
import { type JsonObject, object, objects, text, words } from '../json.ts';

const VOLUME_NAMES: { [type: string]: string } = {
  configMap: 'name',
  secret: 'secretName',
  persistentVolumeClaim: 'claimName',
  hostPath: 'path',
  nfs: 'server',
  csi: 'driver',
};

export function volumesOf(spec: JsonObject): Volume[] {
  return objects(spec.volumes).map((volume) => {
    const type = Object.keys(volume).find((key) => key !== 'name') ?? '';
    const body = object(volume[type]);
    return {
      name: text(volume.name) ?? '',
      type,
      from: words(body[VOLUME_NAMES[type] ?? '']) ?? '',
      sizeLimit: words(body.sizeLimit) ?? '',
      detail: text(body.medium) ?? text(body.type) ?? '',
      optional: body.optional === true,
      ...(body.items === undefined ? {} : { items: objects(body.items).map(itemOf) }),
    };
  });
}

function itemOf(item: JsonObject): { key: string; path: string } {
  return { key: text(item.key) ?? '', path: text(item.path) ?? '' };
}
