// Owner or mode of a volume does not fit the user that the process runs as.

import type { ContainerCase } from '../core/case.ts';
import type { Evidence } from '../core/evidence.ts';
import { type Citation, known } from '../core/fact.ts';
import type { LogHit } from '../core/log-signs.ts';
import { defineRule, eachCase } from '../core/rule.ts';
import { droppedCapabilities } from './reading/capabilities.ts';
import { citeMount, pathNear, pathOfHit, placeOf, userOf, usuallyVolume } from './reading/paths.ts';
import { details, type Said, SPOKEN, saidBy } from './reading/said.ts';
import { DENIED, NOT_A_FILE, NOT_PERMITTED } from './vocabulary/denied.ts';

export default defineRule({
  id: 'volume-permission-denied',
  title: 'The volume belongs to another user',
  explains: ['crash-loop', 'unread'],
  causes: ['application-error', 'init-script-failed', 'config-malformed', 'file-missing', 'data-dir-locked'],
  actions: ['fix-security-context'],
  byHand:
    'Let {user|its user} own {path|the volume}: set fsGroup, or change the owner in an init container; for a hostPath change it on the node.',
  judge: (evidence) =>
    eachCase(
      evidence,
      SPOKEN,
      (k) =>
        saidBy(k, DENIED, (hit) => denied(hit, k, evidence)) ??
        saidBy(k, NOT_PERMITTED, (hit) => squashed(hit, k, evidence)),
    ),
  doc: {
    looksAt: 'the refused path, the mounts of the container, runAsUser and fsGroup',
    means: 'The process runs as a user that neither owns the files on the volume nor shares a group with them.',
    fix: 'Set securityContext.fsGroup to the group of the process (not for hostPath and most NFS), or change the owner once in an init container.',
    prevention:
      'Set runAsUser, runAsGroup and fsGroup together whenever {container} mounts {volume|a volume}, and test with an empty volume.',
    notThis:
      'A path inside the image is file-permission-denied; "Read-only file system" and "Operation not permitted" are others.',
  },
});

function denied(hit: LogHit, k: ContainerCase, evidence: Evidence): Said | undefined {
  if (NOT_A_FILE.test(hit.line.text)) return undefined;
  const path = pathOfHit(hit) || pathNear(hit, k);
  const place = placeOf(path, k, evidence);
  const only = path.startsWith('/') ? undefined : onlyVolume(k, path);
  if (!place.mount && !only && (place.known || !usuallyVolume(path, hit.line.text))) return undefined;
  const { uid, context, citation } = userOf(k);
  const user = uid === undefined ? 'the user of the image' : `user ${uid}`;
  const where = place.mount ?? only;
  return {
    summary: TOO_OPEN.test(hit.line.text)
      ? `the mode of ${path || 'a file'} on ${volumeWords(where)} lets others in, and ${k.container.name} refuses that`
      : `${user} may not use ${path || 'a file'} on ${volumeWords(where)}`,
    detail: details({
      path,
      volume: where?.volume,
      user: uid === undefined ? 'the user of the process' : `user ${uid}`,
      uid,
      fsGroup: typeof context.fsGroup === 'number' ? context.fsGroup : undefined,
      volumeType: place.volume?.type,
    }),
    more: [...wantedMode(hit, k), ...(place.known && !hit.sign.weak ? [...citeMount(place, k), ...citation] : [])],
    ...(place.mount ? {} : { strength: 'sign' }),
  };
}

/** PostgreSQL, OpenSSH and their like insist that nobody else may read. */
const TOO_OPEN = /has invalid permissions|group or world access|too open|accessible by owner only|bad permissions/i;

function volumeWords(where: { volume: string; path: string } | undefined): string {
  return where ? `the volume ${where.volume}${where.path ? ` (${where.path})` : ''}` : 'a volume';
}

/** PostgreSQL says in the next line which modes it takes. */
function wantedMode(hit: LogHit, k: ContainerCase): Citation[] {
  if (!TOO_OPEN.test(hit.line.text) || k.log.state !== 'seen') return [];
  const next = k.log.value.lines.find((l) => l.n === hit.line.n + 1 && /Permissions should be/.test(l.raw));
  return next ? [{ source: 'log', at: `${k.log.at}:${next.n}`, text: next.raw.trim().slice(0, 300) }] : [];
}

/** Nobody took a capability away, and still the owner of files on a volume cannot be changed: NFS, SMB and their like. */
function squashed(hit: LogHit, k: ContainerCase, evidence: Evidence): Said | undefined {
  if (!/chown|chmod|changing (?:ownership|permissions)/i.test(hit.line.text)) return undefined;
  const path = pathOfHit(hit);
  const place = placeOf(path, k, evidence);
  if (!place.mount || droppedCapabilities(k).length > 0) return undefined;
  const { uid, citation } = userOf(k);
  return {
    strength: 'sign',
    summary: `the owner or mode of ${path} on the volume ${place.mount.volume} cannot be changed by ${uid === undefined ? 'the user of the image' : `user ${uid}`}`,
    detail: details({
      path,
      volume: place.mount.volume,
      user: 'the user of the process',
      uid,
      volumeType: place.volume?.type,
    }),
    more: [...citeMount(place, k), ...citation],
  };
}

/** A relative path belongs to the one data volume when there is only one. */
function onlyVolume(k: ContainerCase, path: string) {
  if (path === '' && !known(k.container.mounts)) return undefined;
  const own = (known(k.container.mounts) ?? []).filter(
    (m) => !m.path.startsWith('/var/run/secrets/') && !m.readOnly && !m.subPath,
  );
  return own.length === 1 ? own[0] : undefined;
}
