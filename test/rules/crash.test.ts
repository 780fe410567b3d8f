// How programs end themselves or are ended: exceptions, faults, signals; and who announced it.
import { describe, expect, test } from 'vitest';
import { diagnosePod, livenessKill, type PodCase, verdictOf } from '../support/pod.ts';

type Row = [told: string, pod: PodCase, verdict: string];

describe('errors of the program itself', () => {
  test.each<Row>([
    [
      'Go, nil pointer',
      {
        exit: 2,
        log: [
          'panic: runtime error: invalid memory address or nil pointer dereference',
          '[signal SIGSEGV: segmentation violation code=0x1 addr=0x0 pc=0x49d8a6]',
          '',
          'goroutine 1 [running]:',
          'main.main()',
          '\t/app/main.go:8 +0x16',
        ],
      },
      'application-error confirmed',
    ],
    [
      'Go, deadlock',
      { exit: 2, log: ['fatal error: all goroutines are asleep - deadlock!', '', 'goroutine 1 [chan receive]:'] },
      'application-error confirmed',
    ],
    [
      'Python',
      {
        log: [
          'Traceback (most recent call last):',
          '  File "/app/main.py", line 2, in <module>',
          '    x.run()',
          "AttributeError: 'NoneType' object has no attribute 'run'",
        ],
      },
      'application-error confirmed',
    ],
    [
      'Node',
      {
        log: [
          "TypeError: Cannot read properties of undefined (reading 'id')",
          '    at main (/app/i.js:3:9)',
          '',
          'Node.js v20.11.0',
        ],
      },
      'application-error confirmed',
    ],
    [
      'Java',
      {
        log: [
          'Exception in thread "main" java.lang.NullPointerException: Cannot invoke "String.length()" because "<local1>" is null',
          '\tat com.acme.Main.main(Main.java:9)',
        ],
      },
      'application-error confirmed',
    ],
    [
      '.NET',
      {
        exit: 134,
        log: [
          'Unhandled exception. System.NullReferenceException: Object reference not set to an instance of an object.',
          '   at Program.Main() in /src/Program.cs:line 4',
        ],
      },
      // The runtime aborts after every exception that nobody caught: the exception is what happened.
      'application-error confirmed',
    ],
    [
      'Rust',
      {
        exit: 101,
        log: ["thread 'main' panicked at src/main.rs:4:20:", 'index out of bounds: the len is 3 but the index is 99'],
      },
      'application-error confirmed',
    ],
    [
      'Ruby',
      { log: "/app/main.rb:3:in `<main>': undefined method `upcase' for nil:NilClass (NoMethodError)" },
      'application-error confirmed',
    ],
    [
      'an error whose words speak of something outside is only possible',
      { log: ['acme.errors.UpstreamUnavailableError: inventory host is closed'] },
      'application-error possible',
    ],
    ['a program that says nothing', { log: '' }, 'unknown'],
    [
      'an error that has a cause of its own',
      {
        log: [
          'Traceback (most recent call last):',
          '  File "/app/main.py", line 2, in <module>',
          "ModuleNotFoundError: No module named 'flask'",
        ],
      },
      'module-missing confirmed',
    ],
  ])('%s', (_, pod, verdict) => {
    expect(verdictOf(pod)).toBe(verdict);
  });
});

describe('faults of native code', () => {
  test.each<Row>([
    ['exit 139 without a word', { exit: 139, log: 'loading routes' }, 'segmentation-fault confirmed'],
    [
      'a shell tells of its child',
      { exit: 139, log: '/run.sh: line 3:    12 Segmentation fault      (core dumped) /app/router' },
      'segmentation-fault confirmed',
    ],
    [
      'the JVM',
      {
        exit: 134,
        log: [
          '#',
          '# A fatal error has been detected by the Java Runtime Environment:',
          '#',
          '#  SIGSEGV (0xb) at pc=0x00007f3c5c0b2f10, pid=1, tid=7',
          '#',
        ],
      },
      'segmentation-fault confirmed',
    ],
    [
      'abort() as process 1',
      {
        exit: 139,
        log: [
          "terminate called after throwing an instance of 'std::logic_error'",
          '  what():  basic_string: construction from null is not valid',
        ],
      },
      'aborted confirmed',
    ],
    [
      'a failed assertion',
      { exit: 134, log: "server: src/pool.c:88: pool_get: Assertion `pool->size > 0' failed." },
      'aborted confirmed',
    ],
    ['glibc', { exit: 134, log: ['malloc(): corrupted top size', 'Aborted (core dumped)'] }, 'aborted confirmed'],
    [
      'V8 out of heap is no fault',
      {
        exit: 134,
        log: [
          '<--- Last few GCs --->',
          'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory',
          ' 1: 0xb7c560 node::Abort() [node]',
          ' 2: 0xa8c8aa  [node]',
        ],
      },
      'heap-exhausted confirmed',
    ],
    ['exit 132', { exit: 132, log: 'starting' }, 'illegal-instruction confirmed'],
    [
      'MongoDB without AVX',
      {
        exit: 132,
        log: [
          'WARNING: MongoDB 5.0+ requires a CPU with AVX support, and your current system does not appear to have that!',
          '/usr/local/bin/docker-entrypoint.sh: line 416:    25 Illegal instruction     (core dumped) "${mongodHackedArgs[@]}" --fork',
        ],
      },
      'illegal-instruction confirmed',
    ],
    [
      'glibc on an old processor',
      { exit: 127, log: 'Fatal glibc error: CPU does not support x86-64-v2' },
      'illegal-instruction confirmed',
    ],
  ])('%s', (_, pod, verdict) => {
    expect(verdictOf(pod)).toBe(verdict);
  });
});

describe('signals, and who announced them', () => {
  const liveness = { livenessProbe: { httpGet: { path: '/live', port: 80 } } };
  test.each<Row>([
    ['143 that nobody announced', { exit: 143, log: 'working' }, 'terminated-by-signal confirmed'],
    [
      '137 that nobody announced is not called out of memory',
      { exit: 137, log: 'working' },
      'terminated-by-signal likely',
    ],
    ['137 with OOMKilled', { exit: 137, reason: 'OOMKilled', log: 'working' }, 'oom-killed confirmed'],
    [
      '137 by a liveness probe',
      {
        exit: 137,
        livedSeconds: 90,
        log: 'working',
        container: liveness,
        events: livenessKill('HTTP probe failed with statuscode: 404'),
      },
      'probe-wrong-path confirmed',
    ],
    [
      '143 by a liveness probe',
      {
        exit: 143,
        livedSeconds: 90,
        log: 'working',
        container: liveness,
        events: livenessKill('HTTP probe failed with statuscode: 404'),
      },
      'probe-wrong-path confirmed',
    ],
    [
      '137 by an eviction',
      {
        exit: 137,
        state: { terminated: { exitCode: 137, reason: 'Error' } },
        log: 'working',
        status: {
          phase: 'Failed',
          reason: 'Evicted',
          message:
            'The node was low on resource: memory. Threshold quantity: 100Mi, available: 80Mi. Container api was using 900Mi, request is 0, has larger consumption of memory. ',
        },
      },
      'evicted confirmed',
    ],
  ])('%s', (_, pod, verdict) => {
    expect(verdictOf(pod)).toBe(verdict);
  });

  test('137 without a word asks the kernel of the node', () => {
    expect(diagnosePod({ exit: 137, log: 'working' }).nextQuestion).toContain('killed process');
  });

  test('no summary of an unexplained 137 speaks of memory', () => {
    const report = diagnosePod({ exit: 137, log: 'working' });
    expect(JSON.stringify(report.causes)).not.toMatch(/memory/i);
  });
});

describe('versions and resource types', () => {
  test.each<Row>([
    [
      'controller-runtime',
      {
        log: 'E0301 10:00:00.000000       1 kind.go:63] "if kind is a CRD, it should be installed before calling Start" err="no matches for kind \\"Certificate\\" in version \\"cert-manager.io/v1\\"" logger="controller-runtime.source"',
      },
      'crd-missing confirmed',
    ],
    [
      'a removed API',
      { log: 'panic: no matches for kind "PodSecurityPolicy" in version "policy/v1beta1"', exit: 2 },
      'crd-missing confirmed',
    ],
    [
      '.NET without its framework',
      {
        exit: 150,
        log: [
          'You must install or update .NET to run this application.',
          "Framework: 'Microsoft.NETCore.App', version '8.0.0' (x64)",
        ],
      },
      'version-incompatible confirmed',
    ],
    [
      'Node addons',
      {
        log: "Error: The module '/app/node_modules/bcrypt/bcrypt.node' was compiled against a different Node.js version using NODE_MODULE_VERSION 108.",
      },
      'version-incompatible confirmed',
    ],
    [
      'MongoDB drivers',
      {
        log: 'MongoServerSelectionError: Server at mongo:27017 reports maximum wire version 5, but this version of the Node.js Driver requires at least 6 (MongoDB 3.6)',
      },
      'version-incompatible confirmed',
    ],
    [
      'data of another version is not this',
      { log: 'FATAL:  database files are incompatible with server' },
      'data-version-incompatible confirmed',
    ],
  ])('%s', (_, pod, verdict) => {
    expect(verdictOf(pod)).toBe(verdict);
  });
});
