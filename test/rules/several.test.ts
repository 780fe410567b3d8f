// Several things true at once: one root with its mechanisms, two causes side by side, noise that came to nothing, and
// trouble that is over.

import { expect, test } from 'vitest';
import type { JsonObject } from '../../src/core/json.ts';
import { diagnosePod, livenessKill, type PodCase } from '../support/pod.ts';

const calm = (count: number): string[] =>
  Array.from({ length: count }, (_, i) => `2026-07-01T11:59:00Z INFO handled request ${i} in ${i}ms`);
const causesOf = (one: PodCase): string[] => diagnosePod(one).causes.map((c) => `${c.container} ${c.cause} ${c.grade}`);

const ended = (name: string, exitCode: number, reason = 'Error'): JsonObject => ({
  name,
  ready: false,
  restartCount: 5,
  state: { waiting: { reason: 'CrashLoopBackOff' } },
  lastState: {
    terminated: { exitCode, reason, startedAt: '2026-07-01T11:59:58Z', finishedAt: '2026-07-01T12:00:00Z' },
  },
});
const runs = (name: string, startedAt = '2026-07-01T11:50:00Z', ready = true): JsonObject => ({
  name,
  ready,
  restartCount: 0,
  state: { running: { startedAt } },
  lastState: {},
});
const two = (name: string, statuses: JsonObject[]): PodCase => ({
  spec: {
    containers: [
      { name: 'api', image: 'shop/api:1' },
      { name, image: `shop/${name}:1` },
    ],
  },
  status: { containerStatuses: statuses },
});

test('a dependency that is down is the root, and the liveness kill only how it ends', () => {
  const report = diagnosePod({
    exit: 137,
    livedSeconds: 60,
    log: [
      ...calm(5),
      ...Array.from({ length: 40 }, () => 'ERROR db ping: dial tcp 10.96.1.1:5432: connect: connection refused'),
    ],
    container: { livenessProbe: { httpGet: { path: '/healthz', port: 8080 }, initialDelaySeconds: 10 } },
    events: livenessKill('HTTP probe failed with statuscode: 503'),
  });
  expect(report.verdict).toMatchObject({ cause: 'dependency-refused', grade: 'likely' });
  expect(report.causes).toHaveLength(1);
  expect(report.causes[0]?.mechanisms.join()).toContain('503');
});

test('two containers that fail for reasons of their own are both named', () => {
  const pod = two('exporter', [ended('api', 1), ended('exporter', 137, 'OOMKilled')]);
  const log = 'FATAL dial tcp 10.96.1.1:5432: connect: connection refused';
  expect(causesOf({ ...pod, log }).sort()).toEqual([
    'api dependency-refused confirmed',
    'exporter oom-killed confirmed',
  ]);
});

test('a refused telemetry endpoint does not outweigh what the program ends with', () => {
  const log = [
    'WARN otel exporter: Post "http://localhost:4318/v1/metrics": dial tcp [::1]:4318: connect: connection refused',
    ...calm(30),
    'panic: required environment variable STRIPE_KEY is not set',
  ];
  expect(causesOf({ log })[0]).toBe('api env-missing confirmed');
});

test('telemetry as the very last word is a possible cause, not a certain one', () => {
  const log = ['ERROR traces export: dial tcp 10.96.1.9:4317: connect: connection refused'];
  expect(causesOf({ log })[0]).toBe('api dependency-refused possible');
});

test('a retry that later succeeded is not why the program ended', () => {
  const log = [
    'WARN redis not ready: dial tcp 10.96.3.3:6379: connect: connection refused, retrying in 1s',
    'INFO connected to redis',
    ...calm(40),
    'panic: runtime error: index out of range [3] with length 3',
    '',
    'goroutine 1 [running]:',
    'main.handle(...)',
    'exit status 2',
  ];
  expect(diagnosePod({ log, exit: 2 }).verdict.cause).toBe('application-error');
});

test('a probe that also failed does not explain a program that ends itself', () => {
  const pod: PodCase = {
    exit: 1,
    livedSeconds: 15,
    log: 'Error: connect ECONNREFUSED 10.96.9.9:6379',
    container: { livenessProbe: { httpGet: { path: '/health', port: 8080 }, initialDelaySeconds: 5 } },
    events: [
      { reason: 'Unhealthy', message: 'Liveness probe failed: HTTP probe failed with statuscode: 404', count: 1 },
    ],
  };
  expect(causesOf(pod)).toEqual(['api dependency-refused confirmed']);
});

test('a mesh proxy that starts after the program refuses every host in its name', () => {
  const log = 'FATAL Get "http://config-service:8888/app": dial tcp config-service:8888: connect: connection refused';
  const late = two('istio-proxy', [ended('api', 1), runs('istio-proxy', '2026-07-01T11:59:59Z')]);
  const early = two('istio-proxy', [ended('api', 1), runs('istio-proxy', '2026-07-01T11:30:00Z')]);
  expect(diagnosePod({ log, ...late }).verdict.cause).toBe('sidecar-not-ready');
  expect(diagnosePod({ log, ...early }).verdict.cause).toBe('dependency-refused');
});

test('a sidecar that crashes does not blame the main container', () => {
  const pod = two('exporter', [runs('api'), ended('exporter', 1)]);
  expect(diagnosePod(pod).verdict).toMatchObject({ container: 'exporter' });
});

test('an old crash that is over is told as that', () => {
  const pod: PodCase = {
    state: { running: { startedAt: '2026-07-01T10:00:00Z' } },
    exit: 1,
    restarts: 1,
    ready: true,
    log: 'FATAL dial tcp 10.1.1.1:5432: connect: connection refused',
  };
  expect(diagnosePod(pod).verdict.cause).toBe('none-recovered');
});

test('a healthy pod stays healthy although its readiness probe failed while it started', () => {
  const pod: PodCase = {
    state: { running: { startedAt: '2026-07-01T11:00:00Z' } },
    restarts: 0,
    ready: true,
    log: calm(20),
    events: [
      {
        reason: 'Unhealthy',
        message: 'Readiness probe failed: dial tcp 10.244.0.9:8080: connect: connection refused',
        count: 2,
      },
    ],
  };
  expect(diagnosePod(pod).verdict.cause).toBe('none');
});
