// Redaction of whole snapshots: by field in objects, by pattern in text; and nothing that a diagnosis needs goes.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../src/core/json.ts';
import { redactSnapshot } from '../src/core/redact.ts';
import type { KubeObject, Snapshot } from '../src/core/snapshot.ts';

const RECORDINGS = join(import.meta.dirname, 'recordings');

function snapshotOf(objects: JsonObject[], logs: Snapshot['logs'] = []): Snapshot {
  return {
    cluster: 'test',
    now: '2026-11-21T02:40:00Z',
    objects: objects as KubeObject[],
    logs,
    unread: [],
    templateHashes: { u1: 'abc' },
  };
}

function podWith(env: { name: string; value?: string }[], more: JsonObject = {}): JsonObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'api-1', namespace: 'shop' },
    spec: { containers: [{ name: 'api', env, ...more }] },
  };
}

function shownValue(name: string, value: string): string {
  const { snapshot } = redactSnapshot(snapshotOf([podWith([{ name, value }])]));
  return (snapshot.objects[0] as unknown as { spec: { containers: { env: { value: string }[] }[] } }).spec
    .containers[0]!.env[0]!.value;
}

function snapshotFrom(folder: string): Snapshot {
  const dir = join(RECORDINGS, folder);
  const objects = JSON.parse(readFileSync(join(dir, 'objects.json'), 'utf8')).items as KubeObject[];
  const logs = (existing(join(dir, 'logs')) ?? []).map((file) => {
    const [pod = '', container = '', run = ''] = file.split('.');
    return { pod, container, run: run as 'previous' | 'current', text: readFileSync(join(dir, 'logs', file), 'utf8') };
  });
  return snapshotOf(objects, logs);
}

function existing(dir: string): string[] | undefined {
  try {
    return readdirSync(dir);
  } catch {
    return undefined;
  }
}

describe('literal environment values', () => {
  it.each([
    ['DEBUG', 'true'],
    ['PORT', '8080'],
    ['RATE', '0.25'],
    ['WAIT', '30s'],
    ['TIMEOUT', '1h30m'],
    ['HEAP', '256Mi'],
    ['LOG_LEVEL', 'debug'],
    ['EMPTY', ''],
    ['DB_PASSWORD', ''],
    ['DB_HOST', 'ledger-db'],
    ['PGHOST', 'postgres.databases.svc.cluster.local'],
    ['PGUSER', 'ledger'],
    ['POSTGRES_DB', 'crm'],
    ['REDIS', 'cache:6379'],
    ['BROKERS', 'kafka-0.kafka:9092,kafka-1.kafka:9092'],
    ['REDIS_URL', 'redis://hub-redis:6379/0'],
    ['CARRIER_API', 'http://10.44.12.9:8443'],
    ['JDBC', 'jdbc:postgresql://db:5432/shop?sslmode=disable'],
    ['TARGET', '/tmp'],
    ['SPRING_PROFILES_ACTIVE', 'prod'],
    ['AVATAR_BUCKET', 'acme-avatars'],
    ['JAVA_TOOL_OPTIONS', '-Xmx64m -XX:+ExitOnOutOfMemoryError'],
    ['NODE_OPTIONS', '--max-old-space-size=48'],
    ['DB_PASSWORD', '$(OTHER)'],
    ['ADDR', 'tcp://10.96.0.12:6379'],
  ])('%s=%s stays: it is evidence and no secret', (name, value) => {
    expect(shownValue(name, value)).toBe(value);
  });

  it.each([
    ['DB_PASSWORD', 'postgres'],
    ['DB_PASSWORD', '12345'],
    ['API_TOKEN', 'x'],
    ['FEATURE', 'some words'],
    ['GREETING', 'hunter2hunter2'],
    ['STRIPE_API_KEY', 'abc'],
    ['CONFIG_JSON', '{"a":"b"}'],
    ['PIN', '123456789'],
    ['SECRET_KEY_BASE', '0a1b2c'],
    ['SESSION', '9f8e7d6c5b4a39281706f5e4d3c2b1a0'],
  ])('%s=%s is hidden', (name, value) => {
    expect(shownValue(name, value)).toMatch(/^‹hidden \d+›$/);
  });

  it('a URL with a password keeps user, host, port and database', () => {
    expect(shownValue('DATABASE_URL', 'postgres://app:pa55word@db:5432/shop')).toBe(
      'postgres://app:‹hidden url-password›@db:5432/shop',
    );
    expect(shownValue('DSN', 'Server=db,1433;Database=shop;User Id=sa;Password=pa55word')).toBe(
      'Server=db,1433;Database=shop;User Id=sa;Password=‹hidden password›',
    );
    expect(shownValue('HOOK', 'https://hooks.example.com/T01/9f8e7d6c5b4a39281706f5e4')).toBe(
      'https://hooks.example.com/T01/‹hidden path›',
    );
  });

  it('runtime flags stay, a password among them goes', () => {
    expect(shownValue('JAVA_OPTS', '-Xmx512m -Djavax.net.ssl.keyStorePassword=changeit')).toBe(
      '-Xmx512m ‹hidden flag›',
    );
  });

  it('equal values get the same placeholder in every object, so that a change of value still shows as one', () => {
    const deployment = (kind: string, value: string): JsonObject => ({
      kind,
      metadata: { name: 'api', uid: `${kind}-1` },
      spec: {
        template: {
          spec: {
            initContainers: [{ name: 'i', env: [{ name: 'A', value }] }],
            containers: [{ name: 'c', env: [{ name: 'A', value }] }],
          },
        },
      },
    });
    const revision = {
      kind: 'ControllerRevision',
      metadata: { name: 'api-1' },
      data: { spec: { template: { spec: { containers: [{ name: 'c', env: [{ name: 'A', value: 'word two' }] }] } } } },
    };
    const { snapshot } = redactSnapshot(
      snapshotOf([deployment('Deployment', 'word one'), deployment('ReplicaSet', 'word two'), revision]),
    );
    const text = snapshot.objects.map((o) => JSON.stringify(o).match(/‹hidden \d+›/g));
    expect(text).toEqual([['‹hidden 1›', '‹hidden 1›'], ['‹hidden 2›', '‹hidden 2›'], ['‹hidden 2›']]);
  });
});

describe('fields of objects', () => {
  it('Secret data goes, its key names stay', () => {
    const { snapshot, ledger } = redactSnapshot(
      snapshotOf([
        {
          kind: 'Secret',
          metadata: { name: 's' },
          data: { password: 'aHVudGVyMi1hYmM=', empty: '' },
          stringData: { token: 'abc-def' },
        },
      ]),
    );
    expect(snapshot.objects[0]).toMatchObject({ data: { password: '', empty: '' }, stringData: { token: '' } });
    expect(ledger.map((r) => r.at)).toEqual(['Secret/s:data.password', 'Secret/s:stringData.token']);
  });

  it('a value that stands in a Secret or a secret variable is hidden in logs and events too', () => {
    const logs = [
      { pod: 'api-1', container: 'api', run: 'previous' as const, text: 'one\nusing hunter2-abc and Tr0ub4dor&3\n' },
    ];
    const event = { kind: 'Event', metadata: { name: 'e' }, message: 'exec failed: tool Tr0ub4dor&3' };
    const { snapshot } = redactSnapshot(
      snapshotOf(
        [
          podWith([{ name: 'DB_PASSWORD', value: 'Tr0ub4dor&3' }]),
          { kind: 'Secret', metadata: { name: 's' }, data: { p: 'aHVudGVyMi1hYmM=' } },
          event,
        ],
        logs,
      ),
    );
    expect(snapshot.logs[0]?.text).toBe('one\nusing ‹hidden known-secret› and ‹hidden known-secret›\n');
    expect(snapshot.objects[2]?.message).toBe('exec failed: tool ‹hidden known-secret›');
  });

  it('a host and a user that stand in a Secret stay in logs: only its secrets are hidden there', () => {
    const stringData = {
      host: 'ledger-db.prod.svc',
      username: 'ledger_app',
      url: 'postgres://ledger_app:Tr0ub4dor-3@ledger-db.prod.svc/x',
    };
    const text = 'ledger_app cannot reach ledger-db.prod.svc with Tr0ub4dor-3\n';
    const logs = [{ pod: 'p', container: 'c', run: 'previous' as const, text }];
    const { snapshot } = redactSnapshot(snapshotOf([{ kind: 'Secret', metadata: { name: 's' }, stringData }], logs));
    expect(snapshot.logs[0]?.text).toBe('ledger_app cannot reach ledger-db.prod.svc with ‹hidden known-secret›\n');
  });

  it('copies of the whole object in annotations go, other annotations stay', () => {
    const annotations = {
      'kubectl.kubernetes.io/last-applied-configuration': '{"env":"x"}',
      'deployment.kubernetes.io/revision': '4',
      'checksum/secret': '0123456789abcdef0123456789abcdef',
    };
    const { snapshot } = redactSnapshot(snapshotOf([{ kind: 'Deployment', metadata: { name: 'd', annotations } }]));
    expect(snapshot.objects[0]?.metadata.annotations).toEqual({
      ...annotations,
      'kubectl.kubernetes.io/last-applied-configuration': '‹hidden last-applied›',
    });
  });

  it('managedFields keep who, when, how and which data keys', () => {
    const managedFields = [
      {
        manager: 'kubectl-edit',
        operation: 'Update',
        time: '2026-11-21T02:00:00Z',
        apiVersion: 'v1',
        fieldsType: 'FieldsV1',
        fieldsV1: { 'f:data': { '.': {}, 'f:app.yaml': {} }, 'f:metadata': {} },
      },
    ];
    const { snapshot } = redactSnapshot(snapshotOf([{ kind: 'ConfigMap', metadata: { name: 'c', managedFields } }]));
    expect(snapshot.objects[0]?.metadata.managedFields).toEqual([
      {
        manager: 'kubectl-edit',
        operation: 'Update',
        time: '2026-11-21T02:00:00Z',
        apiVersion: 'v1',
        fieldsV1: { 'f:data': { 'f:app.yaml': {} } },
      },
    ]);
  });

  it('ConfigMap values keep all but their secrets', () => {
    const data = {
      'app.yaml': 'host: db\npassword: hunter2-x\nlevel: info\n',
      'db.password': 'hunter2-y',
      REDIS_HOST: 'cache',
    };
    const { snapshot } = redactSnapshot(snapshotOf([{ kind: 'ConfigMap', metadata: { name: 'c' }, data }]));
    expect(snapshot.objects[0]?.data).toEqual({
      'app.yaml': 'host: db\npassword: ‹hidden password›\nlevel: info\n',
      'db.password': '‹hidden 1›',
      REDIS_HOST: 'cache',
    });
  });

  it.each([
    [
      ['app', '--db-password', 'hunter2-x', '--port', '80'],
      ['app', '--db-password', '‹hidden password›', '--port', '80'],
    ],
    [
      ['mysql', '-uroot', '-phunter2', '-hdb'],
      ['mysql', '-uroot', '-p‹hidden password›', '-hdb'],
    ],
    [
      ['redis-server', '--requirepass', 'hunter2-x'],
      ['redis-server', '--requirepass', '‹hidden password›'],
    ],
    [
      ['sh', '-c', 'PGPASSWORD=hunter2-x psql -h db'],
      ['sh', '-c', 'PGPASSWORD=‹hidden password› psql -h db'],
    ],
    [
      ['httpd', '-f', '-p', '8080'],
      ['httpd', '-f', '-p', '8080'],
    ],
  ])('a command line %j is shown as %j', (command, shown) => {
    const { snapshot } = redactSnapshot(snapshotOf([podWith([], { command })]));
    expect((snapshot.objects[0] as unknown as { spec: { containers: unknown[] } }).spec.containers[0]).toMatchObject({
      command: shown,
    });
  });

  it('references to secrets stay', () => {
    const spec = {
      serviceAccountName: 'x',
      imagePullSecrets: [{ name: 'regcred' }],
      volumes: [
        { name: 'v', secret: { secretName: 'tls' } },
        { name: 't', projected: { sources: [{ serviceAccountToken: { path: 'token', expirationSeconds: 3607 } }] } },
      ],
      containers: [
        {
          name: 'c',
          env: [{ name: 'DB_PASSWORD', valueFrom: { secretKeyRef: { name: 'db-creds', key: 'password' } } }],
          envFrom: [{ secretRef: { name: 'all-secrets' } }],
        },
      ],
    };
    const pod = { kind: 'Pod', metadata: { name: 'p' }, spec };
    expect(redactSnapshot(snapshotOf([pod])).snapshot.objects[0]).toEqual(pod);
  });

  it('a header of a probe is hidden by its name', () => {
    const httpGet = {
      port: 80,
      httpHeaders: [
        { name: 'Authorization', value: 'Basic YWRtaW46aHVudGVyMg==' },
        { name: 'Host', value: 'shop.example.com' },
      ],
    };
    const { snapshot } = redactSnapshot(snapshotOf([podWith([], { livenessProbe: { httpGet } })]));
    expect(JSON.stringify(snapshot)).not.toContain('YWRtaW46');
    expect(JSON.stringify(snapshot)).toContain('shop.example.com');
  });

  it('survives any shape of object', () => {
    let deep: unknown = 'password=hunter2-x';
    for (let i = 0; i < 5_000; i++) deep = { a: [deep] };
    const odd = [
      { kind: 'Pod' },
      { kind: 'Secret', metadata: null, data: 'x' },
      { kind: 'ConfigMap', metadata: 3, data: [1, null, { a: 1 }] },
      {
        kind: 'Pod',
        metadata: { name: {} },
        spec: { containers: [null, 'x', { env: [null, 1, { name: 1, value: 2 }] }] },
      },
      { kind: 'Odd', metadata: {}, deep },
    ];
    const { snapshot } = redactSnapshot(snapshotOf(odd as JsonObject[]));
    expect(snapshot.objects).toHaveLength(odd.length);
    expect(JSON.stringify(snapshot)).not.toContain('hunter2');
  });
});

describe('recordings', () => {
  it.each(
    readdirSync(RECORDINGS, { withFileTypes: true })
      .filter((e) => e.isDirectory())
      .map((e) => e.name),
  )('%s: what the diagnosis must mention survives', (folder) => {
    const before = snapshotFrom(folder);
    const kept = JSON.stringify(before);
    const { snapshot } = redactSnapshot(before);
    const after = JSON.stringify(snapshot);
    const truth = JSON.parse(readFileSync(join(RECORDINGS, folder, 'truth.json'), 'utf8')) as { mustMention: string[] };
    for (const mention of truth.mustMention.map((m) => JSON.stringify(m).slice(1, -1))) {
      if (kept.includes(mention)) expect(after).toContain(mention);
    }
    expect(JSON.stringify(before)).toBe(kept);
    expect(snapshot.logs.map((l) => l.text.split('\n').length)).toEqual(
      before.logs.map((l) => l.text.split('\n').length),
    );
    expect(JSON.stringify(redactSnapshot(snapshot).snapshot)).toBe(after);
  });

  it('no log line of any recording loses a word: none of them holds a secret', () => {
    for (const folder of readdirSync(RECORDINGS, { withFileTypes: true }).filter((e) => e.isDirectory())) {
      const before = snapshotFrom(folder.name);
      expect(redactSnapshot(before).snapshot.logs).toEqual(before.logs);
    }
  });
});
