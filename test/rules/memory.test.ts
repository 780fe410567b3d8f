// Three memories that can be full: the container's, the runtime's own, the accelerator's.
import { expect, test } from 'vitest';
import { diagnosePod, type PodCase, verdictOf } from '../support/pod.ts';

type Row = [told: string, pod: PodCase, verdict: string];
const limits = (memory: string) => ({ resources: { limits: { memory } } });

test.each<Row>([
  ['the kubelet says OOMKilled', { exit: 137, reason: 'OOMKilled', container: limits('64Mi') }, 'oom-killed confirmed'],
  [
    'a child was killed and the parent left with 1',
    { exit: 1, reason: 'OOMKilled', log: 'render.py ended with status 137', container: limits('64Mi') },
    'oom-killed confirmed',
  ],
  [
    'the limit is too low for the sandbox',
    {
      waiting: { reason: 'ContainerCreating' },
      container: limits('1Mi'),
      events: [
        {
          reason: 'FailedCreatePodSandBox',
          message:
            'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: container init was OOM-killed (memory limit too low?): unknown',
        },
      ],
    },
    'oom-killed confirmed',
  ],
  [
    'the JVM',
    {
      log: [
        'Exception in thread "main" java.lang.OutOfMemoryError: Java heap space',
        '\tat java.base/java.util.Arrays.copyOf(Arrays.java:3537)',
      ],
    },
    'heap-exhausted confirmed',
  ],
  [
    'the JVM, Metaspace',
    { exit: 3, log: 'Terminating due to java.lang.OutOfMemoryError: Metaspace' },
    'heap-exhausted confirmed',
  ],
  [
    'PHP',
    {
      exit: 255,
      log: 'PHP Fatal error:  Allowed memory size of 134217728 bytes exhausted (tried to allocate 20480 bytes) in /app/import.php on line 12',
    },
    'heap-exhausted confirmed',
  ],
  [
    '.NET',
    {
      exit: 134,
      log: [
        "Unhandled exception. System.OutOfMemoryException: Exception of type 'System.OutOfMemoryException' was thrown.",
        '   at Program.Main()',
      ],
    },
    'heap-exhausted confirmed',
  ],
  ['Ruby', { log: "main.rb:2:in `*': failed to allocate memory (NoMemoryError)" }, 'heap-exhausted confirmed'],
  [
    'a thread that cannot be made is no heap',
    {
      log: 'java.lang.OutOfMemoryError: unable to create native thread: possibly out of memory or process/resource limits reached',
    },
    'os-limit-exhausted confirmed',
  ],
  [
    'a heap error and then OOMKilled',
    { exit: 137, reason: 'OOMKilled', log: 'java.lang.OutOfMemoryError: Java heap space' },
    'oom-killed confirmed',
  ],
  [
    'PyTorch',
    {
      log: 'torch.cuda.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB. GPU 0 has a total capacity of 15.78 GiB',
    },
    'gpu-memory-exhausted confirmed',
  ],
  [
    'vLLM',
    {
      log: 'ValueError: No available memory for the cache blocks. Try increasing `gpu_memory_utilization` when initializing the engine.',
    },
    'gpu-memory-exhausted confirmed',
  ],
  [
    'the words OOM in a harmless line prove nothing',
    { log: ['oom_score_adj is -997', 'DATABASE_URL must be set'] },
    'env-missing confirmed',
  ],
  [
    'gunicorn about its worker',
    {
      exit: 3,
      log: ['[2024-03-01 10:00:00 +0000] [1] [ERROR] Worker (pid:7) was sent SIGKILL! Perhaps out of memory?'],
      container: limits('128Mi'),
    },
    'oom-killed likely',
  ],
  [
    'the kernel of the node, by node-problem-detector',
    {
      exit: 137,
      log: 'working',
      events: [
        {
          reason: 'OOMKilling',
          message: 'Memory cgroup out of memory: Killed process 4711 (java) total-vm:4711kB',
          object: { kind: 'Node', name: 'node-1' },
        },
      ],
    },
    'oom-killed likely',
  ],
])('%s', (_, pod, verdict) => {
  expect(verdictOf(pod)).toBe(verdict);
});

test('the setting that limits the heap is named', () => {
  const env = [{ name: 'NODE_OPTIONS', value: '--max-old-space-size=256' }];
  const log =
    'FATAL ERROR: Ineffective mark-compacts near heap limit Allocation failed - JavaScript heap out of memory';
  const report = diagnosePod({ exit: 134, log, container: { env, ...limits('1Gi') } });
  expect(report.causes[0]?.detail).toMatchObject({
    setting: 'NODE_OPTIONS',
    flag: '--max-old-space-size=256',
    limit: '1Gi',
  });
});

test('any other reason rules the memory limit out', () => {
  const { ruledOut } = diagnosePod({ log: 'DATABASE_URL must be set' });
  expect(ruledOut).toContainEqual({ cause: 'oom-killed', because: 'the reason is Error, not OOMKilled' });
});
