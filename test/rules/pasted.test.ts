// What a person pastes and nothing else: the last lines of a log, or a table of events. Each row is in the words of the
// program named beside it; what such a text cannot decide is never said with confidence.

import { expect, test } from 'vitest';
import { answer } from '../../src/answer.ts';
import { readPaste } from '../../src/core/paste.ts';
import { redactSnapshot } from '../../src/core/redact.ts';

function explained(text: string): { cause: string; grade: string; shown: string } {
  const report = answer(redactSnapshot(readPaste(text)).snapshot, {}, 'paste');
  const { cause = 'nothing', grade = 'nothing' } = report?.verdict ?? {};
  return { cause, grade, shown: `${report?.verdict.summary}\n${JSON.stringify(report?.causes[0] ?? '')}` };
}

interface Row {
  source: string;
  text: string;
  is: string;
  /** Must be shown. */
  names?: string;
}

const LOGS: Row[] = [
  {
    source: 'Prisma 5, migrate: one wording for refused, silent and unknown hosts',
    text: "Error: P1001: Can't reach database server at `db`:`5432`\n\nPlease make sure your database server is running at `db`:`5432`.",
    is: 'dependency-refused possible',
    names: 'db:5432',
  },
  {
    source: 'Prisma 5',
    text: 'Error: P1002\n\nThe database server at `postgres`:`5432` was reached but timed out.',
    is: 'dependency-timeout confirmed',
    names: 'postgres',
  },
  {
    source: 'Mongoose 8',
    text: 'MongooseServerSelectionError: Server selection timed out after 30000 ms\n    at NativeConnection.openUri (/app/node_modules/mongoose/lib/connection.js:802:32)',
    is: 'dependency-timeout confirmed',
  },
  {
    source: 'Mongoose 7, with the reason',
    text: 'MongooseServerSelectionError: connect ECONNREFUSED 10.96.8.8:27017\n    at _handleConnectionErrors (/app/node_modules/mongoose/lib/connection.js:792:11)',
    is: 'dependency-refused confirmed',
    names: '10.96.8.8:27017',
  },
  {
    source: 'Node.js 20, AggregateError: the address stands in the fields below',
    text: "AggregateError [ECONNREFUSED]: \n    at internalConnectMultiple (node:net:1118:18) {\n  code: 'ECONNREFUSED',\n  address: '10.96.14.2',\n  port: 5432\n}",
    is: 'dependency-refused confirmed',
    names: '10.96.14.2:5432',
  },
  {
    source: 'asyncpg: the trace says that it was connecting',
    text: '  File "/usr/lib/python3.11/site-packages/asyncpg/connect_utils.py", line 836, in _connect_addr\n    return await __connect_addr(params, timeout, True, *args)\nasyncio.exceptions.TimeoutError',
    is: 'dependency-timeout possible',
  },
  {
    source: 'SQLAlchemy 2: the address of its documentation is no dependency',
    text: 'sqlalchemy.exc.TimeoutError: QueuePool limit of size 5 overflow 10 reached, connection timed out, timeout 30.00 (Background on this error at: https://sqlalche.me/e/20/3o7r)',
    is: 'dependency-connections-exhausted confirmed',
  },
  {
    source: 'Kafka Connect 3',
    text: "org.apache.kafka.connect.errors.ConnectException: Failed to connect to and describe Kafka cluster. Check worker's broker connection and security properties.\nCaused by: java.util.concurrent.ExecutionException: org.apache.kafka.common.errors.TimeoutException: Call(callName=listNodes, deadlineMs=1, tries=1, nextAllowedTryMs=1) timed out at 1719835200000 after 1 attempt(s)",
    is: 'dependency-timeout confirmed',
  },
  {
    source: 'SQL Server JDBC',
    text: 'com.microsoft.sqlserver.jdbc.SQLServerException: The TCP/IP connection to the host sql-prod, port 1433 has failed. Error: "connect timed out. Verify the connection properties.',
    is: 'dependency-timeout confirmed',
    names: 'sql-prod:1433',
  },
  {
    source: 'Kafka with ZooKeeper',
    text: 'kafka.zookeeper.ZooKeeperClientTimeoutException: Timed out waiting for connection while in state: CONNECTING\n\tat kafka.zookeeper.ZooKeeperClient.waitUntilConnected(ZooKeeperClient.scala:271)',
    is: 'dependency-timeout confirmed',
  },
  {
    source: 'smtplib',
    text: "smtplib.SMTPAuthenticationError: (535, b'5.7.8 Username and Password not accepted.')",
    is: 'dependency-auth-failed confirmed',
  },
  {
    source: 'amqp091-go',
    text: '2026/07/01 12:00:00 Exception (403) Reason: "username or password not allowed"',
    is: 'dependency-auth-failed confirmed',
  },
  {
    source: 'minio-py: not the cloud, although it speaks its words',
    text: 'minio.error.S3Error: S3 operation failed; code: InvalidAccessKeyId, message: The Access Key Id you provided does not exist in our records.',
    is: 'dependency-auth-failed confirmed',
  },
  {
    source: 'kubernetes-client for Python',
    text: "urllib3.exceptions.MaxRetryError: HTTPSConnectionPool(host='10.96.0.1', port=443): Max retries exceeded with url: /api/v1/namespaces/default/pods (Caused by NewConnectionError('<urllib3.connection.HTTPSConnection object at 0x7f>: Failed to establish a new connection: [Errno 111] Connection refused'))",
    is: 'apiserver-unreachable confirmed',
  },
  {
    source: 'ingress-nginx',
    text: 'F0701 12:00:00.000000       7 main.go:295] Error while initiating a connection to the Kubernetes API server. This could mean the cluster is misconfigured (e.g. it has invalid API server certificates or Service Accounts configuration). Reason: Get "https://10.96.0.1:443/version": dial tcp 10.96.0.1:443: connect: connection refused',
    is: 'apiserver-unreachable confirmed',
  },
  {
    source: 'an istio port that nobody else listens on',
    text: '2026-07-01T12:00:00Z ERROR cannot fetch config: dial tcp 127.0.0.1:15001: connect: connection refused',
    is: 'sidecar-not-ready confirmed',
  },
  {
    source: 'an operator that makes objects',
    text: '{"level":"error","ts":"2026-07-01T12:00:00Z","msg":"Reconciler error","error":"Internal error occurred: failed calling webhook \\"webhook.cert-manager.io\\": failed to call webhook: Post \\"https://cert-manager-webhook.cert-manager.svc:443/validate?timeout=30s\\": dial tcp 10.96.2.2:443: connect: connection refused"}',
    is: 'webhook-unavailable confirmed',
    names: 'cert-manager-webhook',
  },
  {
    source: 'grpc-go',
    text: 'rpc error: code = Unavailable desc = name resolver error: produced zero addresses',
    is: 'dependency-dns-not-found confirmed',
  },
  {
    source: 'rustls through reqwest',
    text: 'Error: reqwest::Error { kind: Request, source: Custom { kind: InvalidData, error: InvalidCertificate(UnknownIssuer) } }',
    is: 'tls-verification-failed confirmed',
  },
  {
    source: 'a short line that begins like an answer of kubectl',
    text: 'error: x509: certificate is valid for *.corp.example, not api.internal.example',
    is: 'tls-verification-failed confirmed',
    names: 'api.internal.example',
  },
  {
    source: 'kubectl in a container, refused as a service account',
    text: 'Error from server (Forbidden): pods is forbidden: User "system:serviceaccount:shop:deployer" cannot list resource "pods" in API group "" in the namespace "shop"',
    is: 'rbac-forbidden confirmed',
  },
  {
    source: 'Redis 7: its own name for its data, without a path',
    text: "1:M 01 Jul 2026 12:00:00.000 # Can't open or create append-only dir appendonlydir: Permission denied",
    is: 'volume-permission-denied possible',
    names: 'appendonlydir',
  },
  {
    source: 'Elasticsearch 8, JSON: a lock that may not be written is not held',
    text: '{"log.level":"ERROR", "message":"fatal exception while booting Elasticsearch","error.message":"failed to obtain node locks, tried [/usr/share/elasticsearch/data]; maybe these locations are not writable or multiple nodes were started on the same data path?","error.stack_trace":"Caused by: java.nio.file.AccessDeniedException: /usr/share/elasticsearch/data/node.lock"}',
    is: 'volume-permission-denied possible',
    names: '/usr/share/elasticsearch/data/node.lock',
  },
  {
    source: 'OpenSSH: the key comes before the refusal',
    text: '@         WARNING: UNPROTECTED PRIVATE KEY FILE!          @\nPermissions 0644 for \'/root/.ssh/id_rsa\' are too open.\nLoad key "/root/.ssh/id_rsa": bad permissions\ngit@github.com: Permission denied (publickey).',
    is: 'file-permission-denied possible',
    names: '/root/.ssh/id_rsa',
  },
  {
    source: 'npm 9: the path stands two lines below',
    text: 'npm ERR! code EACCES\nnpm ERR! syscall mkdir\nnpm ERR! path /.npm\nnpm ERR! errno -13',
    is: 'file-permission-denied possible',
    names: '/.npm',
  },
  {
    source: 'nginx in its entrypoint, security context not pasted',
    text: '2026/07/01 12:00:00 [emerg] 20#20: setgid(101) failed (1: Operation not permitted)',
    is: 'capability-missing possible',
  },
  {
    source: 'iptables',
    text: "iptables v1.8.4 (legacy): can't initialize iptables table `nat': Permission denied (you must be root)",
    is: 'capability-missing confirmed',
  },
  {
    source: 'runc before 1.0: a binary with file capabilities',
    text: 'standard_init_linux.go:190: exec user process caused "operation not permitted"',
    is: 'capability-missing possible',
  },
  {
    source: 'auditd: a sentence that only looks like logfmt',
    text: 'type=AVC msg=audit(1719835200.1:1): avc:  denied  { write } for  pid=1 comm="postgres" name="data" scontext=system_u:system_r:container_t:s0 tclass=dir permissive=0',
    is: 'security-profile-blocked confirmed',
  },
  {
    source: 'Rust: the bind stands in the line before',
    text: 'binding 0.0.0.0:80\nError: Os { code: 13, kind: PermissionDenied, message: "Permission denied" }',
    is: 'privileged-port-denied confirmed',
    names: '80',
  },
  {
    source: 'InnoDB 8',
    text: '[ERROR] [MY-012224] [InnoDB] Header page consists of zero bytes in datafile: ./ibdata1\n[ERROR] [MY-012930] [InnoDB] Plugin initialization aborted with error Data structure corruption.',
    is: 'data-corrupted confirmed',
  },
  {
    source: 'HDFS datanode',
    text: 'java.io.IOException: Incompatible clusterIDs in /hadoop/dfs/data: namenode clusterID = CID-1; datanode clusterID = CID-2',
    is: 'cluster-member-stale confirmed',
  },
  {
    source: 'Rails 7',
    text: 'A server is already running (pid: 1, file: /app/tmp/pids/server.pid).\nExiting',
    is: 'data-dir-locked confirmed',
    names: '/app/tmp/pids/server.pid',
  },
  {
    source: 'ssh as a user without a name',
    text: 'No user exists for uid 1000\nfatal: Could not read from remote repository.',
    is: 'run-as-user-unknown confirmed',
    names: '1000',
  },
  {
    source: 'pgjdbc while PostgreSQL recovers',
    text: 'SEVERE [main] org.postgresql.Driver.connect Connection error: \n\torg.postgresql.util.PSQLException: FATAL: the database system is starting up',
    is: 'dependency-refused confirmed',
  },
  {
    source: 'a program that ends calmly',
    text: '2026-07-01T12:00:00Z INFO listening on :8080\n2026-07-01T12:00:01Z INFO request handled status=200\n2026-07-01T12:00:02Z INFO shutting down',
    is: 'unknown unknown',
  },
];

test.each(LOGS)('$source: a log alone', ({ text, is, names }) => {
  const { cause, grade, shown } = explained(text);
  expect(`${cause} ${grade}`).toBe(is);
  expect(shown).toContain(names ?? '');
});

const HEADING = 'LAST SEEN   TYPE      REASON         OBJECT               MESSAGE\n';
const refused = (object: string, message: string): string =>
  `${HEADING}2m          Warning   FailedCreate   ${object}   Error creating: ${message}`;

// A controller that can make no pod leaves only its events; three of them begin alike.
const EVENTS: Row[] = [
  {
    source: 'webhook without endpoints',
    text: refused(
      'replicaset/api-6f5',
      'Internal error occurred: failed calling webhook "validate.kyverno.svc-fail": failed to call webhook: Post "https://kyverno-svc.kyverno.svc:443/validate/fail?timeout=10s": no endpoints available for service "kyverno-svc"',
    ),
    is: 'webhook-unavailable confirmed',
    names: 'kyverno-svc',
  },
  {
    source: 'webhook that answers: the same webhook, not the same cause',
    text: refused(
      'replicaset/api-6f5',
      'admission webhook "validate.kyverno.svc-fail" denied the request: resource Pod/shop/api was blocked due to the following policies disallow-latest-tag',
    ),
    is: 'admission-denied confirmed',
  },
  {
    source: 'PodSecurity',
    text: refused(
      'replicaset/api-6f5',
      'pods "api-6f5-x" is forbidden: violates PodSecurity "baseline:latest": host namespaces (hostNetwork=true)',
    ),
    is: 'admission-denied confirmed',
  },
  {
    source: 'ResourceQuota',
    text: refused(
      'replicaset/api-6f5',
      'pods "api-6f5-x" is forbidden: exceeded quota: compute, requested: limits.memory=2Gi, used: limits.memory=7Gi, limited: limits.memory=8Gi',
    ),
    is: 'quota-exceeded confirmed',
    names: 'compute',
  },
  {
    source: 'ServiceAccount admission',
    text: refused(
      'job/backup',
      'pods "backup-" is forbidden: error looking up service account shop/backup: serviceaccount "backup" not found',
    ),
    is: 'service-account-missing confirmed',
    names: 'backup',
  },
  {
    source: 'scheduler 1.34',
    text: `${HEADING}2m          Warning   FailedScheduling   pod/api-0   0/3 nodes are available: 3 node(s) had volume node affinity conflict. preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.`,
    is: 'unschedulable confirmed',
  },
  {
    source: 'attach-detach controller',
    text: `${HEADING}2m          Warning   FailedAttachVolume   pod/db-0   Multi-Attach error for volume "pvc-1" Volume is already used by pod(s) db-1`,
    is: 'volume-attach-failed confirmed',
  },
];

test.each(EVENTS)('$source: a table of events alone', ({ text, is, names }) => {
  const { cause, grade, shown } = explained(text);
  expect(`${cause} ${grade}`).toBe(is);
  expect(shown).toContain(names ?? '');
});
