// Rights: users, capabilities, profiles, ports below 1024 and permissions of the Kubernetes API.

import { expect, test } from 'vitest';
import { diagnosePod, type PodCase, verdictOf } from '../support/pod.ts';

const drop: PodCase['container'] = { securityContext: { capabilities: { drop: ['ALL'] } } };

test.each([
  {
    source: 'kubelet 1.30',
    waiting: {
      reason: 'CreateContainerConfigError',
      message: 'container has runAsNonRoot and image will run as root (pod: "api_shop(uid)", container: api)',
    },
    is: 'run-as-non-root-violation confirmed',
  },
  {
    source: 'kubelet, user in words',
    waiting: {
      reason: 'CreateContainerConfigError',
      message:
        'container has runAsNonRoot and image has non-numeric user (app), cannot verify user is non-root (pod: "api_shop(uid)", container: api)',
    },
    is: 'run-as-non-root-violation confirmed',
  },
  {
    source: 'containerd',
    waiting: {
      reason: 'CreateContainerError',
      message: 'failed to generate container "1f" spec: failed to generate spec: no users found',
    },
    is: 'run-as-user-unknown confirmed',
  },
  {
    source: 'runc',
    waiting: {
      reason: 'RunContainerError',
      message:
        'failed to create containerd task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: unable to find user app: no matching entries in passwd file: unknown',
    },
    is: 'run-as-user-unknown confirmed',
  },
  {
    source: 'Python getpass',
    log: "KeyError: 'getpwuid(): uid not found: 10001'",
    is: 'run-as-user-unknown confirmed',
  },
  {
    source: 'su-exec under a user that is not root',
    log: 'su-exec: setgroups(1000): Operation not permitted',
    container: { securityContext: { runAsUser: 1000 } },
    is: 'run-as-user-unknown likely',
  },
  {
    source: 'nginx image',
    log: [
      '2026/07/01 11:59:59 [emerg] 1#1: chown("/var/cache/nginx/client_temp", 101) failed (1: Operation not permitted)',
      'nginx: [emerg] chown("/var/cache/nginx/client_temp", 101) failed (1: Operation not permitted)',
    ],
    container: drop,
    is: 'capability-missing confirmed',
  },
  {
    source: 'iptables',
    log: "iptables v1.8.9 (legacy): can't initialize iptables table `nat': Permission denied (you must be root)",
    is: 'capability-missing confirmed',
  },
  {
    source: 'runc and a binary with file capabilities',
    waiting: {
      reason: 'RunContainerError',
      message:
        'failed to create containerd task: runc create failed: unable to start container process: exec: "/coredns": operation not permitted: unknown',
    },
    container: { securityContext: { allowPrivilegeEscalation: false } },
    is: 'capability-missing confirmed',
  },
  {
    source: 'Go',
    log: 'FATAL listen tcp 0.0.0.0:443: bind: permission denied',
    container: { securityContext: { runAsUser: 1000 } },
    is: 'privileged-port-denied confirmed',
  },
  {
    source: 'Node.js',
    log: 'Error: listen EACCES: permission denied 0.0.0.0:80',
    is: 'privileged-port-denied confirmed',
  },
  {
    source: 'Apache',
    log: '(13)Permission denied: AH00072: make_sock: could not bind to address [::]:80',
    is: 'privileged-port-denied confirmed',
  },
  {
    source: 'Python',
    log: [
      'Traceback (most recent call last):',
      '  File "/usr/lib/python3.12/socketserver.py", line 472, in server_bind',
      '    self.socket.bind(self.server_address)',
      'PermissionError: [Errno 13] Permission denied',
    ],
    is: 'privileged-port-denied confirmed',
  },
  {
    source: 'kubelet and a missing profile',
    waiting: {
      reason: 'CreateContainerError',
      message:
        'failed to generate security options for container "api": failed to generate seccomp security options for container: cannot load seccomp profile "/var/lib/kubelet/seccomp/strict.json": open /var/lib/kubelet/seccomp/strict.json: no such file or directory',
    },
    is: 'security-profile-blocked confirmed',
  },
  { source: 'seccomp: 128 + SIGSYS', exit: 159, log: 'starting', is: 'security-profile-blocked confirmed' },
  {
    source: 'client-go',
    log: 'E0701 11:59:59.000000       1 reflector.go:158] "Unhandled Error" err="failed to list *v1.Node: nodes is forbidden: User \\"system:serviceaccount:ops:scaler\\" cannot list resource \\"nodes\\" in API group \\"\\" at the cluster scope"',
    is: 'rbac-forbidden confirmed',
  },
  {
    source: 'fabric8',
    log: 'io.fabric8.kubernetes.client.KubernetesClientException: Failure executing: GET at: https://10.96.0.1/api/v1/namespaces/shop/pods. Message: pods is forbidden: User "system:serviceaccount:shop:default" cannot list resource "pods" in API group "" in the namespace "shop".',
    is: 'rbac-forbidden confirmed',
  },
])('$source: $is', ({ is, source: _, ...one }) => {
  expect(verdictOf(one as PodCase)).toBe(is);
});

test('the missing permission is named as it stands in a Role', () => {
  const report = diagnosePod({
    log: 'nodes is forbidden: User "system:serviceaccount:ops:scaler" cannot list resource "nodes" in API group "" at the cluster scope',
  });
  expect(report.causes[0]?.detail).toMatchObject({ account: 'ops/scaler', verb: 'list', resource: 'nodes' });
});

// Look-alikes.
test('chown that fails without a dropped capability and as root is not blamed on capabilities', () => {
  const report = diagnosePod({ log: "chown: changing ownership of '/data': Operation not permitted" });
  expect(report.verdict.grade).not.toBe('confirmed');
});

test('a registry that answers forbidden is not RBAC', () => {
  expect(
    verdictOf({
      waiting: {
        reason: 'ErrImagePull',
        message:
          'failed to pull and unpack image "r.example.com/a:1": unexpected status from HEAD request to https://r.example.com/v2/a/manifests/1: 403 Forbidden',
      },
    }),
  ).toBe('image-pull-denied confirmed');
});
