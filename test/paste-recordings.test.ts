// Pasted `kubectl describe` and logs of every recording, held against the objects that the API server returned.
// What describe cannot show is listed here and nowhere else.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Evidence } from '../src/core/evidence.ts';
import { evidenceFrom } from '../src/core/evidence-from.ts';
import type { Fact } from '../src/core/fact.ts';
import { at, canonical, type JsonObject, object, objects } from '../src/core/json.ts';
import { type PastedFile, readPaste } from '../src/core/paste.ts';
import type { KubeObject, Snapshot } from '../src/core/snapshot.ts';

const RECORDINGS = join(import.meta.dirname, 'recordings');
const folders = readdirSync(RECORDINGS, { withFileTypes: true })
  .filter((e) => e.isDirectory())
  .map((e) => e.name);

function read(folder: string, file: string): string {
  return readFileSync(join(RECORDINGS, folder, file), 'utf8');
}

function logFiles(folder: string): PastedFile[] {
  try {
    return readdirSync(join(RECORDINGS, folder, 'logs')).map((name) => ({
      name,
      text: read(folder, join('logs', name)),
    }));
  } catch {
    return [];
  }
}

function items(folder: string): KubeObject[] {
  return JSON.parse(read(folder, 'objects.json')).items;
}

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value ?? null));

/** A pod as describe shows it: fields it prints, in one order. */
function shown(pod: KubeObject): unknown {
  const spec = object(pod.spec);
  const status = object(pod.status);
  const lists = ['initContainers', 'containers'].map((list) => objects(spec[list]).map(shownContainer));
  const states = ['initContainerStatuses', 'containerStatuses'].map((list) =>
    objects(status[list])
      .map(shownStatus)
      .sort((a, b) => a.name.localeCompare(b.name)),
  );
  return plain({
    name: pod.metadata.name,
    namespace: pod.metadata.namespace,
    labels: pod.metadata.labels,
    owners: objects(pod.metadata.ownerReferences).map((o) => [o.apiVersion, o.kind, o.name]),
    node: spec.nodeName,
    account: spec.serviceAccountName,
    selector: spec.nodeSelector,
    phase: status.phase,
    reason: status.reason,
    // kubectl trims blanks at a line's end.
    message: typeof status.message === 'string' ? status.message.trimEnd() : undefined,
    ip: status.podIP,
    qos: status.qosClass,
    conditions: objects(status.conditions).map((c) => [c.type, c.status]),
    volumes: objects(spec.volumes).map(shownVolume),
    lists,
    states,
  });
}

function shownContainer(c: JsonObject): unknown {
  const probes = ['livenessProbe', 'readinessProbe', 'startupProbe'].map((name) =>
    c[name] === undefined ? null : shownProbe(object(c[name])),
  );
  return {
    name: c.name,
    image: c.image,
    command: c.command,
    args: c.args,
    sidecar: c.restartPolicy === 'Always',
    ports: objects(c.ports).map((p) => [p.containerPort, p.protocol]),
    env: objects(c.env).map((e) => ({ name: e.name, value: e.valueFrom ? null : (e.value ?? ''), from: e.valueFrom })),
    envFrom: c.envFrom,
    resources: c.resources ?? {},
    probes,
    mounts: objects(c.volumeMounts)
      .map((m) => [m.name, m.mountPath, m.readOnly === true, m.subPath ?? ''])
      .sort(),
  };
}

function shownProbe(probe: JsonObject): unknown {
  const {
    initialDelaySeconds,
    timeoutSeconds,
    periodSeconds,
    successThreshold,
    failureThreshold,
    httpGet,
    tcpSocket,
    exec,
    grpc,
  } = probe;
  return {
    delay: initialDelaySeconds ?? 0,
    timeoutSeconds,
    periodSeconds,
    successThreshold,
    failureThreshold,
    httpGet,
    tcpSocket,
    exec,
    grpc,
  };
}

function shownStatus(status: JsonObject): { name: string } & JsonObject {
  const state = (value: unknown): unknown => {
    const waiting = at(value, 'waiting', 'reason');
    const ended = object(at(value, 'terminated'));
    const { exitCode, signal, reason, message, startedAt, finishedAt } = ended;
    // describe prints neither the message of a waiting state nor a time that is none.
    return {
      waiting,
      running: at(value, 'running', 'startedAt'),
      exitCode,
      signal,
      reason,
      message,
      startedAt: startedAt ?? undefined,
      finishedAt: finishedAt ?? undefined,
    };
  };
  return {
    name: String(status.name),
    state: state(status.state),
    lastState: state(status.lastState),
    ready: status.ready,
    restartCount: status.restartCount,
  };
}

/** Modes and items of a volume are not printed; of projected sources only their names. */
function shownVolume(volume: JsonObject): unknown {
  const [type = ''] = Object.keys(volume).filter((key) => key !== 'name');
  const { defaultMode: _mode, items: _items, ...rest } = object(volume[type]);
  return { name: volume.name, type, ...(type === 'projected' ? { sources: objects(rest.sources).length } : rest) };
}

function eventsOf(objectsOf: KubeObject[], pod: string): string[] {
  return objectsOf
    .filter(
      (o) => o.kind === 'Event' && at(o, 'involvedObject', 'kind') === 'Pod' && at(o, 'involvedObject', 'name') === pod,
    )
    .map((e) => [e.type, e.reason, e.count ?? 1, String(e.message).trim()].join(' | '))
    .sort();
}

describe('a pasted describe', () => {
  it.each(folders)('%s: every pod reads as the API server returned it', (folder) => {
    const text = read(folder, 'describe.txt');
    const pasted = readPaste(text);
    const real = items(folder);
    const described = real.filter(
      (o) =>
        o.kind === 'Pod' &&
        text.includes(`\nNamespace:        ${o.metadata.namespace}`) &&
        new RegExp(`^Name:\\s+${o.metadata.name}$`, 'm').test(text),
    );
    for (const pod of described) {
      const found = pasted.objects.find((o) => o.kind === 'Pod' && o.metadata.name === pod.metadata.name);
      expect(canonical(shown(found!))).toBe(canonical(shown(pod)));
      expect(eventsOf(pasted.objects, String(pod.metadata.name))).toEqual(eventsOf(real, String(pod.metadata.name)));
    }
    expect(pasted.objects.filter((o) => o.kind === 'Pod')).toHaveLength(described.length);
    expect(pasted.logs).toEqual([]);
  });

  it('every pod that a describe can show was looked at', () => {
    expect(
      folders.filter((folder) => readPaste(read(folder, 'describe.txt')).objects.some((o) => o.kind === 'Pod')).length,
    ).toBeGreaterThan(110);
  });
});

describe('evidence from a paste', () => {
  /** Why a fact may be unread in a paste although the recording has it. */
  const NOT_SHOWN =
    /^(?:pod\.(?:uid|createdAt|hostNetwork|restartPolicy|enableServiceLinks|securityContext|terminationGracePeriodSeconds)|containers\.\d+\.(?:imagePullPolicy|workingDir|postStart|preStop|securityContext|terminationMessagePolicy|memoryUse|logs\.\w+)|references\.\d+\.object)$/;

  it.each(folders)('%s: says what the recording says, or that it was not shown', (folder) => {
    const pasted = readPaste([{ name: 'describe.txt', text: read(folder, 'describe.txt') }, ...logFiles(folder)]);
    const logs = logFiles(folder).map(({ name = '', text }) => {
      const [pod = '', container = '', run = ''] = name.split('.');
      return { pod, container, run: run as 'previous' | 'current', text };
    });
    const real = evidenceFrom(
      { cluster: '', now: pasted.now, objects: items(folder), logs, unread: [], templateHashes: {} },
      {},
      folder,
    )!;
    const target = real.pod.name.state === 'seen' ? { pod: real.pod.name.value } : {};
    const mine = evidenceFrom(pasted, target, folder)!;
    const differences: string[] = [];
    compare('pod', real.pod, mine.pod, differences);
    compare('containers', real.containers, mine.containers, differences);
    compare('references', real.references, mine.references, differences);
    expect(differences).toEqual([]);
  });

  function compare(path: string, real: unknown, mine: unknown, differences: string[]): void {
    if (isFact(real) && isFact(mine)) {
      if (
        mine.state === 'unread' ? !NOT_SHOWN.test(path) : canonical(value(path, real)) !== canonical(value(path, mine))
      ) {
        differences.push(`${path}: ${canonical(value(path, real)).slice(0, 200)} -> ${canonical(mine).slice(0, 300)}`);
      }
    } else if (typeof real === 'object' && real !== null) {
      for (const key of Object.keys(real))
        compare(
          `${path}.${key}`,
          (real as JsonObject)[key],
          at(mine, Array.isArray(mine) ? Number(key) : key),
          differences,
        );
    } else if (!path.endsWith('statusAt')) expect([path, mine]).toEqual([path, real]);
  }

  const isFact = (value: unknown): value is Fact<unknown> =>
    typeof at(value, 'state') === 'string' && typeof at(value, 'at') === 'string';

  /** The comparable part of a fact: describe shows no last-applied copy, no reasons of conditions, no waiting message. */
  function value(path: string, fact: Fact<unknown>): unknown {
    if (fact.state !== 'seen') return path === 'pod.annotations' ? {} : 'nothing';
    if (path === 'pod.annotations')
      return Object.fromEntries(Object.entries(object(fact.value)).filter(([key]) => !key.includes('last-applied')));
    if (path === 'pod.conditions') return objects(fact.value).map((c) => [c.type, c.status]);
    if (path === 'pod.message') return String(fact.value).trimEnd();
    if (/state$/i.test(path)) {
      const { message, ...rest } = object(fact.value);
      return { ...rest, ...(rest.is === 'waiting' ? {} : { message }) };
    }
    return fact.value;
  }
});

/** What must survive whatever a chat client does to the blanks. */
function essentials(snapshot: Snapshot): unknown {
  const pods = snapshot.objects.filter((o) => o.kind === 'Pod').map((pod) => shown(pod));
  const events = snapshot.objects
    .filter((o) => o.kind === 'Event')
    .map((e) => [e.reason, String(e.message).replace(/\s+/g, ''), e.count, e.lastTimestamp]);
  return JSON.parse(JSON.stringify({ pods, events }).replace(/ {2,}/g, ' '));
}

const transforms: { [name: string]: (text: string) => string } = {
  'all depth is lost': (text) => text.replace(/^ +/gm, ''),
  'blanks are squeezed': (text) => text.replace(/^ +/gm, '').replace(/ {2,}/g, ' '),
  'it is indented and has Windows line ends': (text) =>
    text
      .split('\n')
      .map((line) => `      ${line}`)
      .join('\r\n'),
  'it is quoted as in mail': (text) =>
    text
      .split('\n')
      .map((line) => `> ${line}`)
      .join('\n'),
  'blanks do not break': (text) => text.replaceAll(' ', '\u00a0'),
  'blanks at line ends are gone': (text) => text.replace(/ +$/gm, ''),
  'it stands in a fence below a command': (text) =>
    `Hi, any idea?\n\`\`\`\n$ kubectl describe pod x\n${text}\n\`\`\`\n`,
  'it is coloured': (text) => text.replace(/^(\s*[A-Z][\w ]+:)/gm, '\u001b[1;34m$1\u001b[0m'),
  'it is escaped for HTML': (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'),
};

describe.each(Object.entries(transforms))('a paste still reads the same when %s', (_, transform) => {
  it.each(folders)('%s', (folder) => {
    const text = read(folder, 'describe.txt');
    expect(essentials(readPaste(transform(text)))).toEqual(essentials(readPaste(text)));
  });
});

describe('describe and log in one text', () => {
  it.each(
    folders.filter((folder) => logFiles(folder).some((f) => f.name?.includes('.previous.'))),
  )('%s: the log is found whole, whatever stands first', (folder) => {
    const text = read(folder, 'describe.txt');
    const words = (log: string): string[] =>
      log
        .replace(/\u001b\[[0-9;]*m/g, '')
        .split('\n')
        .map((line) => line.trim())
        .filter((line) => line !== '');
    for (const { text: log } of logFiles(folder).filter(
      (f) => f.name?.includes('.previous.') && f.text.trim() !== '',
    )) {
      const ended = log.endsWith('\n') ? log : `${log}\n`;
      for (const paste of [text + ended, ended + text, `${text}\n$ kubectl logs x --previous\n${ended}`]) {
        const snapshot = readPaste(paste);
        expect(snapshot.logs.flatMap((l) => words(l.text))).toEqual(words(log));
        expect(snapshot.logs[0]?.run).toBe(
          paste.includes('--previous') && paste.includes('$ kubectl logs x') ? 'previous' : 'current',
        );
      }
    }
  });
});

describe('a cut paste', () => {
  it.each(folders.filter((_, i) => i % 4 === 0))('%s: what was cut off is unread and never absent', (folder) => {
    const whole = evidenceFrom(readPaste(read(folder, 'describe.txt')), {}, folder)!;
    const lines = read(folder, 'describe.txt').split('\n');
    fc.assert(
      fc.property(fc.integer({ min: 12, max: Math.min(lines.length, 90) }), (end) => {
        const cut = evidenceFrom(readPaste(lines.slice(0, end).join('\n')), {}, folder);
        if (!cut || JSON.stringify(cut.pod.name) !== JSON.stringify(whole.pod.name)) return;
        for (const path of wronglyAbsent(whole, cut)) expect.fail(`cut after line ${end}: ${path} is absent`);
      }),
      { numRuns: 40 },
    );
  });

  function wronglyAbsent(whole: Evidence, cut: Evidence): string[] {
    const wrong: string[] = [];
    const visit = (path: string, a: unknown, b: unknown): void => {
      if (typeof a !== 'object' || a === null || b === undefined) return;
      if (at(a, 'state') === 'seen' && at(b, 'state') === 'absent') wrong.push(path);
      else if (at(a, 'at') === undefined)
        for (const [key, child] of Object.entries(a))
          visit(`${path}.${key}`, child, at(b, Array.isArray(b) ? Number(key) : key));
    };
    visit('pod', whole.pod, cut.pod);
    visit('containers', whole.containers, cut.containers);
    return wrong;
  }
});
