// Ports, names and pod networks.

import { expect, test } from 'vitest';
import { diagnosePod, type PodCase, verdictOf } from '../support/pod.ts';

test.each([
  {
    source: 'nginx',
    log: 'nginx: [emerg] bind() to 0.0.0.0:8080 failed (98: Address already in use)',
    is: 'port-in-use confirmed',
    port: '8080',
  },
  {
    source: 'Go',
    log: 'panic: listen tcp :9090: bind: address already in use',
    is: 'port-in-use confirmed',
    port: '9090',
  },
  {
    source: 'Node.js',
    log: 'Error: listen EADDRINUSE: address already in use :::3000',
    is: 'port-in-use confirmed',
    port: '3000',
  },
  {
    source: 'Spring Boot',
    log: [
      '***************************',
      'APPLICATION FAILED TO START',
      '***************************',
      '',
      'Description:',
      '',
      'Web server failed to start. Port 8080 was already in use.',
    ],
    is: 'port-in-use confirmed',
    port: '8080',
  },
  {
    source: 'Kestrel',
    log: 'Unhandled exception. System.IO.IOException: Failed to bind to address http://[::]:5000: address already in use.',
    is: 'port-in-use confirmed',
    port: '5000',
  },
  {
    source: 'gunicorn',
    log: "[2026-07-01 12:00:00 +0000] [1] [ERROR] Connection in use: ('0.0.0.0', 8000)",
    is: 'port-in-use confirmed',
    port: '8000',
  },
  {
    source: 'uvicorn',
    log: "ERROR:    [Errno 98] error while attempting to bind on address ('0.0.0.0', 8000): address already in use",
    is: 'port-in-use confirmed',
    port: '8000',
  },
  {
    source: 'Rust',
    log: 'Error: Os { code: 98, kind: AddrInUse, message: "Address already in use" }',
    is: 'port-in-use confirmed',
  },
  {
    source: 'CoreDNS',
    log: '[FATAL] plugin/loop: Loop (127.0.0.1:55953 -> :53) detected for zone ".", see https://coredns.io/plugins/loop#troubleshooting. Query: "HINFO 4547991504243258144.3688648895315093531."',
    is: 'coredns-forward-loop confirmed',
  },
  {
    source: 'flannel',
    log: 'E0701 11:59:59.000000       1 main.go:335] Error registering network: failed to acquire lease: node "node-1" pod cidr not assigned',
    is: 'cni-failure confirmed',
  },
])('$source: $is', ({ log, is, port }) => {
  expect(verdictOf({ log })).toBe(is);
  if (port) expect(diagnosePod({ log }).causes[0]?.detail.port).toBe(port);
});

test.each([
  'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox "1f": plugin type="calico" failed (add): error getting ClusterInformation: connection is unauthorized: Unauthorized',
  'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to set up sandbox container "1f" network for pod "api": networkPlugin cni failed to set up pod "api_shop" network: open /run/flannel/subnet.env: no such file or directory',
  'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox "1f": plugin type="aws-cni" name="aws-cni" failed (add): add cmd: failed to assign an IP address to container',
])('a sandbox without a network: %s', (message) => {
  const one: PodCase = {
    waiting: { reason: 'ContainerCreating' },
    events: [{ reason: 'FailedCreatePodSandBox', message }],
  };
  expect(verdictOf(one)).toBe('cni-failure confirmed');
});

test('the container of the same pod that holds the port is named', () => {
  const report = diagnosePod({
    log: 'OSError: [Errno 98] Address already in use',
    spec: {
      containers: [
        { name: 'api', image: 'api:1', ports: [{ containerPort: 8080 }] },
        { name: 'web', image: 'web:1', ports: [{ containerPort: 8080 }] },
      ],
    },
  });
  expect(report.verdict.summary).toContain('web');
  expect(report.causes[0]?.detail).toMatchObject({ port: '8080', otherContainer: 'web' });
});

// Look-alikes: the same words without a loop, a port or a network.
test('a program that cannot bind for lack of rights has no port in use', () => {
  expect(verdictOf({ log: 'nginx: [emerg] bind() to 0.0.0.0:80 failed (13: Permission denied)' })).toBe(
    'privileged-port-denied confirmed',
  );
});

test('a sandbox that is killed for its memory is not a network failure', () => {
  const message =
    'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to start sandbox container: runc create failed: unable to start container process: container init was OOM-killed (memory limit too low?)';
  expect(
    diagnosePod({
      waiting: { reason: 'ContainerCreating' },
      container: { resources: { limits: { memory: '2Mi' } } },
      events: [{ reason: 'FailedCreatePodSandBox', message }],
    }).verdict.cause,
  ).toBe('oom-killed');
});

test('a crashing CoreDNS that only cannot reach the API has no loop', () => {
  expect(
    verdictOf({
      log: '[FATAL] plugin/kubernetes: Get "https://10.96.0.1:443/version": dial tcp 10.96.0.1:443: i/o timeout',
    }),
  ).toBe('apiserver-unreachable confirmed');
});
