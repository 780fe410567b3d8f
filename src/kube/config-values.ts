// Which values of a ConfigMap may be kept: those of keys that a container's own words point at, and no others.

import { at, type JsonObject, list, objects, text } from '../core/json.ts';

const PARSE_ERROR =
  /(?:pars|syntax|config(?:uration)?\b.*(?:error|line \d)|unknown (?:directive|keyword|field)|unexpected|malformed|invalid|mapping values|line \d+)/i;
const TAIL_LENGTH = 16_000;

/**
 * Keys of a ConfigMap whose value may be kept: those that a log names, by key or by the file name they are mounted as;
 * and, where a log tells of a parse error without naming any file, those that the container's command line names.
 */
export function valuesWanted(configMap: string, keys: string[], spec: JsonObject, said: string[]): string[] {
  const tails = said.map((words) => words.slice(-TAIL_LENGTH));
  const commands = [...objects(spec.initContainers), ...objects(spec.containers)].flatMap((container) =>
    [...list(container.command), ...list(container.args)].map((word) => text(word) ?? ''),
  );
  const parseError = tails.some((tail) => PARSE_ERROR.test(tail));
  return keys.filter((key) =>
    namesOf(configMap, key, spec).some(
      (name) => tails.some((tail) => mentions(tail, name)) || (parseError && commands.some((c) => mentions(c, name))),
    ),
  );
}

/** The key itself and the file names under which volumes present it. */
function namesOf(configMap: string, key: string, spec: JsonObject): string[] {
  const names = [key];
  const containers = [...objects(spec.initContainers), ...objects(spec.containers)];
  for (const volume of objects(spec.volumes)) {
    for (const source of [volume, ...objects(at(volume, 'projected', 'sources'))]) {
      if (at(source, 'configMap', 'name') !== configMap) continue;
      const items = objects(at(source, 'configMap', 'items')).filter((item) => item.key === key);
      const paths = items.length ? items.map((item) => text(item.path) ?? '') : [key];
      names.push(...paths.map(lastStep));
      const mounts = containers.flatMap((container) => objects(container.volumeMounts));
      for (const mount of mounts)
        if (mount.name === volume.name && paths.includes(text(mount.subPath) ?? ''))
          names.push(lastStep(text(mount.mountPath) ?? ''));
    }
  }
  return [...new Set(names)].filter((name) => name.length >= 3);
}

function lastStep(path: string): string {
  return path.split('/').filter(Boolean).at(-1) ?? '';
}

/** As a word of its own: `config.yaml` is not mentioned by `app-config.yaml`. */
function mentions(haystack: string, name: string): boolean {
  for (let from = haystack.indexOf(name); from >= 0; from = haystack.indexOf(name, from + 1)) {
    const around = `${haystack[from - 1] ?? ' '}${haystack[from + name.length] ?? ' '}`;
    if (!/^[\w-]|[\w-]$/.test(around)) return true;
  }
  return false;
}
