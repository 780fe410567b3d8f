// The vocabulary of root causes: one id each, the contract between rules, JSON, recordings and catalogue.
// Ids name the bad thing, never change meaning, and a symptom is never one of them.

/** Ids by family, in the order of the catalogue. */
export const CAUSES_BY_FAMILY = {
  config: [
    'env-missing',
    'configmap-missing',
    'secret-missing',
    'config-key-missing',
    'config-malformed',
    'config-value-invalid',
    'flag-unknown',
    'service-link-env-collision',
    'file-missing',
    'licence-invalid',
    'cloud-credentials-missing',
  ],
  command: [
    'command-not-found',
    'command-not-executable',
    'interpreter-missing',
    'exec-format-error',
    'library-missing',
    'module-missing',
    'entrypoint-completes',
    'mount-hides-files',
    'init-script-failed',
  ],
  crash: [
    'application-error',
    'segmentation-fault',
    'aborted',
    'illegal-instruction',
    'terminated-by-signal',
    'version-incompatible',
    'crd-missing',
  ],
  memory: ['oom-killed', 'heap-exhausted', 'gpu-memory-exhausted'],
  'os limit': [
    'os-limit-exhausted',
    'kernel-setting-too-low',
    'sysctl-denied',
    'disk-full',
    'evicted',
    'cpu-starvation',
    'node-not-ready',
    'node-prerequisite-missing',
    'container-runtime-fault',
  ],
  probe: [
    'probe-wrong-port',
    'probe-wrong-path',
    'probe-wrong-scheme',
    'probe-auth-required',
    'probe-too-early',
    'probe-timeout',
    'probe-command-broken',
    'probe-endpoint-failing',
    'listens-on-localhost',
    'readiness-probe-failing',
    'lifecycle-hook-failed',
  ],
  dependency: [
    'dependency-dns-not-found',
    'dependency-refused',
    'dependency-timeout',
    'dependency-auth-failed',
    'dependency-job-missing',
    'init-container-waiting',
    'dependency-connections-exhausted',
    'migration-failed',
    'apiserver-unreachable',
    'sidecar-not-ready',
    'leader-election-lost',
  ],
  tls: ['certificate-expired', 'tls-verification-failed'],
  files: [
    'volume-permission-denied',
    'file-permission-denied',
    'filesystem-read-only',
    'volume-mount-failed',
    'volume-attach-failed',
    'pvc-unbound',
    'data-dir-not-empty',
    'data-dir-locked',
    'data-corrupted',
    'data-version-incompatible',
    'cluster-member-stale',
  ],
  security: [
    'run-as-non-root-violation',
    'run-as-user-unknown',
    'privileged-port-denied',
    'capability-missing',
    'security-profile-blocked',
    'rbac-forbidden',
  ],
  network: ['port-in-use', 'coredns-forward-loop', 'cni-failure'],
  admission: [
    'admission-denied',
    'service-account-missing',
    'job-deadline-exceeded',
    'webhook-unavailable',
    'quota-exceeded',
    'unschedulable',
  ],
  image: [
    'image-not-found',
    'image-pull-denied',
    'image-pull-rate-limited',
    'image-registry-unreachable',
    'image-name-invalid',
  ],
  verdict: ['none', 'none-recovered', 'unknown'],
} as const;

export type Family = keyof typeof CAUSES_BY_FAMILY;
export type CauseId = (typeof CAUSES_BY_FAMILY)[Family][number];

export const CAUSE_IDS: readonly CauseId[] = Object.values(CAUSES_BY_FAMILY).flat();

/** The family an id belongs to. */
export function familyOf(id: CauseId): Family {
  const families = Object.keys(CAUSES_BY_FAMILY) as Family[];
  return families.find((family) => (CAUSES_BY_FAMILY[family] as readonly string[]).includes(id)) ?? 'verdict';
}
