// What other programs print when something they need is not there, and what is said of it. Each line was taken from
// the wording of the program named beside it.

import { expect, test } from 'vitest';
import { diagnosePod, livenessKill, type PodCase, verdictOf } from '../support/pod.ts';

interface Row {
  source: string;
  log: string | string[];
  is: string;
  host?: string;
  port?: string;
  more?: PodCase;
}

const REFUSED: Row[] = [
  {
    source: 'psycopg 3, libpq 16',
    log: 'psycopg.OperationalError: connection failed: connection to server at "10.96.4.2", port 5432 failed: Connection refused',
    is: 'dependency-refused confirmed',
    port: '5432',
  },
  {
    source: 'pgx v5',
    log: 'FATAL: failed to connect to `host=orders-db user=app database=app`: dial error (dial tcp 10.96.4.2:5432: connect: connection refused)',
    is: 'dependency-refused confirmed',
    port: '5432',
  },
  {
    source: 'pgjdbc 42',
    log: [
      'Caused by: org.postgresql.util.PSQLException: Connection to orders-db:5432 refused. Check that the hostname and port are correct and that the postmaster is accepting TCP/IP connections.',
      '\tat org.postgresql.core.v3.ConnectionFactoryImpl.openConnectionImpl(ConnectionFactoryImpl.java:342)',
    ],
    is: 'dependency-refused confirmed',
    host: 'orders-db',
    port: '5432',
  },
  {
    source: 'go-redis',
    log: '2026/07/01 11:59:59 redis: ping: dial tcp 10.96.7.7:6379: connect: connection refused',
    is: 'dependency-refused confirmed',
    port: '6379',
  },
  {
    source: 'redis-rb 5',
    log: "/usr/local/bundle/gems/redis-client-0.22.2/lib/redis_client/ruby_connection.rb:76:in `initialize': Connection refused - connect(2) for 10.96.7.7:6379 (redis://cache:6379) (RedisClient::CannotConnectError)",
    is: 'dependency-refused confirmed',
  },
  {
    source: 'PyMySQL 1.1',
    log: "pymysql.err.OperationalError: (2003, \"Can't connect to MySQL server on 'orders-mysql' ([Errno 111] Connection refused)\")",
    is: 'dependency-refused confirmed',
    host: 'orders-mysql',
  },
  {
    source: 'PHP 8 PDO',
    log: 'PHP Fatal error:  Uncaught PDOException: SQLSTATE[HY000] [2002] Connection refused in /var/www/html/db.php:12',
    is: 'dependency-refused confirmed',
  },
  {
    source: 'Lettuce 6',
    log: 'Caused by: io.netty.channel.AbstractChannel$AnnotatedConnectException: Connection refused: cache/10.96.7.7:6379',
    is: 'dependency-refused confirmed',
    host: 'cache',
    port: '6379',
  },
  {
    source: 'kafkajs',
    log: '{"level":"ERROR","timestamp":"2026-07-01T11:59:59.000Z","logger":"kafkajs","message":"[Connection] Connection error: connect ECONNREFUSED 10.96.9.9:9092","broker":"kafka:9092"}',
    is: 'dependency-refused confirmed',
    port: '9092',
  },
  {
    source: 'Npgsql 8',
    log: [
      'Unhandled exception. Npgsql.NpgsqlException (0x80004005): Failed to connect to 10.96.4.2:5432',
      ' ---> System.Net.Sockets.SocketException (111): Connection refused',
    ],
    is: 'dependency-refused confirmed',
    port: '5432',
  },
  {
    source: 'sqlx 0.7 (Rust)',
    log: 'Error: error communicating with database: Connection refused (os error 111)',
    is: 'dependency-refused confirmed',
  },
  {
    source: 'Postgrex (Elixir)',
    log: '[error] Postgrex.Protocol (#PID<0.330.0>) failed to connect: ** (DBConnection.ConnectionError) tcp connect (orders-db:5432): connection refused - :econnrefused',
    is: 'dependency-refused confirmed',
    host: 'orders-db',
    port: '5432',
  },
  {
    source: 'curl 8',
    log: 'curl: (7) Failed to connect to config-server port 8888 after 2 ms: Could not connect to server',
    is: 'dependency-refused confirmed',
    host: 'config-server',
    port: '8888',
  },
  {
    source: 'celery 5',
    log: '[2026-07-01 11:59:59,001: ERROR/MainProcess] consumer: Cannot connect to amqp://app:**@rabbitmq:5672//: [Errno 111] Connection refused.',
    is: 'dependency-refused confirmed',
    host: 'rabbitmq',
    port: '5672',
  },
];

const NO_NAME: Row[] = [
  {
    source: 'Go net',
    log: 'panic: dial tcp: lookup orders-db on 10.96.0.10:53: no such host',
    is: 'dependency-dns-not-found confirmed',
    host: 'orders-db',
  },
  {
    source: 'Node.js dns',
    log: 'Error: getaddrinfo EAI_AGAIN orders-db',
    is: 'dependency-dns-not-found confirmed',
    host: 'orders-db',
  },
  {
    source: 'JDK 21',
    log: 'Caused by: java.net.UnknownHostException: orders-db: Name or service not known',
    is: 'dependency-dns-not-found confirmed',
    host: 'orders-db',
  },
  {
    source: 'PHP 8',
    log: 'PHP Fatal error:  Uncaught PDOException: PDO::__construct(): php_network_getaddresses: getaddrinfo for orders-db failed: Name or service not known',
    is: 'dependency-dns-not-found confirmed',
    host: 'orders-db',
  },
  {
    source: 'redis-py 5',
    log: 'redis.exceptions.ConnectionError: Error -2 connecting to cache:6379. Name or service not known.',
    is: 'dependency-dns-not-found confirmed',
    host: 'cache',
  },
  {
    source: 'requests 2, urllib3 2',
    log: "requests.exceptions.ConnectionError: HTTPSConnectionPool(host='billing.internal', port=443): Max retries exceeded with url: / (Caused by NameResolutionError(\"<urllib3.connection.HTTPSConnection object at 0x7f>: Failed to resolve 'billing.internal' ([Errno -2] Name or service not known)\"))",
    is: 'dependency-dns-not-found confirmed',
    host: 'billing.internal',
  },
  {
    source: 'HAProxy 2.8',
    log: "[ALERT]    (1) : config : parsing [/usr/local/etc/haproxy/haproxy.cfg:20] : 'server app1' : could not resolve address 'backend'.",
    is: 'dependency-dns-not-found confirmed',
    host: 'backend',
  },
  {
    source: 'kafka-clients 3',
    log: 'org.apache.kafka.common.config.ConfigException: No resolvable bootstrap urls given in bootstrap.servers',
    is: 'dependency-dns-not-found confirmed',
  },
  {
    source: 'MariaDB client',
    log: "ERROR 2005 (HY000): Unknown MySQL server host 'orders-mysql' (-2)",
    is: 'dependency-dns-not-found confirmed',
    host: 'orders-mysql',
  },
  {
    source: 'curl 8',
    log: 'curl: (6) Could not resolve host: config-server',
    is: 'dependency-dns-not-found confirmed',
    host: 'config-server',
  },
  {
    source: '.NET 8',
    log: 'Unhandled exception. System.Net.Http.HttpRequestException: Name or service not known (billing:8080)',
    is: 'dependency-dns-not-found confirmed',
    host: 'billing',
  },
  {
    source: 'Ruby 3',
    log: "`rescue in connect': Failed to open TCP connection to billing:80 (getaddrinfo: Name or service not known) (SocketError)",
    is: 'dependency-dns-not-found confirmed',
    host: 'billing',
  },
  {
    source: 'hyper (Rust)',
    log: 'Error: error trying to connect: dns error: failed to lookup address information: Name or service not known',
    is: 'dependency-dns-not-found confirmed',
  },
];

const NO_ANSWER: Row[] = [
  {
    source: 'Go net',
    log: 'FATAL connect: dial tcp 10.44.1.9:3306: i/o timeout',
    is: 'dependency-timeout confirmed',
    host: '10.44.1.9',
    port: '3306',
  },
  {
    source: 'Node.js',
    log: 'Error: connect ETIMEDOUT 10.44.1.9:1433',
    is: 'dependency-timeout confirmed',
    host: '10.44.1.9',
    port: '1433',
  },
  {
    source: 'JDK 17',
    log: 'Caused by: java.net.SocketTimeoutException: Connect timed out',
    is: 'dependency-timeout confirmed',
  },
  {
    source: 'libpq 15',
    log: 'psql: error: connection to server at "orders-db" (10.44.1.9), port 5432 failed: Connection timed out',
    is: 'dependency-timeout confirmed',
    host: 'orders-db',
  },
  {
    source: 'pymongo 4',
    log: 'pymongo.errors.ServerSelectionTimeoutError: mongo-0.mongo:27017: timed out (configured timeouts: socketTimeoutMS: 20000.0ms), Timeout: 30s',
    is: 'dependency-timeout confirmed',
    host: 'mongo-0.mongo',
  },
  { source: 'JDK', log: 'java.net.NoRouteToHostException: No route to host', is: 'dependency-timeout confirmed' },
  {
    source: 'wait-for-it.sh',
    log: 'wait-for-it.sh: timeout occurred after waiting 15 seconds for orders-db:5432',
    is: 'dependency-timeout confirmed',
    host: 'orders-db',
  },
];

const REJECTED: Row[] = [
  {
    source: 'MySQL 8',
    log: "sqlalchemy.exc.OperationalError: (pymysql.err.OperationalError) (1045, \"Access denied for user 'app'@'10.244.0.7' (using password: YES)\")",
    is: 'dependency-auth-failed confirmed',
  },
  {
    source: 'MongoDB 7, Node.js driver',
    log: 'MongoServerError: Authentication failed.',
    is: 'dependency-auth-failed confirmed',
  },
  {
    source: 'Redis 7, ioredis',
    log: 'ReplyError: WRONGPASS invalid username-password pair or user is disabled.',
    is: 'dependency-auth-failed confirmed',
  },
  {
    source: 'RabbitMQ, pika',
    log: "pika.exceptions.ProbableAuthenticationError: ConnectionClosedByBroker: (403) 'ACCESS_REFUSED - Login was refused using authentication mechanism PLAIN. For details see the broker logfile.'",
    is: 'dependency-auth-failed confirmed',
  },
  {
    source: 'kafka-clients',
    log: 'org.apache.kafka.common.errors.SaslAuthenticationException: Authentication failed during authentication due to invalid credentials with SASL mechanism SCRAM-SHA-512',
    is: 'dependency-auth-failed confirmed',
  },
  {
    source: 'SQL Server',
    log: "Unhandled exception. Microsoft.Data.SqlClient.SqlException (0x80131904): Login failed for user 'app'.",
    is: 'dependency-auth-failed confirmed',
  },
  {
    source: 'PostgreSQL',
    log: 'pq: no pg_hba.conf entry for host "10.244.0.7", user "app", database "app", no encryption',
    is: 'dependency-auth-failed confirmed',
  },
];

const OTHERS: Row[] = [
  {
    source: 'PostgreSQL',
    log: 'FATAL: sorry, too many clients already',
    is: 'dependency-connections-exhausted confirmed',
  },
  {
    source: 'MySQL',
    log: 'ERROR 1040 (HY000): Too many connections',
    is: 'dependency-connections-exhausted confirmed',
  },
  {
    source: 'golang-migrate',
    log: 'error: Dirty database version 12. Fix and force version.',
    is: 'migration-failed confirmed',
  },
  {
    source: 'Flyway 9',
    log: 'org.flywaydb.core.api.exception.FlywayValidateException: Validate failed: Migrations have failed validation',
    is: 'migration-failed confirmed',
  },
  {
    source: 'Rails 7',
    log: 'ActiveRecord::PendingMigrationError: Migrations are pending. To resolve this issue, run: bin/rails db:migrate',
    is: 'migration-failed confirmed',
  },
  {
    source: 'MySQL through Laravel',
    log: "SQLSTATE[42S02]: Base table or view not found: 1146 Table 'app.sessions' doesn't exist",
    is: 'migration-failed confirmed',
  },
  {
    source: 'Alembic',
    log: "alembic.util.exc.CommandError: Can't locate revision identified by 'ae1027a6acf'",
    is: 'migration-failed confirmed',
  },
  {
    source: 'client-go leader election',
    log: [
      'E0701 11:59:58.000000       1 leaderelection.go:332] error retrieving resource lock kube-system/ctl: Get "https://10.96.0.1:443/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/ctl": context deadline exceeded',
      'I0701 11:59:59.000000       1 leaderelection.go:285] failed to renew lease kube-system/ctl: timed out waiting for the condition',
      'F0701 11:59:59.100000       1 main.go:120] leaderelection lost',
    ],
    is: 'leader-election-lost confirmed',
  },
  {
    source: 'controller-runtime',
    log: 'Error: failed to get server groups: Get "https://10.96.0.1:443/api?timeout=32s": dial tcp 10.96.0.1:443: connect: connection refused',
    is: 'apiserver-unreachable confirmed',
    host: '10.96.0.1',
  },
  {
    source: 'kubectl',
    log: 'Unable to connect to the server: dial tcp 10.96.0.1:443: i/o timeout',
    is: 'apiserver-unreachable confirmed',
  },
  {
    source: 'kubectl wait',
    log: ['waiting for job/orders-migrate', 'Error from server (NotFound): jobs.batch "orders-migrate" not found'],
    is: 'dependency-job-missing confirmed',
  },
];

test.each([...REFUSED, ...NO_NAME, ...NO_ANSWER, ...REJECTED, ...OTHERS])('$source: $is', ({
  log,
  is,
  host,
  port,
  more,
}) => {
  const report = diagnosePod({ log, ...more });
  expect(verdictOf({ log, ...more })).toBe(is);
  const detail = report.causes[0]?.detail ?? {};
  if (host) expect(detail.host).toBe(host);
  if (port) expect(detail.port).toBe(port);
});

test('a refused address without a name is given the name of its Service, and said to have nobody behind it', () => {
  const report = diagnosePod({
    log: 'Error: connect ECONNREFUSED 10.96.7.7:6379',
    objects: [
      {
        kind: 'Service',
        name: 'cache',
        spec: { clusterIP: '10.96.7.7', ports: [{ port: 6379 }], selector: { app: 'cache' } },
      },
    ],
  });
  expect(report.verdict.cause).toBe('dependency-refused');
  expect(report.causes[0]?.detail.host).toBe('cache');
  expect(JSON.stringify(report.causes[0]?.evidence)).toContain('Service cache has no ready endpoint');
});

test('a name that no Service has is said to be none', () => {
  const report = diagnosePod({
    log: 'Error: getaddrinfo ENOTFOUND orders-database',
    objects: [{ kind: 'Service', name: 'orders-db', spec: { ports: [{ port: 5432 }] } }],
  });
  expect(JSON.stringify(report.causes[0]?.evidence)).toContain('no Service orders-database');
  expect(report.context.find((c) => c.kind === 'dependency')?.text).toContain('no Service orders-database');
});

test('a dependency that makes the health check fail is the root, the kill only its mechanism', () => {
  const report = diagnosePod({
    exit: 0,
    livedSeconds: 25,
    log: [
      'INFO listening on 0.0.0.0:8080',
      ...Array(4).fill('ERROR health check failed: dial tcp 10.96.7.7:6379: connect: connection refused'),
    ],
    events: livenessKill('HTTP probe failed with statuscode: 503'),
    container: { livenessProbe: { httpGet: { path: '/healthz', port: 8080 } } },
  });
  expect(report.verdict).toMatchObject({ cause: 'dependency-refused', grade: 'likely' });
  expect(report.causes).toHaveLength(1);
  expect(report.causes[0]?.mechanisms.join()).toContain('503');
});

// Look-alikes: the decisive words are shared, the cause is another.
test('a refused metrics target that the program lives without is not why it ends', () => {
  const log = [
    ...Array(5).fill('ERROR statsd: 127.0.0.1:8125: Connection refused'),
    'INFO starting',
    'FATAL config: required environment variable REDIS_ADDR is not set',
  ];
  expect(diagnosePod({ log }).verdict.cause).toBe('env-missing');
});

test('a refused probe is the kubelet being refused, not the program', () => {
  const report = diagnosePod({
    exit: 143,
    livedSeconds: 30,
    log: 'INFO listening on 0.0.0.0:8080',
    events: livenessKill('Get "http://10.244.0.7:8081/healthz": dial tcp 10.244.0.7:8081: connect: connection refused'),
    container: { livenessProbe: { httpGet: { path: '/healthz', port: 8081 } } },
  });
  expect(report.verdict).toMatchObject({ cause: 'probe-wrong-port', grade: 'likely' });
});

test('an init container that waits is said to wait, not to crash', () => {
  const report = diagnosePod({
    init: true,
    state: { running: { startedAt: '2026-07-01T11:50:30Z' } },
    log: Array(20).fill('waiting for orders-db'),
    objects: [
      {
        kind: 'Service',
        name: 'orders-db',
        spec: { clusterIP: '10.96.4.2', ports: [{ port: 5432 }], selector: { app: 'orders-db' } },
      },
    ],
  });
  expect(report.verdict).toMatchObject({ cause: 'init-container-waiting', grade: 'confirmed', containerKind: 'init' });
  expect(report.verdict.summary).toContain('nothing crashes');
  expect(report.causes[0]?.detail.host).toBe('orders-db');
});

test('an init container that ends refused is a dependency, not a wait', () => {
  expect(
    verdictOf({ init: true, log: 'nc: connect to orders-db (10.96.4.2) port 5432 (tcp) failed: Connection refused' }),
  ).toBe('dependency-refused confirmed');
});

test('a proxy in the same pod that is not up yet is named', () => {
  const report = diagnosePod({
    log: 'Error: connect ECONNREFUSED 127.0.0.1:15001',
    spec: {
      containers: [
        { name: 'api', image: 'api:1' },
        { name: 'mesh-proxy', image: 'proxy:1', ports: [{ containerPort: 15001 }] },
      ],
    },
  });
  expect(report.verdict.cause).toBe('sidecar-not-ready');
  expect(report.causes[0]?.detail.sidecar).toBe('mesh-proxy');
});

test('a refusal at 127.0.0.1 without any proxy in the pod is said to be its own pod', () => {
  const report = diagnosePod({ log: 'Error: connect ECONNREFUSED 127.0.0.1:5432' });
  expect(report.verdict.cause).toBe('dependency-refused');
  expect(report.verdict.summary).toContain('its own pod');
});
