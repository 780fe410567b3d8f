// Which file a refusal speaks of, and where that file lives: on a volume of the pod or inside the image.

import type { ContainerCase } from '../../core/case.ts';
import type { Mount } from '../../core/evidence/container.ts';
import type { Volume } from '../../core/evidence/pod.ts';
import type { Evidence } from '../../core/evidence.ts';
import { type Citation, cite, known } from '../../core/fact.ts';
import type { JsonObject } from '../../core/json.ts';
import type { LogHit } from '../../core/log-signs.ts';
import { linesAround } from './said.ts';

const PATH = /(?:^|[\s"'‘’“(=:[`>])(?<path>\/[\w.@%+~-][^\s"'’”:;,)\]`]*)/g;
const PHRASE =
  /permission denied|access ?denied|EACCES|read-only file|EROFS|not permitted|EPERM|\((?:13|30|1): |Errcode|is denied/i;

/** The path a hit names: its own group, else the one that stands nearest before the refusal, else the first after it. */
export function pathOfHit(hit: LogHit): string {
  const g = hit.groups;
  const told = g.path ?? g.path2 ?? g.path3 ?? g.path4 ?? g.path5;
  if (told) return told;
  const { text } = hit.line;
  const phrase = PHRASE.exec(text)?.index ?? text.length;
  const all = [...text.slice(0, 4_000).matchAll(PATH)].map((m) => ({ at: m.index, path: trim(m.groups?.path ?? '') }));
  const before = all.filter((p) => p.at < phrase && phrase - p.at < 300).at(-1);
  return (before ?? all.find((p) => p.at >= phrase))?.path ?? relative(text);
}

function trim(path: string): string {
  return path.replace(/[.,]{1,9}$/, '');
}

const SOURCE = /\.(?:rs|go|c|cc|cpp|py|js|ts|java|rb|php|erl|ex)$/;

/** `mkdir data: permission denied`, `open 'logs/app.log'`: a path below the working directory. */
function relative(text: string): string {
  const words =
    /\b(?:open|mkdir|create|creating|directory|dir|file|touch|write|unlink|rename)\b:? ['"‘]?(?<path>(?:\.{1,2}\/){0,4}[\w.-]+(?:\/[\w.-]+)*)['"’]?/gi;
  const paths = [...text.slice(0, 4_000).matchAll(words)]
    .map((m) => m.groups?.path ?? '')
    .filter((p) => !SOURCE.test(p));
  const path = paths.find((p) => /[./]/.test(p)) ?? paths[0] ?? '';
  return /[./]|dir|data|log/i.test(path) && !/^(?:or|to|for|a|the|failed|temp|append-only)$/i.test(path) ? path : '';
}

/** Node.js and npm print the path of a refused call some lines below it. */
export function pathNear(hit: LogHit, k: ContainerCase): string {
  const below = linesAround(k, hit.line.n, 2, 8);
  return below.map((l) => /\bpath:? '?(\/[^\s',]*)/.exec(l.text)?.[1]).find((p) => p !== undefined) ?? '';
}

// Where images expect their data volume; used only when the specification could not be read.
const USUAL_VOLUME =
  /^\/(?:data|config|mnt|pv|pvc|storage|volumes?|bitnami|prometheus|alertmanager|loki|tempo|vault\/data|var\/(?:loki|tempo|mimir|opt\/mssql|lib\/(?:postgresql|mysql|mongodb|redis|grafana|rabbitmq|kafka|zookeeper|clickhouse|cassandra|elasticsearch|influxdb|neo4j|etcd)|jenkins_home|atlassian|opt\/gitlab)|usr\/share\/elasticsearch\/data|nexus-data|opt\/sonarqube\/data|home\/jenkins|run\/docker\.sock|var\/run\/docker\.sock)(?:\/|$)/;

// What data servers call the files of their volume, where they do not print a whole path.
const DATA = /append-?only|\.rdb\b|backend|node\.lock|sonatype-work|ibdata|ddl_recovery|owner of the data/i;

/** Where the specification was not read: does such a path lie on a volume nearly everywhere? */
export function usuallyVolume(path: string, text: string): boolean {
  return USUAL_VOLUME.test(path) || (!path.startsWith('/') && DATA.test(text));
}

export interface Place {
  /** The mount that holds the path; undefined when none does or mounts are unknown. */
  mount: Mount | undefined;
  volume: Volume | undefined;
  /** False when the pod's specification could not be read: then absence of a mount says nothing. */
  known: boolean;
}

/** The innermost mount above a path. */
export function placeOf(path: string, k: ContainerCase, evidence: Evidence): Place {
  const { mounts, workingDir } = k.container;
  const whole = path.startsWith('/') ? path : `${known(workingDir) ?? ''}/${path}`;
  const above = (known(mounts) ?? []).filter((m) => whole === m.path || whole.startsWith(m.path.replace(/\/?$/, '/')));
  const mount = above.sort((a, b) => b.path.length - a.path.length)[0];
  const volume = mount && (known(evidence.pod.volumes) ?? []).find((v) => v.name === mount.volume);
  return { mount, volume, known: mounts.state !== 'unread' };
}

export function citeMount(place: Place, k: ContainerCase): Citation[] {
  const { mount, volume } = place;
  if (!mount) return [];
  const i = (known(k.container.mounts) ?? []).indexOf(mount);
  const from = volume?.from ? ` ${volume.from}` : '';
  return cite(
    k.container.mounts,
    `volume ${mount.volume}${volume ? ` (${volume.type}${from})` : ''} is mounted at ${mount.path}${mount.readOnly ? ', read-only' : ''}`,
    `[${i}]`,
  );
}

/** The user that the process runs as, as far as the specification sets one. */
export function userOf(k: ContainerCase): { uid: number | undefined; context: JsonObject; citation: Citation[] } {
  const context = known(k.container.securityContext) ?? {};
  const uid = typeof context.runAsUser === 'number' ? context.runAsUser : undefined;
  const told = ['runAsUser', 'runAsGroup', 'fsGroup', 'runAsNonRoot'].flatMap((f) =>
    context[f] === undefined ? [] : [`${f} ${String(context[f])}`],
  );
  return { uid, context, citation: told.length ? cite(k.container.securityContext, told.join(', ')) : [] };
}
