// Commands, interpreters, libraries and modules that an image lacks: one errno, many causes.
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/core/json.ts';
import { diagnosePod, livenessKill, type PodCase, verdictOf } from '../support/pod.ts';

type Row = [told: string, pod: PodCase, verdict: string];

const RUNC =
  'failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: ';
const start = (words: string, container: JsonObject = {}): PodCase => ({
  exit: 128,
  reason: 'StartError',
  message: words,
  container,
});
const node = (architecture: string) => [{ kind: 'Node', name: 'node-1', status: { nodeInfo: { architecture } } }];

describe('the runtime cannot start the command', () => {
  test.each<Row>([
    [
      'runc 1.1, absolute path',
      start(`${RUNC}exec: "/app/server": stat /app/server: no such file or directory: unknown`),
      'command-not-found confirmed',
    ],
    [
      'runc 1.1, PATH',
      start(`${RUNC}exec: "gunicorn": executable file not found in $PATH: unknown`),
      'command-not-found confirmed',
    ],
    [
      'runc 1.0, docker',
      {
        ...start(
          'OCI runtime create failed: container_linux.go:380: starting container process caused: exec: "java -jar app.jar": executable file not found in $PATH: unknown',
        ),
        reason: 'ContainerCannotRun',
        exit: 127,
      },
      'command-not-found confirmed',
    ],
    [
      'crun, CRI-O',
      {
        waiting: {
          reason: 'CreateContainerError',
          message: 'container create failed: executable file `gunicorn` not found in $PATH: No such file or directory',
        },
      },
      'command-not-found confirmed',
    ],
    [
      'runc, no execute right',
      start(`${RUNC}exec: "/entrypoint.sh": permission denied: unknown`),
      'command-not-executable confirmed',
    ],
    ['runc, a directory', start(`${RUNC}exec: "/app": is a directory: unknown`), 'command-not-executable confirmed'],
    [
      'no shell in the image',
      start(`${RUNC}exec: "/bin/sh": stat /bin/sh: no such file or directory: unknown`, {
        command: ['/bin/sh', '-c', 'run'],
      }),
      'interpreter-missing confirmed',
    ],
    [
      'runc, another architecture',
      { ...start('standard_init_linux.go:228: exec user process caused: exec format error'), objects: node('amd64') },
      'exec-format-error confirmed',
    ],
    [
      'runc, a directory over a file',
      start(
        `${RUNC}error during container init: error mounting "/var/lib/kubelet/pods/x/volumes/kubernetes.io~configmap/v" to rootfs at "/etc/app/app.conf": mount src=/x, dst=/etc/app/app.conf, dstFd=/proc/self/fd/11, flags=MS_BIND: not a directory: Are you trying to mount a directory onto a file (or vice-versa)?: unknown`,
      ),
      'mount-hides-files confirmed',
    ],
  ])('%s', (_, pod, verdict) => {
    expect(verdictOf(pod)).toBe(verdict);
  });

  test('a whole command line in one string is said to be one', () => {
    const { summary } = diagnosePod(
      start(`${RUNC}exec: "npm start": executable file not found in $PATH: unknown`),
    ).verdict;
    expect(summary).toContain('a whole command line stands in one string');
  });

  test('a command below an empty volume is probably hidden by it', () => {
    const pod = start(`${RUNC}exec: "/app/server": stat /app/server: no such file or directory: unknown`, {
      volumeMounts: [{ name: 'v', mountPath: '/app' }],
    });
    expect(verdictOf({ ...pod, spec: { volumes: [{ name: 'v', emptyDir: {} }] } })).toBe('mount-hides-files likely');
  });
});

describe('a shell or a small init cannot run it', () => {
  test.each<Row>([
    ['dash', { log: '/entrypoint.sh: 12: exec: uwsgi: not found', exit: 127 }, 'command-not-found confirmed'],
    ['busybox ash', { log: 'sh: next: not found', exit: 127 }, 'command-not-found confirmed'],
    ['bash', { log: '/entrypoint.sh: line 3: envsubst: command not found', exit: 127 }, 'command-not-found confirmed'],
    [
      'tini',
      { log: '[FATAL tini (7)] exec /app/run failed: No such file or directory', exit: 127 },
      'command-not-found confirmed',
    ],
    [
      'gosu',
      { log: 'error: exec: "rediss-server": executable file not found in $PATH', exit: 1 },
      'command-not-found confirmed',
    ],
    [
      'npm',
      { log: ['npm ERR! Missing script: "start:prod"', 'npm ERR! ', 'npm ERR! To see a list of scripts, run:'] },
      'command-not-found confirmed',
    ],
    [
      'python',
      { log: "python: can't open file '/app/main.py': [Errno 2] No such file or directory", exit: 2 },
      'command-not-found confirmed',
    ],
    ['java', { log: 'Error: Unable to access jarfile /app/app.jar' }, 'command-not-found confirmed'],
    ['bundler', { log: 'bundler: command not found: puma', exit: 127 }, 'command-not-found confirmed'],
    [
      'sh without the right',
      { log: '/entrypoint.sh: 5: /app/run: Permission denied', exit: 126 },
      'command-not-executable confirmed',
    ],
    [
      'env in a script',
      { log: "/usr/bin/env: 'python3': No such file or directory", exit: 127 },
      'interpreter-missing confirmed',
    ],
    [
      'env and a carriage return',
      { log: "/usr/bin/env: 'bash\\r': No such file or directory", exit: 127 },
      'interpreter-missing confirmed',
    ],
    [
      'bash and a carriage return',
      { log: 'bash: /app/run.sh: /bin/bash^M: bad interpreter: No such file or directory', exit: 126 },
      'interpreter-missing confirmed',
    ],
    ['runc and a script', { log: 'exec /app/start.sh: no such file or directory' }, 'interpreter-missing confirmed'],
    ['runc and a binary', { log: 'exec /app/server: no such file or directory' }, 'library-missing possible'],
    [
      'runc and another architecture',
      { log: 'exec /usr/bin/app: exec format error', objects: node('arm64') },
      'exec-format-error confirmed',
    ],
    [
      'bash and another architecture',
      { log: 'bash: /app/tool: cannot execute binary file: Exec format error', exit: 126 },
      'exec-format-error confirmed',
    ],
  ])('%s', (_, pod, verdict) => {
    expect(verdictOf(pod)).toBe(verdict);
  });

  test('the architecture of the node is cited', () => {
    const report = diagnosePod({ log: 'exec /usr/bin/app: exec format error', objects: node('arm64') });
    expect(report.causes[0]?.evidence.map((c) => c.text)).toContain('node node-1 is arm64');
  });

  test('a probe whose command is missing does not blame the program', () => {
    const events = [
      {
        reason: 'Unhealthy',
        message:
          'Liveness probe errored and resulted in unknown state: rpc error: code = Unknown desc = failed to exec in container: OCI runtime exec failed: exec failed: unable to start container process: exec: "curl": executable file not found in $PATH: unknown',
      },
    ];
    const pod: PodCase = {
      state: { running: { startedAt: '2026-07-01T11:50:00Z' } },
      ready: true,
      events,
      container: { livenessProbe: { exec: { command: ['curl'] } } },
    };
    expect(verdictOf(pod)).not.toContain('command-not-found');
  });
});

describe('libraries and modules', () => {
  test.each<Row>([
    [
      'glibc',
      {
        log: '/app/x: error while loading shared libraries: libpq.so.5: cannot open shared object file: No such file or directory',
        exit: 127,
      },
      'library-missing confirmed',
    ],
    [
      'musl',
      { log: 'Error loading shared library libstdc++.so.6: No such file or directory (needed by /app/x)', exit: 127 },
      'library-missing confirmed',
    ],
    [
      'Python and a library',
      { log: 'ImportError: libGL.so.1: cannot open shared object file: No such file or directory' },
      'library-missing confirmed',
    ],
    [
      '.NET',
      {
        log: "Process terminated. Couldn't find a valid ICU package installed on the system. Please install libicu",
        exit: 134,
      },
      'library-missing confirmed',
    ],
    ['Python', { log: ["ModuleNotFoundError: No module named 'flask'"] }, 'module-missing confirmed'],
    [
      'Node',
      {
        log: [
          'node:internal/modules/cjs/loader:1143',
          '  throw err;',
          '  ^',
          '',
          "Error: Cannot find module '/app/dist/main.js'",
          '    at Module._resolveFilename (node:internal/modules/cjs/loader:1140:15)',
          "  code: 'MODULE_NOT_FOUND',",
          '  requireStack: []',
          '}',
          '',
          'Node.js v20.11.0',
        ],
      },
      'module-missing confirmed',
    ],
    [
      'Java',
      {
        log: [
          'Error: Could not find or load main class com.acme.Main',
          'Caused by: java.lang.ClassNotFoundException: com.acme.Main',
        ],
      },
      'module-missing confirmed',
    ],
    [
      'Ruby',
      { log: "/usr/local/lib/ruby/3.2.0/bundled_gems.rb:69:in `require': cannot load such file -- puma (LoadError)" },
      'module-missing confirmed',
    ],
    [
      'PHP',
      { log: 'PHP Fatal error:  Uncaught Error: Class "App\\Kernel" not found in /app/index.php:9', exit: 255 },
      'module-missing confirmed',
    ],
    [
      'a class file that is too new',
      {
        log: 'Exception in thread "main" java.lang.UnsupportedClassVersionError: com/acme/Main has been compiled by a more recent version of the Java Runtime (class file version 65.0)',
      },
      'version-incompatible confirmed',
    ],
  ])('%s', (_, pod, verdict) => {
    expect(verdictOf(pod)).toBe(verdict);
  });
});

describe('a program that ends normally', () => {
  test.each<Row>([
    ['a batch job', { exit: 0, log: 'export finished' }, 'entrypoint-completes confirmed'],
    ['a shell without work', { exit: 0, container: { command: ['/bin/bash'] } }, 'entrypoint-completes confirmed'],
    [
      'a daemon in the background',
      { exit: 0, container: { command: ['service', 'nginx', 'start'] }, log: '* Starting nginx nginx   [ OK ]' },
      'entrypoint-completes confirmed',
    ],
    [
      'exit 0 after a signal',
      { exit: 0, log: ['received SIGTERM, shutting down gracefully', 'bye'] },
      'terminated-by-signal likely',
    ],
    [
      'exit 0 after a failed liveness probe',
      {
        exit: 0,
        livedSeconds: 60,
        log: 'ready',
        events: livenessKill('HTTP probe failed with statuscode: 404'),
        container: { livenessProbe: { httpGet: { path: '/live', port: 80 } } },
      },
      'probe-wrong-path confirmed',
    ],
    ['exit 0 after an error', { exit: 0, log: 'FATAL REDIS_ADDR must be set' }, 'env-missing confirmed'],
  ])('%s', (_, pod, verdict) => {
    expect(verdictOf(pod)).toBe(verdict);
  });
});

describe('init containers', () => {
  test.each<Row>([
    [
      'a script that fails for its own reason',
      { init: true, log: 'fetch-theme: checksum of theme.zip differs, giving up' },
      'init-script-failed likely',
    ],
    [
      'a cause with a name of its own keeps it',
      { init: true, log: 'DATABASE_URL must be set' },
      'env-missing confirmed',
    ],
  ])('%s', (_, pod, verdict) => {
    expect(verdictOf(pod)).toBe(verdict);
  });
});
