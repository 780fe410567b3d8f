// Limits of the operating system, the node and the runtime. ENOSPC, EMFILE and "permission denied" each have several.
import { expect, test } from 'vitest';
import { livenessKill, type PodCase, verdictOf } from '../support/pod.ts';

type Row = [told: string, pod: PodCase, verdict: string];
const creating: PodCase = { waiting: { reason: 'ContainerCreating' } };
const sandbox = (message: string): PodCase => ({
  ...creating,
  events: [{ reason: 'FailedCreatePodSandBox', message }],
});
const tmpfs = {
  container: { volumeMounts: [{ name: 's', mountPath: '/scratch' }] },
  spec: { volumes: [{ name: 's', emptyDir: { medium: 'Memory', sizeLimit: '16Mi' } }] },
};

test.each<Row>([
  [
    'descriptors, Go',
    { log: 'accept tcp [::]:8080: accept4: too many open files', exit: 1 },
    'os-limit-exhausted confirmed',
  ],
  [
    'descriptors, Node',
    { log: "Error: EMFILE: too many open files, open '/app/views/index.html'" },
    'os-limit-exhausted confirmed',
  ],
  ['inotify', { log: 'failed to create fsnotify watcher: too many open files' }, 'os-limit-exhausted confirmed'],
  [
    'inotify watches, with the errno of a full disk',
    { log: "Error: ENOSPC: System limit for number of file watchers reached, watch '/app/src'" },
    'os-limit-exhausted confirmed',
  ],
  [
    'threads, Go',
    { exit: 2, log: 'runtime: failed to create new OS thread (have 12 already; errno=11)' },
    'os-limit-exhausted confirmed',
  ],
  ['threads, Python', { log: "RuntimeError: can't start new thread" }, 'os-limit-exhausted confirmed'],
  [
    'Elasticsearch and its kernel setting',
    {
      exit: 78,
      log: [
        'ERROR: [1] bootstrap checks failed. You must address the points described in the following [1] lines before starting Elasticsearch.',
        'bootstrap check failure [1] of [1]: max virtual memory areas vm.max_map_count [65530] is too low, increase to at least [262144]',
      ],
    },
    'kernel-setting-too-low confirmed',
  ],
  [
    'Elasticsearch and its descriptors',
    {
      exit: 78,
      log: 'bootstrap check failure [1] of [1]: max file descriptors [4096] for elasticsearch process is too low, increase to at least [65535]',
    },
    'os-limit-exhausted confirmed',
  ],
  [
    'a warning of Redis about a kernel setting is harmless',
    {
      log: [
        "1:C 01 Mar 2024 10:00:00.000 # WARNING Memory overcommit must be enabled! Without it, a background save may fail. add 'vm.overcommit_memory = 1' to /etc/sysctl.conf",
        '*** FATAL CONFIG FILE ERROR (Redis 7.2.4) ***',
        'Reading the configuration file, at line 2',
        ">>> 'maxmemoy 1gb'",
        'Bad directive or wrong number of arguments',
      ],
    },
    'config-malformed confirmed',
  ],
  [
    'a sysctl the kubelet refuses',
    {
      ...creating,
      status: {
        phase: 'Failed',
        reason: 'SysctlForbidden',
        message: 'Pod was rejected: forbidden sysctl: "net.core.somaxconn" not allowlisted',
      },
    },
    'sysctl-denied confirmed',
  ],
  [
    'a sysctl the program may not write',
    { init: true, log: "sysctl: error setting key 'vm.max_map_count': Read-only file system" },
    'sysctl-denied confirmed',
  ],
  ['a full volume', { ...tmpfs, log: 'OSError: [Errno 28] No space left on device' }, 'disk-full confirmed'],
  [
    'a full volume, PostgreSQL',
    { log: 'PANIC:  could not write to file "pg_wal/xlogtemp.25": No space left on device' },
    'disk-full confirmed',
  ],
  [
    'a full disk of the node',
    sandbox(
      'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to create containerd task: mkdir /run/containerd/x: no space left on device',
    ),
    'disk-full confirmed',
  ],
  [
    'an eviction for ephemeral storage',
    {
      exit: 137,
      state: { terminated: { exitCode: 137, reason: 'Error' } },
      status: {
        phase: 'Failed',
        reason: 'Evicted',
        message: 'Pod ephemeral local storage usage exceeds the total limit of containers 100Mi. ',
      },
    },
    'evicted confirmed',
  ],
  [
    'a preemption',
    {
      exit: 143,
      state: { terminated: { exitCode: 143, reason: 'Error' } },
      status: {
        phase: 'Failed',
        conditions: [
          {
            type: 'DisruptionTarget',
            status: 'True',
            reason: 'PreemptionByScheduler',
            message: 'default-scheduler: preempting to accommodate a higher priority pod',
          },
        ],
      },
    },
    'evicted confirmed',
  ],
  [
    'a drain',
    {
      exit: 143,
      state: { terminated: { exitCode: 143, reason: 'Error' } },
      status: {
        phase: 'Failed',
        conditions: [
          {
            type: 'DisruptionTarget',
            status: 'True',
            reason: 'EvictionByEvictionAPI',
            message: 'Eviction API: evicting',
          },
        ],
      },
    },
    'evicted confirmed',
  ],
  [
    'a tiny CPU limit and a probe that times out',
    {
      exit: 137,
      livedSeconds: 60,
      log: 'ready',
      container: { resources: { limits: { cpu: '20m' } }, livenessProbe: { httpGet: { path: '/', port: 80 } } },
      events: livenessKill(
        'Get "http://10.0.0.9:80/": context deadline exceeded (Client.Timeout exceeded while awaiting headers)',
      ),
    },
    'cpu-starvation likely',
  ],
  [
    'enough CPU and a probe that times out',
    {
      exit: 137,
      livedSeconds: 60,
      log: 'ready',
      container: { resources: { limits: { cpu: '2' } }, livenessProbe: { httpGet: { path: '/', port: 80 } } },
      events: livenessKill(
        'Get "http://10.0.0.9:80/": context deadline exceeded (Client.Timeout exceeded while awaiting headers)',
      ),
    },
    'probe-timeout likely',
  ],
  [
    'a node that is not ready',
    {
      ...creating,
      objects: [
        {
          kind: 'Node',
          name: 'node-1',
          status: {
            conditions: [
              {
                type: 'Ready',
                status: 'Unknown',
                reason: 'NodeStatusUnknown',
                message: 'Kubelet stopped posting node status.',
              },
            ],
          },
        },
      ],
    },
    'node-not-ready confirmed',
  ],
  [
    'a program that fails on such a node for its own reason',
    {
      log: 'DATABASE_URL must be set',
      objects: [
        {
          kind: 'Node',
          name: 'node-1',
          status: { conditions: [{ type: 'Ready', status: 'Unknown', reason: 'NodeStatusUnknown' }] },
        },
      ],
    },
    'env-missing confirmed',
  ],
  [
    'a driver the node lacks',
    {
      exit: 128,
      reason: 'StartError',
      message:
        'failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: error running hook #0: error running hook: exit status 1, stdout: , stderr: nvidia-container-cli: initialization error: nvml error: driver not loaded: unknown',
    },
    'node-prerequisite-missing confirmed',
  ],
  [
    'a kernel module the node lacks',
    { log: 'modprobe: FATAL: Module wireguard not found in directory /lib/modules/5.10.0' },
    'node-prerequisite-missing confirmed',
  ],
  [
    'a sandbox the runtime cannot make',
    sandbox(
      'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to reserve sandbox name "api_shop_uid_0": name "api_shop_uid_0" is reserved for "abc"',
    ),
    'container-runtime-fault confirmed',
  ],
  [
    'a runtime class the node does not know',
    sandbox(
      'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to get sandbox runtime: no runtime for "gvisor" is configured',
    ),
    'container-runtime-fault confirmed',
  ],
  [
    'a network the runtime only brings news of',
    sandbox(
      'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox "abc": plugin type="calico" failed (add): error getting ClusterInformation: connection is unauthorized',
    ),
    'cni-failure confirmed',
  ],
])('%s', (_, pod, verdict) => {
  expect(verdictOf(pod)).toBe(verdict);
});
