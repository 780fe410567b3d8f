// The good news, and only where it is true: nothing is wrong, or it is over.

import { expect, test } from 'vitest';
import { diagnosePod, verdictOf } from '../support/pod.ts';

const running = { running: { startedAt: '2026-07-01T11:30:00Z' } };

test('a pod that runs and is ready is said to be healthy', () => {
  expect(verdictOf({ state: running, ready: true })).toBe('none confirmed');
});

test('a crash that is long over is told as over, with what it said then', () => {
  const report = diagnosePod({
    state: running,
    ready: true,
    exit: 1,
    restarts: 1,
    log: 'FATAL geoip.mmdb: unexpected end of file',
  });
  expect(report.verdict).toMatchObject({ cause: 'none-recovered', grade: 'confirmed' });
  expect(report.verdict.summary).toContain('once');
});

// Look-alikes: the container runs at this moment, and all is not well.
test('a container that only happens to run between two crashes is not healthy', () => {
  const verdict = verdictOf({
    state: { running: { startedAt: '2026-07-01T12:00:15Z' } },
    ready: false,
    exit: 1,
    restarts: 7,
    log: 'Error: connect ECONNREFUSED 10.96.4.2:5432',
  });
  expect(verdict).toBe('dependency-refused confirmed');
});

test('a container that runs and is not ready is not healthy', () => {
  const one = {
    state: running,
    container: { readinessProbe: { tcpSocket: { port: 8080 } } },
    events: [
      { reason: 'Unhealthy', message: 'Readiness probe failed: dial tcp 10.244.0.7:8080: connect: connection refused' },
    ],
  };
  expect(verdictOf(one)).toBe('readiness-probe-failing confirmed');
});
