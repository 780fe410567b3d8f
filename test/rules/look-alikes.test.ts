// For each cause about probes, dependencies, TLS, files, security, network, admission and images: two small pods whose
// decisive text shares a string, one of which has this cause and the other has not.

import { expect, test } from 'vitest';
import type { JsonObject } from '../../src/core/json.ts';
import { diagnosePod, livenessKill, type PodCase } from '../support/pod.ts';

interface Pair {
  id: string;
  /** What both say. */
  shared: string;
  one: PodCase;
  /** The other one, and what it is. */
  other: PodCase;
  is: string;
}

const log = (...lines: string[]): PodCase => ({ log: lines });
const killed = (failure: string, more: PodCase = {}): PodCase => ({
  exit: 143,
  livedSeconds: 60,
  events: livenessKill(failure),
  ...more,
});
const http = (more: JsonObject = {}, container: JsonObject = {}): JsonObject => ({
  livenessProbe: { httpGet: { path: '/healthz', port: 8080 }, ...more },
  ...container,
});
const running = { running: { startedAt: '2026-07-01T11:40:00Z' } };
const event = (reason: string, message: string, more: PodCase = {}): PodCase => ({
  waiting: { reason: 'ContainerCreating' },
  events: [{ reason, message }],
  ...more,
});
const pending = (message: string): PodCase => ({
  ...event('FailedScheduling', message),
  waiting: undefined,
  state: {},
  spec: { nodeName: undefined },
  status: { phase: 'Pending', containerStatuses: [] },
});
const image = (message: string, reason = 'ImagePullBackOff'): PodCase => ({
  waiting: { reason, message: `Back-off pulling image: ${message}` },
  events: [{ reason: 'Failed', message }],
});
const mounted = (path: string, volume: JsonObject = { persistentVolumeClaim: { claimName: 'data' } }): PodCase => ({
  container: { volumeMounts: [{ name: 'data', mountPath: path }] },
  spec: { volumes: [{ name: 'data', ...volume }] },
});
const refusedByPod = 'Get "http://10.244.0.7:8080/healthz": dial tcp 10.244.0.7:8080: connect: connection refused';
const noAnswer =
  'Get "http://10.244.0.7:8080/healthz": context deadline exceeded (Client.Timeout exceeded while awaiting headers)';
const created = (message: string, reason = 'CreateContainerConfigError'): PodCase => ({ waiting: { reason, message } });

const PAIRS: Pair[] = [
  // "connection refused" by the probe: another port, a slow start, 127.0.0.1, a dependency that is awaited.
  {
    id: 'probe-wrong-port',
    shared: 'connection refused',
    one: killed(refusedByPod, { ...log('listening on 0.0.0.0:9090'), container: http() }),
    other: killed(refusedByPod, { ...log('listening on 127.0.0.1:8080'), container: http() }),
    is: 'listens-on-localhost',
  },
  {
    id: 'listens-on-localhost',
    shared: '127.0.0.1',
    one: killed(refusedByPod, { ...log('listening on 127.0.0.1:8080'), container: http() }),
    other: log('FATAL dial tcp 127.0.0.1:5432: connect: connection refused'),
    is: 'dependency-refused',
  },
  {
    id: 'probe-too-early',
    shared: 'connection refused',
    one: killed(refusedByPod, {
      ...log('Running migrations: 001_init.sql', 'Applying 002_backfill.sql'),
      container: http(),
    }),
    other: killed(refusedByPod, {
      ...log(
        'ERROR dial tcp 10.96.1.1:5432: connect: connection refused',
        'ERROR dial tcp 10.96.1.1:5432: connect: connection refused',
        'ERROR dial tcp 10.96.1.1:5432: connect: connection refused',
      ),
      container: http(),
    }),
    is: 'dependency-refused',
  },
  {
    id: 'probe-timeout',
    shared: 'context deadline exceeded',
    one: killed(noAnswer, { ...log('listening on :8080'), container: http() }),
    other: killed('timeout: failed to connect service "10.244.0.7:50051" within 1s: context deadline exceeded', {
      ...log('gRPC server listening on [::]:9090'),
      container: { livenessProbe: { grpc: { port: 50051 } } },
    }),
    is: 'probe-wrong-port',
  },
  {
    id: 'probe-wrong-path',
    shared: 'HTTP probe failed with statuscode: 40',
    one: killed('HTTP probe failed with statuscode: 404', { container: http() }),
    other: killed('HTTP probe failed with statuscode: 401', { container: http() }),
    is: 'probe-auth-required',
  },
  {
    id: 'probe-auth-required',
    shared: 'HTTP probe failed with statuscode: 40',
    one: killed('HTTP probe failed with statuscode: 403', { container: http() }),
    other: killed('HTTP probe failed with statuscode: 404', { container: http() }),
    is: 'probe-wrong-path',
  },
  {
    id: 'probe-endpoint-failing',
    shared: 'HTTP probe failed with statuscode: 503',
    one: killed('HTTP probe failed with statuscode: 503', { container: http() }),
    other: {
      state: running,
      ready: false,
      restarts: 0,
      container: { readinessProbe: { httpGet: { path: '/ready', port: 8080 } } },
      events: [
        { reason: 'Unhealthy', message: 'Readiness probe failed: HTTP probe failed with statuscode: 503', count: 40 },
      ],
    },
    is: 'readiness-probe-failing',
  },
  {
    id: 'readiness-probe-failing',
    shared: 'Readiness probe failed',
    one: {
      state: running,
      ready: false,
      restarts: 0,
      container: { readinessProbe: { httpGet: { path: '/ready', port: 8080 } } },
      events: [
        { reason: 'Unhealthy', message: 'Readiness probe failed: HTTP probe failed with statuscode: 500', count: 40 },
      ],
    },
    other: {
      ...log(
        'listening on :8080',
        "TypeError: Cannot read properties of undefined (reading 'id')",
        '    at handler (/app/server.js:14:9)',
      ),
      events: [{ reason: 'Unhealthy', message: `Readiness probe failed: ${refusedByPod}`, count: 9 }],
    },
    is: 'application-error',
  },
  {
    id: 'probe-wrong-scheme',
    shared: 'server gave HTTP response to HTTPS client',
    one: killed('Get "https://10.244.0.7:8080/healthz": http: server gave HTTP response to HTTPS client', {
      container: http(),
    }),
    other: log('FATAL Get "https://minio:9000/": http: server gave HTTP response to HTTPS client'),
    is: 'tls-verification-failed',
  },
  {
    id: 'probe-command-broken',
    shared: 'curl',
    one: killed('sh: curl: not found', {
      container: { livenessProbe: { exec: { command: ['sh', '-c', 'curl -f localhost:8080'] } } },
    }),
    other: killed('curl: (22) The requested URL returned error: 503', {
      container: { livenessProbe: { exec: { command: ['sh', '-c', 'curl -f localhost:8080'] } } },
    }),
    is: 'probe-endpoint-failing',
  },
  {
    id: 'lifecycle-hook-failed',
    shared: 'Killing',
    one: {
      exit: 137,
      livedSeconds: 3,
      container: { lifecycle: { postStart: { exec: { command: ['false'] } } } },
      events: [
        { reason: 'FailedPostStartHook', message: 'PostStartHook failed' },
        { reason: 'Killing', message: 'FailedPostStartHook', type: 'Normal' },
      ],
    },
    other: killed('HTTP probe failed with statuscode: 404', { exit: 137, container: http() }),
    is: 'probe-wrong-path',
  },
  // A dependency: refused, silent, unknown by name, unwilling, full.
  {
    id: 'dependency-refused',
    shared: 'dial tcp 10.96.1.1:5432',
    one: log('FATAL dial tcp 10.96.1.1:5432: connect: connection refused'),
    other: log('FATAL dial tcp 10.96.1.1:5432: i/o timeout'),
    is: 'dependency-timeout',
  },
  {
    id: 'dependency-timeout',
    shared: 'timed out',
    one: log('redis.exceptions.TimeoutError: connect to cache:6379 timed out'),
    other: log(
      'sqlalchemy.exc.TimeoutError: QueuePool limit of size 5 overflow 10 reached, connection timed out, timeout 30.00',
    ),
    is: 'dependency-connections-exhausted',
  },
  {
    id: 'dependency-dns-not-found',
    shared: 'i/o timeout',
    one: log('FATAL dial tcp: lookup orders-db on 10.96.0.10:53: read udp 10.1.1.1:4:53: i/o timeout'),
    other: log('FATAL dial tcp 10.96.4.4:5432: i/o timeout'),
    is: 'dependency-timeout',
  },
  {
    id: 'dependency-auth-failed',
    shared: 'connection to server at "db"',
    one: log(
      'psycopg2.OperationalError: connection to server at "db" (10.1.1.1), port 5432 failed: FATAL:  password authentication failed for user "app"',
    ),
    other: log(
      'psycopg2.OperationalError: connection to server at "db" (10.1.1.1), port 5432 failed: FATAL:  sorry, too many clients already',
    ),
    is: 'dependency-connections-exhausted',
  },
  {
    id: 'dependency-connections-exhausted',
    shared: 'HikariPool-1 - Connection is not available',
    one: log(
      'java.sql.SQLTransientConnectionException: HikariPool-1 - Connection is not available, request timed out after 30000ms (total=10, active=10, idle=0, waiting=4)',
    ),
    other: log(
      'java.sql.SQLTransientConnectionException: HikariPool-1 - Connection is not available, request timed out after 30000ms (total=0, active=0, idle=0, waiting=0)',
      'Caused by: org.postgresql.util.PSQLException: Connection to db:5432 refused. Check that the hostname and port are correct and that the postmaster is accepting TCP/IP connections.',
    ),
    is: 'dependency-refused',
  },
  {
    id: 'migration-failed',
    shared: 'does not exist',
    one: log('psycopg2.errors.UndefinedTable: relation "orders" does not exist'),
    other: log(
      'psycopg2.OperationalError: connection to server at "db" (10.1.1.1), port 5432 failed: FATAL:  role "orders" does not exist',
    ),
    is: 'dependency-auth-failed',
  },
  {
    id: 'dependency-job-missing',
    shared: 'not found',
    one: {
      ...log(...Array.from({ length: 6 }, () => 'Error from server (NotFound): jobs.batch "shop-migrate" not found')),
      init: true,
      state: { running: { startedAt: '2026-07-01T11:50:00Z' } },
      container: { image: 'groundnuty/k8s-wait-for:v2.0', args: ['job', 'shop-migrate'] },
    },
    other: created('secret "shop-migrate" not found'),
    is: 'secret-missing',
  },
  {
    id: 'init-container-waiting',
    shared: "can't resolve 'mydb'",
    one: {
      ...log(...Array.from({ length: 30 }, () => ["nslookup: can't resolve 'mydb'", 'waiting for mydb']).flat()),
      init: true,
      state: { running: { startedAt: '2026-07-01T11:50:00Z' } },
      restarts: 0,
      exit: undefined,
    },
    other: log("nslookup: can't resolve 'mydb'"),
    is: 'dependency-dns-not-found',
  },
  {
    id: 'apiserver-unreachable',
    shared: '/api/v1/',
    one: log(
      'F0701 12:00:00.000000       1 main.go:9] Get "https://10.96.0.1:443/api/v1/nodes": dial tcp 10.96.0.1:443: i/o timeout',
    ),
    other: log(
      'level=fatal err="Get \\"http://prometheus:9090/api/v1/query\\": dial tcp 10.96.8.8:9090: connect: connection refused"',
    ),
    is: 'dependency-refused',
  },
  {
    id: 'leader-election-lost',
    shared: 'leaderelection.go',
    one: log(
      'I0701 12:00:05.000000       1 leaderelection.go:285] failed to renew lease ops/ctl: timed out waiting for the condition',
      'F0701 12:00:05.000001       1 leader_election.go:182] stopped leading',
    ),
    other: log(
      'E0701 12:00:00.000000 1 leaderelection.go:330] error retrieving resource lock ops/x: leases.coordination.k8s.io "x" is forbidden: User "system:serviceaccount:ops:ctl" cannot get resource "leases" in API group "coordination.k8s.io" in the namespace "ops"',
    ),
    is: 'rbac-forbidden',
  },
  {
    id: 'sidecar-not-ready',
    shared: '127.0.0.1:5432',
    one: {
      ...log('FATAL dial tcp 127.0.0.1:5432: connect: connection refused'),
      spec: {
        containers: [
          { name: 'api', image: 'shop/api:1' },
          { name: 'cloud-sql-proxy', image: 'cloud-sql-proxy:2.8', args: ['--port=5432', 'project:eu:db'] },
        ],
      },
    },
    // A mesh proxy does not stand in for a database.
    other: {
      ...log('FATAL dial tcp 127.0.0.1:5432: connect: connection refused'),
      spec: {
        containers: [
          { name: 'api', image: 'shop/api:1' },
          { name: 'istio-proxy', image: 'istio/proxyv2:1.20' },
        ],
      },
    },
    is: 'dependency-refused',
  },
  // Certificates.
  {
    id: 'certificate-expired',
    shared: 'certificate verify failed',
    one: log(
      'ssl.SSLCertVerificationError: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: certificate has expired (_ssl.c:1007)',
    ),
    other: log(
      'ssl.SSLCertVerificationError: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: unable to get local issuer certificate (_ssl.c:1007)',
    ),
    is: 'tls-verification-failed',
  },
  {
    id: 'tls-verification-failed',
    shared: 'x509',
    one: log(
      'FATAL Get "https://vault:8200/": tls: failed to verify certificate: x509: certificate signed by unknown authority',
    ),
    other: log(
      'FATAL Get "https://vault:8200/": x509: certificate has expired or is not yet valid: current time 2026-07-01T12:00:00Z is after 2026-06-30T00:00:00Z',
    ),
    is: 'certificate-expired',
  },
  // "permission denied" and its kin.
  {
    id: 'volume-permission-denied',
    shared: "mkdir: cannot create directory '/data/db': Permission denied",
    one: { ...log("mkdir: cannot create directory '/data/db': Permission denied"), ...mounted('/data') },
    other: log("mkdir: cannot create directory '/data/db': Permission denied"),
    is: 'file-permission-denied',
  },
  {
    id: 'file-permission-denied',
    shared: 'Permission denied',
    one: log("PermissionError: [Errno 13] Permission denied: '/app/secret.json'"),
    other: log(
      "PermissionError: [Errno 13] Permission denied: '/app/secret.json'",
      '[ALERT]    (1) : Starting frontend http_in: cannot bind socket (Permission denied) [0.0.0.0:80]',
    ),
    is: 'privileged-port-denied',
  },
  {
    id: 'privileged-port-denied',
    shared: 'permission denied',
    one: log('FATAL listen tcp :80: bind: permission denied'),
    other: log('FATAL open /app/server.key: permission denied'),
    is: 'file-permission-denied',
  },
  {
    id: 'filesystem-read-only',
    shared: '/var/cache/nginx/client_temp',
    one: log('nginx: [emerg] mkdir() "/var/cache/nginx/client_temp" failed (30: Read-only file system)'),
    other: log('nginx: [emerg] mkdir() "/var/cache/nginx/client_temp" failed (13: Permission denied)'),
    is: 'file-permission-denied',
  },
  {
    id: 'capability-missing',
    shared: "chown: changing ownership of '/data': Operation not permitted",
    one: {
      ...log("chown: changing ownership of '/data': Operation not permitted"),
      container: { securityContext: { capabilities: { drop: ['ALL'] } } },
    },
    // Root squash of NFS: nobody took a capability away.
    other: {
      ...log("chown: changing ownership of '/data': Operation not permitted"),
      ...mounted('/data', { nfs: { server: '10.0.0.1', path: '/x' } }),
    },
    is: 'volume-permission-denied',
  },
  {
    id: 'security-profile-blocked',
    shared: 'profile',
    one: created(
      'failed to generate apparmor spec opts: apparmor profile not found "k8s-deny-write"',
      'CreateContainerError',
    ),
    other: log('Error: unknown flag: --profile', 'Usage:', '  app [flags]'),
    is: 'flag-unknown',
  },
  {
    id: 'run-as-non-root-violation',
    shared: 'user',
    one: created('container has runAsNonRoot and image has non-numeric user (app), cannot verify user is non-root'),
    other: created('unable to find user app: no matching entries in passwd file', 'CreateContainerError'),
    is: 'run-as-user-unknown',
  },
  {
    id: 'run-as-user-unknown',
    shared: 'uid',
    one: { ...log("KeyError: 'getpwuid(): uid not found: 1001'"), container: { securityContext: { runAsUser: 1001 } } },
    other: created("container's runAsUser breaks non-root policy (pod: uid, container: api)"),
    is: 'run-as-non-root-violation',
  },
  {
    id: 'rbac-forbidden',
    shared: '403',
    one: log(
      'Message: configmaps is forbidden: User "system:serviceaccount:shop:default" cannot list resource "configmaps" in API group "" in the namespace "shop" code 403',
    ),
    other: log(
      'pika.exceptions.ProbableAuthenticationError: ConnectionClosedByBroker: (403) ACCESS_REFUSED - Login was refused using authentication mechanism PLAIN',
    ),
    is: 'dependency-auth-failed',
  },
  // Files and data.
  {
    id: 'file-missing',
    shared: 'java.io.FileNotFoundException: /config/app.properties',
    one: log(
      'Exception in thread "main" java.io.FileNotFoundException: /config/app.properties (No such file or directory)',
    ),
    other: log('Exception in thread "main" java.io.FileNotFoundException: /config/app.properties (Permission denied)'),
    is: 'file-permission-denied',
  },
  {
    id: 'data-dir-not-empty',
    shared: '/var/lib/postgresql/data',
    one: log(
      'initdb: error: directory "/var/lib/postgresql/data" exists but is not empty',
      'initdb: detail: It contains a lost+found directory, perhaps due to it being a mount point.',
    ),
    other: {
      ...log(
        'FATAL:  data directory "/var/lib/postgresql/data" has invalid permissions',
        'DETAIL:  Permissions should be u=rwx (0700) or u=rwx,g=rx (0750).',
      ),
      ...mounted('/var/lib/postgresql/data'),
    },
    is: 'volume-permission-denied',
  },
  {
    id: 'data-dir-locked',
    shared: 'failed to obtain node locks',
    one: log(
      'java.lang.IllegalStateException: failed to obtain node locks, tried [/usr/share/elasticsearch/data] with lock id [0]',
    ),
    other: {
      ...log(
        'java.lang.IllegalStateException: failed to obtain node locks, tried [/usr/share/elasticsearch/data] with lock id [0]',
        'Likely root cause: java.nio.file.AccessDeniedException: /usr/share/elasticsearch/data/node.lock',
      ),
      ...mounted('/usr/share/elasticsearch/data'),
    },
    is: 'volume-permission-denied',
  },
  {
    id: 'data-corrupted',
    shared: 'Fatal error loading the DB',
    one: log(
      '1:M 01 Jul 2026 12:00:00.000 # Short read or OOM loading DB. Unrecoverable error, aborting now.',
      '1:M 01 Jul 2026 12:00:00.000 # Fatal error loading the DB, check server logs. Exiting.',
    ),
    other: log(
      "1:M 01 Jul 2026 12:00:00.000 # Can't handle RDB format version 11",
      '1:M 01 Jul 2026 12:00:00.000 # Fatal error loading the DB, check server logs. Exiting.',
    ),
    is: 'data-version-incompatible',
  },
  {
    id: 'data-version-incompatible',
    shared: 'meta.properties',
    one: log(
      'java.lang.IllegalArgumentException: Unknown metadata.version 21 found in meta.properties, written by a newer version',
    ),
    other: log('java.lang.RuntimeException: Invalid cluster.id in: /data/meta.properties. Expected abc, but read def'),
    is: 'cluster-member-stale',
  },
  {
    id: 'cluster-member-stale',
    shared: 'etcdmain/etcd.go',
    one: log(
      '{"level":"fatal","ts":"2026-07-01T12:00:00Z","caller":"etcdmain/etcd.go:204","msg":"discovery failed","error":"member 1234abcd has already been bootstrapped"}',
    ),
    other: log(
      '{"level":"fatal","ts":"2026-07-01T12:00:00Z","caller":"etcdmain/etcd.go:204","msg":"discovery failed","error":"cannot access data directory: open /var/lib/etcd/.touch: permission denied"}',
    ),
    is: 'file-permission-denied',
  },
  {
    id: 'volume-mount-failed',
    shared: 'MountVolume.SetUp failed for volume "config"',
    one: event(
      'FailedMount',
      'MountVolume.SetUp failed for volume "config" : hostPath type check failed: /etc/app is not a directory',
    ),
    other: event('FailedMount', 'MountVolume.SetUp failed for volume "config" : configmap "app" not found'),
    is: 'configmap-missing',
  },
  {
    id: 'volume-attach-failed',
    shared: 'volume "pvc-1"',
    one: event('FailedAttachVolume', 'Multi-Attach error for volume "pvc-1" Volume is already used by pod(s) api-0'),
    other: event(
      'FailedMount',
      'MountVolume.MountDevice failed for volume "pvc-1" : rpc error: code = Internal desc = format of disk failed: exit status 1',
    ),
    is: 'volume-mount-failed',
  },
  {
    id: 'pvc-unbound',
    shared: '0/3 nodes are available',
    one: pending(
      '0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims. preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.',
    ),
    other: pending('0/3 nodes are available: 3 node(s) had volume node affinity conflict.'),
    is: 'unschedulable',
  },
  // Network.
  {
    id: 'port-in-use',
    shared: 'listen tcp :80: bind:',
    one: log('FATAL listen tcp :80: bind: address already in use'),
    other: log('FATAL listen tcp :80: bind: permission denied'),
    is: 'privileged-port-denied',
  },
  {
    id: 'coredns-forward-loop',
    shared: 'plugin/',
    one: log(
      '[FATAL] plugin/loop: Loop (127.0.0.1:55953 -> :1053) detected for zone ".", see https://coredns.io/plugins/loop#troubleshooting. Query: "HINFO 45."',
    ),
    other: log(
      'Listen: listen tcp :53: bind: permission denied',
      '[FATAL] plugin/errors: Listen: listen tcp :53: bind: permission denied',
    ),
    is: 'privileged-port-denied',
  },
  {
    id: 'cni-failure',
    shared: 'Failed to create pod sandbox',
    one: event(
      'FailedCreatePodSandBox',
      'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox "abc": plugin type="calico" failed (add): error getting ClusterInformation: connection is unauthorized: Unauthorized',
    ),
    other: event(
      'FailedCreatePodSandBox',
      'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: container init was OOM-killed (memory limit too low?): unknown',
    ),
    is: 'oom-killed',
  },
  // Admission.
  {
    id: 'unschedulable',
    shared: '0/3 nodes are available',
    one: pending('0/3 nodes are available: 3 Insufficient memory.'),
    other: pending('0/3 nodes are available: 3 pod has unbound immediate PersistentVolumeClaims.'),
    is: 'pvc-unbound',
  },
  {
    id: 'webhook-unavailable',
    shared: 'webhook.cert-manager.io',
    one: log(
      'Error: Internal error occurred: failed calling webhook "webhook.cert-manager.io": failed to call webhook: Post "https://cert-manager-webhook.cert-manager.svc:443/validate?timeout=30s": dial tcp 10.96.2.2:443: connect: connection refused',
    ),
    other: log('FATAL dial webhook.cert-manager.io: dial tcp 10.96.2.2:443: connect: connection refused'),
    is: 'dependency-refused',
  },
  // Images.
  {
    id: 'image-not-found',
    shared: 'failed to resolve reference "ghcr.io/o/p:9"',
    one: image(
      'Failed to pull image "ghcr.io/o/p:9": failed to resolve reference "ghcr.io/o/p:9": ghcr.io/o/p:9: not found',
    ),
    other: image(
      'Failed to pull image "ghcr.io/o/p:9": failed to resolve reference "ghcr.io/o/p:9": failed to authorize: failed to fetch anonymous token: 401 Unauthorized',
    ),
    is: 'image-pull-denied',
  },
  {
    id: 'image-pull-denied',
    shared: 'unexpected status from HEAD request',
    one: image(
      'Failed to pull image "r.io/o/p:9": unexpected status from HEAD request to https://r.io/v2/o/p/manifests/9: 403 Forbidden',
    ),
    other: image(
      'Failed to pull image "r.io/o/p:9": unexpected status from HEAD request to https://r.io/v2/o/p/manifests/9: 503 Service Unavailable',
    ),
    is: 'image-registry-unreachable',
  },
  {
    id: 'image-pull-rate-limited',
    shared: 'reading manifest 7 in docker.io/library/redis',
    one: image(
      'Failed to pull image "redis:7": reading manifest 7 in docker.io/library/redis: toomanyrequests: You have reached your unauthenticated pull rate limit.',
    ),
    other: image('Failed to pull image "redis:7": reading manifest 7 in docker.io/library/redis: manifest unknown'),
    is: 'image-not-found',
  },
  {
    id: 'image-registry-unreachable',
    shared: 'harbor.corp',
    one: image(
      'Failed to pull image "harbor.corp/p/a:1": pinging container registry harbor.corp: Get "https://harbor.corp/v2/": dial tcp: lookup harbor.corp on 10.0.0.2:53: no such host',
    ),
    other: log('FATAL Get "https://harbor.corp/api": dial tcp: lookup harbor.corp on 10.0.0.2:53: no such host'),
    is: 'dependency-dns-not-found',
  },
  {
    id: 'image-name-invalid',
    shared: 'MyRepo/API:1',
    one: image(
      'Failed to apply default image tag "MyRepo/API:1": couldn\'t parse image name "MyRepo/API:1": invalid reference format: repository name (MyRepo/API) must be lowercase',
      'InvalidImageName',
    ),
    other: image('Failed to pull image "MyRepo/API:1": manifest for MyRepo/API:1 not found: manifest unknown'),
    is: 'image-not-found',
  },
];

test.each(PAIRS)('$id is told from $is, though both say "$shared"', ({ id, shared, one, other, is }) => {
  expect([one, other].every((pod) => saidIn(pod).includes(shared))).toBe(true);
  expect([diagnosePod(one).verdict.cause, diagnosePod(other).verdict.cause]).toEqual([id, is]);
});

/** Everything that a person would read of this pod. */
function saidIn({ log: lines, events, waiting, message }: PodCase): string {
  const told = (events ?? []).map((e) => `${e.reason} ${e.message}`);
  return [lines, ...told, waiting?.message, message].flat().join('\n');
}
