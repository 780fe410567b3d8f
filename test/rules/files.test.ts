// What programs print about files they may not use and data they cannot use, and how volume, image, mount and
// capability are told apart.

import { expect, test } from 'vitest';
import { diagnosePod, type PodCase, verdictOf } from '../support/pod.ts';

const data = (path: string, volume: object = { emptyDir: {} }, mount: object = {}): PodCase => ({
  container: { volumeMounts: [{ name: 'data', mountPath: path, ...mount }], securityContext: { runAsUser: 1000 } },
  spec: { volumes: [{ name: 'data', ...volume }] },
});

test.each([
  // On a volume of the pod.
  {
    source: 'Prometheus 2',
    log: 'ts=2026-07-01T11:59:59Z caller=main.go:1166 level=error err="opening storage failed: mkdir /prometheus/wal: permission denied"',
    ...data('/prometheus'),
    is: 'volume-permission-denied confirmed',
  },
  {
    source: 'Grafana entrypoint',
    log: [
      "GF_PATHS_DATA='/var/lib/grafana' is not writable.",
      'You may have issues with file permissions, more information here: http://docs.grafana.org/',
      "mkdir: can't create directory '/var/lib/grafana/plugins': Permission denied",
    ],
    ...data('/var/lib/grafana'),
    is: 'volume-permission-denied confirmed',
  },
  {
    source: 'Elasticsearch 8',
    log: 'java.nio.file.AccessDeniedException: /usr/share/elasticsearch/data/node.lock',
    ...data('/usr/share/elasticsearch/data'),
    is: 'volume-permission-denied confirmed',
  },
  {
    source: 'Jenkins',
    log: [
      "touch: cannot touch '/var/jenkins_home/copy_reference_file.log': Permission denied",
      'Can not write to /var/jenkins_home/copy_reference_file.log. Wrong volume permissions?',
    ],
    ...data('/var/jenkins_home'),
    is: 'volume-permission-denied confirmed',
  },
  {
    source: 'MySQL 8',
    log: "mysqld: Can't create/write to file '/var/lib/mysql/is_writable' (Errcode: 13 - Permission denied)",
    ...data('/var/lib/mysql'),
    is: 'volume-permission-denied confirmed',
  },
  {
    source: 'Node.js',
    log: "Error: EACCES: permission denied, mkdir '/data/cache'",
    ...data('/data'),
    is: 'volume-permission-denied confirmed',
  },
  {
    source: '.NET',
    log: "Unhandled exception. System.UnauthorizedAccessException: Access to the path '/keys/ring.xml' is denied.",
    ...data('/keys'),
    is: 'volume-permission-denied confirmed',
  },
  {
    source: 'Ruby',
    log: "app.rb:3:in `initialize': Permission denied @ rb_sysopen - /data/out.csv (Errno::EACCES)",
    ...data('/data'),
    is: 'volume-permission-denied confirmed',
  },
  // In the image: the same words, no mount above the path.
  {
    source: 'Node.js in the image',
    log: "Error: EACCES: permission denied, mkdir '/app/cache'",
    ...data('/data'),
    is: 'file-permission-denied confirmed',
  },
  { source: 'Go', log: 'panic: open /etc/app/app.key: permission denied', is: 'file-permission-denied confirmed' },
  {
    source: 'sh',
    log: '/entrypoint.sh: line 3: /usr/share/nginx/html/env.js: Permission denied',
    is: 'file-permission-denied confirmed',
  },
  // Read-only.
  {
    source: 'Python',
    log: "OSError: [Errno 30] Read-only file system: '/app/tmp'",
    container: { securityContext: { readOnlyRootFilesystem: true } },
    is: 'filesystem-read-only confirmed',
  },
  {
    source: 'sh on a ConfigMap',
    log: "cp: cannot create regular file '/etc/app/app.conf': Read-only file system",
    ...data('/etc/app', { configMap: { name: 'app' } }),
    objects: [{ kind: 'ConfigMap', name: 'app', data: {} }],
    is: 'filesystem-read-only confirmed',
  },
  {
    source: 'Node.js',
    log: "Error: EROFS: read-only file system, open '/app/.next/trace'",
    is: 'filesystem-read-only confirmed',
  },
  // Data that cannot be used.
  {
    source: 'PostgreSQL 16 initdb',
    log: [
      'initdb: error: directory "/var/lib/postgresql/data" exists but is not empty',
      'initdb: detail: It contains a lost+found directory, perhaps due to it being a mount point.',
    ],
    ...data('/var/lib/postgresql/data'),
    is: 'data-dir-not-empty confirmed',
  },
  {
    source: 'MySQL 8',
    log: '2026-07-01T11:59:59.000000Z 0 [ERROR] [MY-010457] [Server] --initialize specified but the data directory has files in it. Aborting.',
    is: 'data-dir-not-empty confirmed',
  },
  {
    source: 'MongoDB 7',
    log: '{"t":{"$date":"2026-07-01T11:59:59Z"},"s":"E","c":"CONTROL","id":20557,"ctx":"initandlisten","msg":"DBException in initAndListen, terminating","attr":{"error":"DBPathInUse: Unable to lock the lock file: /data/db/mongod.lock (Resource temporarily unavailable). Another mongod instance is already running on the /data/db directory"}}',
    is: 'data-dir-locked confirmed',
  },
  {
    source: 'InnoDB',
    log: '2026-07-01T11:59:59Z 1 [ERROR] [MY-012574] [InnoDB] Unable to lock ./ibdata1 error: 11',
    is: 'data-dir-locked confirmed',
  },
  {
    source: 'Prometheus',
    log: 'ts=2026-07-01T11:59:59Z level=error err="opening storage failed: lock DB directory: resource temporarily unavailable"',
    is: 'data-dir-locked confirmed',
  },
  {
    source: 'PostgreSQL 15',
    log: [
      '2026-07-01 11:59:59.000 UTC [27] LOG:  invalid primary checkpoint record',
      '2026-07-01 11:59:59.000 UTC [27] PANIC:  could not locate a valid checkpoint record',
    ],
    exit: 1,
    is: 'data-corrupted confirmed',
  },
  {
    source: 'etcd',
    log: '{"level":"panic","ts":"2026-07-01T11:59:59Z","caller":"etcdserver/raft.go:70","msg":"failed to read WAL, cannot be repaired","error":"walpb: crc mismatch"}',
    is: 'data-corrupted confirmed',
  },
  {
    source: 'PostgreSQL 16 on data of 14',
    log: [
      'FATAL:  database files are incompatible with server',
      'DETAIL:  The data directory was initialized by PostgreSQL version 14, which is not compatible with this version 16.3.',
    ],
    is: 'data-version-incompatible confirmed',
  },
  {
    source: 'MongoDB 7 on data of 4.4',
    log: '{"t":{"$date":"2026-07-01T11:59:59Z"},"s":"F","c":"CONTROL","ctx":"initandlisten","msg":"** IMPORTANT: UPGRADE PROBLEM: Found an invalid featureCompatibilityVersion document"}',
    is: 'data-version-incompatible confirmed',
  },
  {
    source: 'Kafka',
    log: "kafka.common.InconsistentClusterIdException: The Cluster ID abc doesn't match stored clusterId Some(xyz) in meta.properties.",
    is: 'cluster-member-stale confirmed',
  },
  {
    source: 'etcd',
    log: '{"level":"fatal","msg":"discovery failed","error":"member 8e9e05c52164694d has already been bootstrapped"}',
    is: 'cluster-member-stale confirmed',
  },
])('$source: $is', ({ is, source: _, ...one }) => {
  expect(verdictOf(one as PodCase)).toBe(is);
});

const pending = (events: PodCase['events'], more: PodCase = {}): PodCase => ({
  waiting: { reason: 'ContainerCreating' },
  events,
  ...more,
});

test.each([
  {
    source: 'kubelet',
    one: pending(
      [
        {
          reason: 'FailedMount',
          message:
            'MountVolume.SetUp failed for volume "data" : hostPath type check failed: /var/run/x is not a directory',
        },
      ],
      data('/data', { hostPath: { path: '/var/run/x', type: 'Directory' } }),
    ),
    is: 'volume-mount-failed confirmed',
  },
  {
    source: 'NFS',
    one: pending([
      {
        reason: 'FailedMount',
        message:
          'MountVolume.SetUp failed for volume "data" : mount failed: exit status 32\nMounting command: mount\nOutput: mount.nfs: access denied by server while mounting nfs:/export',
      },
    ]),
    is: 'volume-mount-failed confirmed',
  },
  {
    source: 'attach/detach controller',
    one: pending([
      {
        reason: 'FailedAttachVolume',
        message:
          'Multi-Attach error for volume "pvc-1" Volume is already exclusively attached to one node and can\'t be attached to another',
      },
      {
        reason: 'FailedMount',
        message:
          'Unable to attach or mount volumes: unmounted volumes=[data], unattached volumes=[data]: timed out waiting for the condition',
      },
    ]),
    is: 'volume-attach-failed confirmed',
  },
  {
    source: 'scheduler',
    one: pending(
      [
        {
          reason: 'FailedScheduling',
          message:
            '0/3 nodes are available: 3 pod has unbound immediate PersistentVolumeClaims. preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.',
        },
      ],
      {
        spec: { nodeName: undefined, volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'orders-data' } }] },
        objects: [{ kind: 'PersistentVolumeClaim', name: 'orders-data', status: { phase: 'Pending' } }],
      },
    ),
    is: 'pvc-unbound confirmed',
  },
  {
    source: 'a ConfigMap that is missing fails to mount in the same words',
    one: pending(
      [{ reason: 'FailedMount', message: 'MountVolume.SetUp failed for volume "data" : configmap "app" not found' }],
      data('/etc/app', { configMap: { name: 'app' } }),
    ),
    is: 'configmap-missing confirmed',
  },
])('$source: $is', ({ one, is }) => {
  expect(verdictOf(one)).toBe(is);
});

test('the refused path, its volume and the user are named', () => {
  const report = diagnosePod({
    log: "PermissionError: [Errno 13] Permission denied: '/data/in'",
    ...data('/data', { persistentVolumeClaim: { claimName: 'orders' } }),
  });
  expect(report.causes[0]?.detail).toMatchObject({ path: '/data/in', volume: 'data', uid: '1000' });
  expect(report.causes[0]?.evidence.map((e) => e.source)).toContain('spec');
});

// Look-alikes: "permission denied" that is about something else.
test.each([
  { source: 'a refused bind', log: 'listen tcp :80: bind: permission denied', is: 'privileged-port-denied confirmed' },
  {
    source: 'a database that refuses',
    log: 'ERROR:  permission denied for table orders',
    is: 'dependency-auth-failed confirmed',
  },
])('$source is not a file: $is', ({ log, is }) => {
  expect(verdictOf({ log })).toBe(is);
});
