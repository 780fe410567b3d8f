// Probes that kill healthy programs: each refusal of the kubelet means several things, and what the program says of
// itself tells them apart.

import { expect, test } from 'vitest';
import { diagnosePod, livenessKill, type PodCase, verdictOf } from '../support/pod.ts';

const liveness = (handler: object, timing: object = {}): PodCase['container'] => ({
  livenessProbe: { ...handler, ...timing },
});
const http = (port: number | string, path = '/healthz') => liveness({ httpGet: { path, port } });
const refused = (port: number) =>
  `Get "http://10.244.0.7:${port}/healthz": dial tcp 10.244.0.7:${port}: connect: connection refused`;
const killed = (failure: string, more: PodCase = {}): PodCase => ({
  exit: 143,
  livedSeconds: 30,
  events: livenessKill(failure),
  container: http(8080),
  ...more,
});

// What servers print when they listen, taken from their sources.
test.each([
  ['express', 'Example app listening on port 3000', 3000],
  [
    'Spring Boot 3, Tomcat',
    "2026-07-01T12:00:00.000Z  INFO 1 --- [main] o.s.b.w.embedded.tomcat.TomcatWebServer  : Tomcat started on port 9090 (http) with context path ''",
    9090,
  ],
  ['gunicorn', '[2026-07-01 12:00:00 +0000] [1] [INFO] Listening at: http://0.0.0.0:8000 (1)', 8000],
  ['uvicorn', 'INFO:     Uvicorn running on http://0.0.0.0:8000 (Press CTRL+C to quit)', 8000],
  ['Kestrel', 'info: Microsoft.Hosting.Lifetime[14]\n      Now listening on: http://[::]:5000', 5000],
  ['gin', '[GIN-debug] Listening and serving HTTP on :3001', 3001],
  ['echo', '⇨ http server started on [::]:1323', 1323],
  ['puma', '* Listening on http://0.0.0.0:3000', 3000],
  ['slog', 'time=2026-07-01T12:00:00.000Z level=INFO msg="server listening" addr=:9000', 9000],
  ['zap', '{"level":"info","ts":1.7,"msg":"starting http server","addr":"0.0.0.0:9000"}', 9000],
  ['http.server', 'Serving HTTP on 0.0.0.0 port 8000 (http://0.0.0.0:8000/) ...', 8000],
  [
    'Quarkus',
    '2026-07-01 12:00:00,000 INFO  [io.quarkus] (main) app 1.0 on JVM started in 1.2s. Listening on: http://0.0.0.0:8081',
    8081,
  ],
  ['Phoenix', '[info] Running ShopWeb.Endpoint with Bandit 1.5.0 at :::4000 (http)', 4000],
  [
    'actix',
    'INFO actix_server::builder: starting service: "actix-web-service-0.0.0.0:8088", workers: 2, listening on: 0.0.0.0:8088',
    8088,
  ],
])('a probe on 8080 of a program that says it listens elsewhere: %s', (_, line, port) => {
  const report = diagnosePod(killed(refused(8080), { log: line.split('\n') }));
  expect(report.verdict).toMatchObject({ cause: 'probe-wrong-port', grade: 'likely' });
  expect(report.causes[0]?.detail).toMatchObject({ probe: 'liveness', port: '8080', listenPort: String(port) });
});

test.each([
  {
    what: 'a named port that is not declared',
    one: killed('strconv.Atoi: parsing "web": invalid syntax', { container: http('web') }),
    is: 'probe-wrong-port confirmed',
  },
  {
    what: 'a port that the container does not declare, and a silent log',
    one: killed(refused(8081), {
      container: { ...http(8081), ports: [{ containerPort: 8080 }] },
      log: 'version 1.2.3',
    }),
    is: 'probe-wrong-port likely',
  },
  {
    what: 'a bind to 127.0.0.1',
    one: killed(refused(8080), { log: ' * Running on http://127.0.0.1:8080' }),
    is: 'listens-on-localhost confirmed',
  },
  {
    what: 'werkzeug on all addresses',
    one: killed('HTTP probe failed with statuscode: 404', {
      log: [
        ' * Running on all addresses (0.0.0.0)',
        ' * Running on http://127.0.0.1:8080',
        ' * Running on http://10.244.0.7:8080',
      ],
    }),
    is: 'probe-wrong-path confirmed',
  },
  {
    what: 'a program that is still loading',
    one: killed(refused(8080), { log: ['INFO Starting Application', 'INFO Loading model weights: 42%'] }),
    is: 'probe-too-early likely',
  },
  {
    what: '404',
    one: killed('HTTP probe failed with statuscode: 404', { log: 'listening on :8080' }),
    is: 'probe-wrong-path confirmed',
  },
  {
    what: 'Django that refuses the host name',
    one: killed('HTTP probe failed with statuscode: 400', {
      log: "Invalid HTTP_HOST header: '10.244.0.7:8080'. You may need to add '10.244.0.7' to ALLOWED_HOSTS.",
    }),
    is: 'probe-wrong-path confirmed',
  },
  { what: '401', one: killed('HTTP probe failed with statuscode: 401'), is: 'probe-auth-required confirmed' },
  { what: '403', one: killed('HTTP probe failed with statuscode: 403'), is: 'probe-auth-required confirmed' },
  {
    what: '500 and nothing in the log',
    one: killed('HTTP probe failed with statuscode: 500', { log: 'listening on :8080' }),
    is: 'probe-endpoint-failing confirmed',
  },
  {
    what: 'gRPC health that says no',
    one: killed('service unhealthy (responded with "NOT_SERVING")', { container: liveness({ grpc: { port: 9090 } }) }),
    is: 'probe-endpoint-failing confirmed',
  },
  {
    what: 'HTTP asked of a Go server with TLS',
    one: killed('HTTP probe failed with statuscode: 400', {
      container: http(8443),
      log: 'http: TLS handshake error from 10.244.0.1:5123: tls: first record does not look like a TLS handshake',
    }),
    is: 'probe-wrong-scheme likely',
  },
  {
    what: 'HTTPS asked of an HTTP server',
    one: killed('Get "https://10.244.0.7:8080/healthz": http: server gave HTTP response to HTTPS client', {
      container: liveness({ httpGet: { path: '/healthz', port: 8080, scheme: 'HTTPS' } }),
    }),
    is: 'probe-wrong-scheme confirmed',
  },
  {
    what: 'HTTP asked of a TLS or HTTP/2 port',
    one: killed(
      'Get "http://10.244.0.7:8080/healthz": net/http: HTTP/1.x transport connection broken: malformed HTTP response "\\x15\\x03\\x01\\x00\\x02\\x02"',
    ),
    is: 'probe-wrong-scheme confirmed',
  },
  {
    what: 'no answer in time',
    one: killed(
      'Get "http://10.244.0.7:8080/healthz": context deadline exceeded (Client.Timeout exceeded while awaiting headers)',
      { log: 'listening on :8080' },
    ),
    is: 'probe-timeout likely',
  },
  {
    what: 'the words of older kubelets',
    one: killed(
      'Get http://10.244.0.7:8080/healthz: net/http: request canceled (Client.Timeout exceeded while awaiting headers)',
      { log: 'listening on :8080' },
    ),
    is: 'probe-timeout likely',
  },
  {
    what: 'an exec probe that is too slow',
    one: killed('command "/check.sh" timed out', { container: liveness({ exec: { command: ['/check.sh'] } }) }),
    is: 'probe-timeout likely',
  },
  {
    what: 'an exec probe without its tool',
    one: killed('/bin/sh: curl: not found', {
      container: liveness({ exec: { command: ['sh', '-c', 'curl -f localhost:8080'] } }),
    }),
    is: 'probe-command-broken confirmed',
  },
  {
    what: 'an exec probe that says no',
    one: killed("cat: can't open '/tmp/healthy': No such file or directory", {
      container: liveness({ exec: { command: ['cat', '/tmp/healthy'] } }),
    }),
    is: 'probe-endpoint-failing likely',
  },
  {
    what: 'a postStart hook',
    one: {
      exit: 137,
      livedSeconds: 31,
      log: 'listening on :8080',
      container: { lifecycle: { postStart: { exec: { command: ['/register.sh'] } } } },
      events: [
        { reason: 'FailedPostStartHook', message: 'PostStartHook failed' },
        { reason: 'Killing', message: 'FailedPostStartHook', type: 'Normal' },
      ],
    },
    is: 'lifecycle-hook-failed confirmed',
  },
])('$what: $is', ({ one, is }) => {
  expect(verdictOf(one)).toBe(is);
});

test('a container that is only not ready is said not to crash', () => {
  const report = diagnosePod({
    state: { running: { startedAt: '2026-07-01T11:50:30Z' } },
    log: 'listening on :8080',
    container: { readinessProbe: { httpGet: { path: '/ready', port: 8080 } } },
    events: [
      { reason: 'Unhealthy', message: 'Readiness probe failed: HTTP probe failed with statuscode: 404', count: 60 },
    ],
  });
  expect(report.verdict).toMatchObject({ cause: 'readiness-probe-failing', grade: 'confirmed' });
  expect(report.verdict.summary).toContain('never killed');
  expect(report.causes).toHaveLength(1);
});

test('a probe command that cannot run is told even when the container looks healthy', () => {
  const report = diagnosePod({
    state: { running: { startedAt: '2026-07-01T11:50:30Z' } },
    ready: true,
    container: liveness({ exec: { command: ['curl', 'localhost'] } }),
    events: [
      {
        reason: 'Unhealthy',
        message:
          'Liveness probe errored and resulted in unknown state: rpc error: code = Unknown desc = failed to exec in container: OCI runtime exec failed: exec failed: unable to start container process: exec: "curl": executable file not found in $PATH: unknown',
      },
    ],
  });
  expect(report.verdict).toMatchObject({ cause: 'probe-command-broken', grade: 'confirmed' });
});

test('the seconds that a framework prints are what the start-up probe must allow', () => {
  const report = diagnosePod(
    killed(refused(8080), {
      livedSeconds: 43,
      log: ['Tomcat started on port 8080 (http)', 'Started Application in 41.7 seconds (process running for 42.2)'],
    }),
  );
  expect(report.verdict.cause).toBe('probe-too-early');
  expect(report.causes[0]?.detail.startupSeconds).toBe('42');
});

// Look-alikes: the probe failed, and is not the cause.
test('a program that ends by its own error is not killed by the probe that it fails meanwhile', () => {
  expect(
    verdictOf({
      log: "KeyError: 'DATABASE_HOST'",
      exit: 1,
      livedSeconds: 2,
      container: http(8080),
      events: [{ reason: 'Unhealthy', message: `Liveness probe failed: ${refused(8080)}` }],
    }),
  ).not.toContain('probe');
});

test('without any probe the answer says that no probe killed it', () => {
  const report = diagnosePod({ log: 'something odd', exit: 3 });
  expect(report.ruledOut.map((r) => r.cause)).toContain('probe-too-early');
});

test('a bind to 127.0.0.1 that only a flag tells of is read from the flag', () => {
  const pod = killed(refused(6379), {
    log: '1:M 01 Jul 2026 12:00:00.000 * Running mode=standalone, port=6379.',
    container: { ...liveness({ tcpSocket: { port: 6379 } }), args: ['--bind', '127.0.0.1'] },
  });
  expect(diagnosePod(pod).verdict.cause).toBe('listens-on-localhost');
  expect(diagnosePod({ ...pod, container: { ...pod.container, args: ['--bind', '0.0.0.0'] } }).verdict.cause).not.toBe(
    'listens-on-localhost',
  );
});
