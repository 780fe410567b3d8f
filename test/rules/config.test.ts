// Missing, malformed and wrong configuration: who says it how, and the look-alikes that share a decisive word.
import { describe, expect, test } from 'vitest';
import { diagnosePod, livenessKill, type PodCase, verdictOf } from '../support/pod.ts';

type Row = [told: string, pod: PodCase, verdict: string];

const env = (name: string, from: object) => ({ env: [{ name, valueFrom: from }] });
const settings = { kind: 'ConfigMap', name: 'settings', data: { db_host: 'pg', 'app.yaml': 'a: 1' } };
const mounted = (volume: object, mountPath = '/etc/app', more: object = {}): PodCase => ({
  container: { volumeMounts: [{ name: 'v', mountPath, ...more }] },
  spec: { volumes: [{ name: 'v', ...volume }] },
});

describe('a variable that is not set is named', () => {
  test.each<Row>([
    // source: CPython 3.11 os.py
    [
      'Python',
      {
        log: [
          'Traceback (most recent call last):',
          '  File "/app/main.py", line 5, in <module>',
          '    url = os.environ["DATABASE_URL"]',
          "KeyError: 'DATABASE_URL'",
        ],
      },
      'env-missing confirmed',
    ],
    // source: pydantic-settings 2
    [
      'pydantic',
      {
        log: [
          'pydantic_core._pydantic_core.ValidationError: 1 validation error for Settings',
          'database_url',
          '  Field required [type=missing, input_value={}, input_type=dict]',
          '    For further information visit https://errors.pydantic.dev/2.7/v/missing',
        ],
      },
      'env-missing confirmed',
    ],
    // source: python-decouple 3.8
    [
      'decouple',
      { log: 'decouple.UndefinedValueError: SECRET_KEY not found. Declare it as envvar or define a default value.' },
      'env-missing confirmed',
    ],
    // source: Django 4 settings
    [
      'Django',
      { log: 'django.core.exceptions.ImproperlyConfigured: Set the DATABASE_URL environment variable' },
      'env-missing confirmed',
    ],
    // source: kelseyhightower/envconfig
    ['Go envconfig', { log: '2024/03/01 10:00:00 required key DATABASE_URL missing value' }, 'env-missing confirmed'],
    // source: caarlos0/env v10
    [
      'Go caarlos0/env',
      { log: 'panic: env: required environment variable "API_TOKEN" is not set' },
      'env-missing confirmed',
    ],
    // source: logrus text formatter
    [
      'logrus',
      { log: 'time="2024-03-01T10:00:00Z" level=fatal msg="REDIS_ADDR must be set"' },
      'env-missing confirmed',
    ],
    // source: zap production encoder
    [
      'zap',
      {
        log: '{"level":"fatal","ts":1709287200.1,"caller":"main.go:12","msg":"missing env","error":"environment variable S3_BUCKET is empty"}',
      },
      'env-missing confirmed',
    ],
    // source: envalid 8
    [
      'envalid',
      {
        log: [
          '================================',
          ' Missing environment variables:',
          '    DATABASE_URL: undefined',
          '================================',
          ' Exiting with error code 1',
        ],
      },
      'env-missing confirmed',
    ],
    // source: Prisma 5
    [
      'Prisma',
      {
        log: [
          'PrismaClientInitializationError: ',
          'Invalid `prisma.user.findMany()` invocation:',
          'error: Environment variable not found: DATABASE_URL.',
          '  -->  schema.prisma:10',
        ],
      },
      'env-missing confirmed',
    ],
    // source: SmallRye Config 3
    [
      'Quarkus',
      {
        log: 'java.util.NoSuchElementException: SRCFG00014: The config property app.greeting is required but it could not be found in any config source',
      },
      'env-missing confirmed',
    ],
    // source: Ruby 3 ENV.fetch
    ['Ruby', { log: '/app/config.rb:3:in `fetch\': key not found: "SMTP_HOST" (KeyError)' }, 'env-missing confirmed'],
    // source: Elixir runtime.exs
    ['Elixir', { log: '** (RuntimeError) environment variable SECRET_KEY_BASE is missing.' }, 'env-missing confirmed'],
    // source: docker-library/postgres docker-entrypoint.sh
    [
      'the postgres image',
      {
        log: [
          'Error: Database is uninitialized and superuser password is not specified.',
          '       You must specify POSTGRES_PASSWORD to a non-empty value for the',
          '       superuser. For example, "-e POSTGRES_PASSWORD=password" on "docker run".',
        ],
      },
      'env-missing confirmed',
    ],
    // source: docker-library/mysql docker-entrypoint.sh
    [
      'the mysql image',
      {
        log: [
          '2024-03-01 10:00:00+00:00 [Note] [Entrypoint]: Entrypoint script for MySQL Server 8.3.0 started.',
          '2024-03-01 10:00:00+00:00 [ERROR] [Entrypoint]: Database is uninitialized and password option is not specified',
          '    You need to specify one of the following as an environment variable:',
          '    - MYSQL_ROOT_PASSWORD',
          '    - MYSQL_ALLOW_EMPTY_PASSWORD',
          '    - MYSQL_RANDOM_ROOT_PASSWORD',
        ],
      },
      'env-missing confirmed',
    ],
    // source: dash, set -u
    ['a shell', { log: '/app/run.sh: 4: BACKUP_TARGET: parameter not set', exit: 2 }, 'env-missing confirmed'],
    // source: Rust std::env::VarError
    [
      'Rust',
      {
        log: [
          "thread 'main' panicked at src/main.rs:9:44:",
          'DATABASE_URL must be set: NotPresent',
          'note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace',
        ],
        exit: 101,
      },
      'env-missing confirmed',
    ],
    // source: Kafka clients ConfigDef
    [
      'Kafka',
      {
        log: 'org.apache.kafka.common.config.ConfigException: Missing required configuration "bootstrap.servers" which has no default value.',
      },
      'env-missing confirmed',
    ],
  ])('by %s', (_, pod, verdict) => {
    expect(verdictOf(pod)).toBe(verdict);
  });

  test('a variable that an optional reference should fill is traced to the key, and the nearest key is named', () => {
    const report = diagnosePod({
      log: 'ValueError: DATABASE_HOST must not be empty',
      container: env('DATABASE_HOST', { configMapKeyRef: { name: 'settings', key: 'db-host', optional: true } }),
      objects: [settings],
    });
    expect(report.verdict.cause).toBe('config-key-missing');
    expect(report.causes[0]?.detail).toMatchObject({ configMap: 'settings', key: 'db-host', nearestKey: 'db_host' });
  });

  test('a variable that an optional reference to nothing should fill is traced to the object', () => {
    const container = env('DATABASE_HOST', { configMapKeyRef: { name: 'gone', key: 'db_host', optional: true } });
    expect(verdictOf({ log: 'DATABASE_HOST must not be empty', container })).toBe('configmap-missing confirmed');
  });

  test('an object that could not be read proves nothing about its keys', () => {
    const container = env('DATABASE_HOST', { configMapKeyRef: { name: 'gone', key: 'db_host', optional: true } });
    const unread = [{ at: 'ConfigMap/gone', why: 'not permitted (403)' }];
    expect(verdictOf({ log: 'DATABASE_HOST must not be empty', container, unread })).toBe('env-missing confirmed');
  });

  test('a warning before the error that ends the program is not the cause', () => {
    const log = ['WARN OPTIONAL_KEY is not set', "TypeError: Cannot read properties of null (reading 'id')"];
    expect(verdictOf({ log })).toBe('application-error confirmed');
  });

  test('a variable that the template does set is not called missing with confidence', () => {
    const container = { env: [{ name: 'REDIS_ADDR', value: 'redis:6379' }] };
    expect(verdictOf({ log: 'REDIS_ADDR must be set', container })).toBe('env-missing possible');
  });

  test.each<Row>([
    [
      'a key of data is not a variable',
      {
        log: [
          'Traceback (most recent call last):',
          '  File "/app/main.py", line 9, in <module>',
          '    total = row["amount"]',
          "KeyError: 'amount'",
        ],
      },
      'application-error confirmed',
    ],
    [
      'a glibc version is not a variable',
      { log: "/app/x: /lib/libc.so.6: version `GLIBC_2.38' not found (required by /app/x)" },
      'library-missing confirmed',
    ],
  ])('%s', (_, pod, verdict) => {
    expect(verdictOf(pod)).toBe(verdict);
  });
});

describe('what the template names and the cluster does not have', () => {
  test.each<Row>([
    // source: kubelet 1.30
    [
      'a ConfigMap, for a variable',
      {
        waiting: { reason: 'CreateContainerConfigError', message: 'configmap "settings" not found' },
        container: env('A', { configMapKeyRef: { name: 'settings', key: 'a' } }),
      },
      'configmap-missing confirmed',
    ],
    [
      'a Secret, for a variable',
      {
        waiting: { reason: 'CreateContainerConfigError', message: 'secret "db" not found' },
        container: env('A', { secretKeyRef: { name: 'db', key: 'a' } }),
      },
      'secret-missing confirmed',
    ],
    [
      'a ConfigMap, for a volume',
      {
        ...mounted({ configMap: { name: 'settings' } }),
        waiting: { reason: 'ContainerCreating' },
        events: [
          {
            reason: 'FailedMount',
            message: 'MountVolume.SetUp failed for volume "v" : configmap "settings" not found',
          },
        ],
      },
      'configmap-missing confirmed',
    ],
    [
      'a Secret, for a volume',
      {
        ...mounted({ secret: { secretName: 'tls' } }),
        waiting: { reason: 'ContainerCreating' },
        events: [
          { reason: 'FailedMount', message: 'MountVolume.SetUp failed for volume "v" : secret "tls" not found' },
        ],
      },
      'secret-missing confirmed',
    ],
    [
      'a key, for a variable',
      {
        waiting: {
          reason: 'CreateContainerConfigError',
          message: "couldn't find key db-host in ConfigMap shop/settings",
        },
        container: env('A', { configMapKeyRef: { name: 'settings', key: 'db-host' } }),
        objects: [settings],
      },
      'config-key-missing confirmed',
    ],
    [
      'a key, for a file',
      {
        ...mounted({ configMap: { name: 'settings', items: [{ key: 'app.yml', path: 'app.yml' }] } }),
        waiting: { reason: 'ContainerCreating' },
        events: [
          {
            reason: 'FailedMount',
            message: 'MountVolume.SetUp failed for volume "v" : references non-existent config key: app.yml',
          },
        ],
        objects: [settings],
      },
      'config-key-missing confirmed',
    ],
    [
      'a key, when the program looks for its file',
      {
        ...mounted({ configMap: { name: 'settings' } }),
        log: 'open /etc/app/config.yaml: no such file or directory',
        objects: [settings],
      },
      'config-key-missing confirmed',
    ],
    // source: client-go
    [
      'a Secret that a controller reads itself',
      { log: 'E0301 10:00:00.000000       1 main.go:33] secrets "webhook-cert" not found' },
      'secret-missing confirmed',
    ],
  ])('%s', (_, pod, verdict) => {
    expect(verdictOf(pod)).toBe(verdict);
  });
});

describe('configuration that cannot be parsed', () => {
  test.each<Row>([
    [
      'nginx',
      { log: 'nginx: [emerg] unexpected "}" in /etc/nginx/conf.d/default.conf:12' },
      'config-malformed confirmed',
    ],
    [
      'Apache',
      {
        log: [
          'AH00526: Syntax error on line 12 of /usr/local/apache2/conf/httpd.conf:',
          "Invalid command 'ProxyPas', perhaps misspelled or defined by a module not included in the server configuration",
        ],
      },
      'config-malformed confirmed',
    ],
    [
      'PostgreSQL',
      {
        log: [
          '2024-03-01 10:00:00.000 UTC [1] LOG:  syntax error in file "/etc/postgresql/postgresql.conf" line 3, near token "mb"',
          '2024-03-01 10:00:00.000 UTC [1] FATAL:  configuration file "/etc/postgresql/postgresql.conf" contains errors',
        ],
      },
      'config-malformed confirmed',
    ],
    // source: Prometheus 2.50
    [
      'Prometheus',
      {
        log: 'ts=2024-03-01T10:00:00.000Z caller=main.go:487 level=error msg="Error loading config (--config.file=/etc/prometheus/prometheus.yml)" file=/etc/prometheus/prometheus.yml err="parsing YAML file /etc/prometheus/prometheus.yml: yaml: unmarshal errors:\\n  line 5: field scrape_config not found in type config.plain"',
        exit: 2,
      },
      'config-malformed confirmed',
    ],
    // source: OpenTelemetry collector 0.96
    [
      'OpenTelemetry',
      {
        log: [
          'Error: failed to get config: cannot unmarshal the configuration: 1 error(s) decoding:',
          '* error decoding \'exporters\': unknown type: "loging" for id: "loging"',
        ],
      },
      'config-malformed confirmed',
    ],
    // source: CoreDNS 1.11
    [
      'CoreDNS',
      { log: "/etc/coredns/Corefile:3 - Error during parsing: Unknown directive 'foward'" },
      'config-malformed confirmed',
    ],
    // source: Envoy 1.29
    [
      'Envoy',
      {
        log: '[2024-03-01 10:00:00.000][1][critical][main] [source/server/server.cc:131] error initializing config \'/etc/envoy/envoy.yaml\': Protobuf message (type envoy.config.bootstrap.v3.Bootstrap with unknown field set {"listener"}) has unknown fields',
      },
      'config-malformed confirmed',
    ],
    [
      'a Node program and its JSON',
      {
        log: [
          'undefined:5',
          '  "port": 80,',
          '',
          'SyntaxError: Unexpected token } in JSON at position 41',
          '    at JSON.parse (<anonymous>)',
          '    at loadConfig (/app/config.json)',
        ],
      },
      'config-malformed confirmed',
    ],
    [
      'SnakeYAML',
      {
        log: [
          'org.yaml.snakeyaml.scanner.ScannerException: mapping values are not allowed here',
          " in 'reader', line 4, column 23:",
        ],
      },
      'config-malformed confirmed',
    ],
    [
      'Fluentd',
      {
        log: '2024-03-01 10:00:00 +0000 [error]: config error file="/fluentd/etc/fluent.conf" error_class=Fluent::ConfigParseError error="unmatched end tag at fluent.conf line 7,3"',
      },
      'config-malformed confirmed',
    ],
    [
      'a duration without a unit',
      { log: 'FTL invalid REQUEST_TIMEOUT error="time: missing unit in duration \\"30\\""' },
      'config-malformed confirmed',
    ],
  ])('of %s', (_, pod, verdict) => {
    expect(verdictOf(pod)).toBe(verdict);
  });

  test.each<Row>([
    [
      'an answer that is no JSON is not configuration',
      {
        log: [
          'Traceback (most recent call last):',
          '  File "/app/main.py", line 9, in <module>',
          '    r.json()',
          'json.decoder.JSONDecodeError: Expecting value: line 1 column 1 (char 0)',
        ],
      },
      'application-error likely',
    ],
    [
      'an unknown upstream host is no syntax error of nginx',
      { log: 'nginx: [emerg] host not found in upstream "api.shop.svc" in /etc/nginx/conf.d/default.conf:3' },
      'dependency-dns-not-found confirmed',
    ],
    [
      'a file that is missing is not malformed',
      {
        log: [
          '[error] [config] could not load outputs: open /etc/log-shipper/outputs.conf: no such file or directory',
          '[error] configuration file contains errors, aborting.',
        ],
      },
      'file-missing confirmed',
    ],
  ])('%s', (_, pod, verdict) => {
    expect(verdictOf(pod)).toBe(verdict);
  });
});

describe('values and flags', () => {
  test.each<Row>([
    [
      'Kafka refuses a value',
      {
        log: 'org.apache.kafka.common.config.ConfigException: Invalid value lz5 for configuration compression.type: String must be one of: none, gzip, snappy, lz4, zstd',
      },
      'config-value-invalid confirmed',
    ],
    [
      'PostgreSQL refuses a value',
      { log: 'FATAL:  invalid value for parameter "max_connections": "many"' },
      'config-value-invalid confirmed',
    ],
    [
      'a log level that nobody knows',
      { log: 'level=fatal msg="not a valid logrus Level: \\"verbos\\""' },
      'config-value-invalid confirmed',
    ],
    [
      'a number that is none, where the template sets it',
      {
        log: [
          'Traceback (most recent call last):',
          '  File "/app/main.py", line 3, in <module>',
          "ValueError: invalid literal for int() with base 10: 'ten'",
        ],
        container: { env: [{ name: 'WORKERS', value: 'ten' }] },
      },
      'config-value-invalid confirmed',
    ],
    [
      'the same words about data',
      {
        log: [
          'Traceback (most recent call last):',
          '  File "/app/main.py", line 3, in <module>',
          "ValueError: invalid literal for int() with base 10: 'ten'",
        ],
      },
      'application-error confirmed',
    ],
    [
      'Go flag',
      {
        log: [
          'flag provided but not defined: -colour',
          'Usage of app:',
          '  -listen string',
          '    \taddress (default ":8080")',
        ],
        exit: 2,
        container: { args: ['--colour=red'] },
      },
      'flag-unknown confirmed',
    ],
    ['pflag', { log: ['Error: unknown flag: --replicaz', 'Usage:', '  controller [flags]'] }, 'flag-unknown confirmed'],
    [
      'argparse',
      { log: ['usage: main.py [-h] [--port PORT]', 'main.py: error: unrecognized arguments: --prot 80'], exit: 2 },
      'flag-unknown confirmed',
    ],
    [
      'clap',
      {
        log: ["error: unexpected argument '--verbos' found", '', "  tip: a similar argument exists: '--verbose'"],
        exit: 2,
      },
      'flag-unknown confirmed',
    ],
    [
      'the JVM',
      {
        log: [
          "Unrecognized VM option 'UseConcMarkSweepGC'",
          'Error: Could not create the Java Virtual Machine.',
          'Error: A fatal exception has occurred. Program will exit.',
        ],
      },
      'flag-unknown confirmed',
    ],
    ['node', { log: 'node: bad option: --max-old-space', exit: 9 }, 'flag-unknown confirmed'],
    // source: JupyterHub, MinIO and others beside a Service of their own name
    [
      'a Service gives a port its address',
      {
        log: 'strconv.Atoi: parsing "tcp://10.96.12.7:6379": invalid syntax',
        objects: [{ kind: 'Service', name: 'redis', spec: { clusterIP: '10.96.12.7', ports: [{ port: 6379 }] } }],
      },
      'service-link-env-collision confirmed',
    ],
    [
      'the same address, set by the template',
      {
        log: 'strconv.Atoi: parsing "tcp://10.96.12.7:6379": invalid syntax',
        container: { env: [{ name: 'REDIS_PORT', value: 'tcp://10.96.12.7:6379' }] },
      },
      'config-value-invalid confirmed',
    ],
  ])('%s', (_, pod, verdict) => {
    const cause = verdictOf(pod);
    expect(cause).toBe(verdict);
  });
});

describe('files, licences, cloud identities', () => {
  test.each<Row>([
    [
      'Python',
      {
        log: [
          'Traceback (most recent call last):',
          '  File "/app/main.py", line 3, in <module>',
          "FileNotFoundError: [Errno 2] No such file or directory: '/models/bert.onnx'",
        ],
      },
      'file-missing confirmed',
    ],
    [
      'Node',
      {
        log: [
          "Error: ENOENT: no such file or directory, open '/app/keys/jwt.pem'",
          '    at Object.openSync (node:fs:601:3)',
        ],
      },
      'file-missing confirmed',
    ],
    [
      'Java',
      { log: 'java.io.FileNotFoundException: /opt/app/rules.csv (No such file or directory)' },
      'file-missing confirmed',
    ],
    [
      'Redis',
      {
        log: "1:C 01 Mar 2024 10:00:00.000 # Fatal error, can't open config file '/etc/redis/redis.conf': No such file or directory",
      },
      'file-missing confirmed',
    ],
    ['a licence', { log: 'FATAL: license expired on 2024-02-29' }, 'licence-invalid confirmed'],
    [
      'Vault Enterprise',
      { log: 'Error initializing core: license is not valid: no autoloaded license' },
      'licence-invalid confirmed',
    ],
    [
      'AWS from Python',
      { log: 'botocore.exceptions.NoCredentialsError: Unable to locate credentials' },
      'cloud-credentials-missing confirmed',
    ],
    [
      'AWS from Go',
      { log: 'panic: NoCredentialProviders: no valid providers in chain. Deprecated.', exit: 2 },
      'cloud-credentials-missing confirmed',
    ],
    [
      'Google',
      {
        log: 'google.auth.exceptions.DefaultCredentialsError: Your default credentials were not found. To set up Application Default Credentials, see https://cloud.google.com/docs',
      },
      'cloud-credentials-missing confirmed',
    ],
    [
      'a database that refuses a password is not the cloud',
      { log: 'FATAL:  password authentication failed for user "app"' },
      'dependency-auth-failed confirmed',
    ],
  ])('%s', (_, pod, verdict) => {
    expect(verdictOf(pod)).toBe(verdict);
  });
});

test('words before a kill by a probe are only a sign', () => {
  const pod: PodCase = {
    log: 'WARN REDIS_ADDR is not set, using the default',
    exit: 137,
    livedSeconds: 40,
    events: livenessKill('HTTP probe failed with statuscode: 500'),
  };
  expect(diagnosePod(pod).causes.find((c) => c.cause === 'env-missing')?.grade ?? 'possible').toBe('possible');
});
