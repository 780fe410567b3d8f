// The list of all rules, in the order of the catalogue. The order never changes an answer.

import type { Rule } from '../core/rule.ts';
import aborted from './aborted.ts';
import admissionDenied from './admission-denied.ts';
import apiserverUnreachable from './apiserver-unreachable.ts';
import applicationError from './application-error.ts';
import capabilityMissing from './capability-missing.ts';
import certificateExpired from './certificate-expired.ts';
import cloudCredentialsMissing from './cloud-credentials-missing.ts';
import clusterMemberStale from './cluster-member-stale.ts';
import cniFailure from './cni-failure.ts';
import commandNotExecutable from './command-not-executable.ts';
import commandNotFound from './command-not-found.ts';
import configKeyMissing from './config-key-missing.ts';
import configMalformed from './config-malformed.ts';
import configValueInvalid from './config-value-invalid.ts';
import configmapMissing from './configmap-missing.ts';
import containerRuntimeFault from './container-runtime-fault.ts';
import corednsForwardLoop from './coredns-forward-loop.ts';
import cpuStarvation from './cpu-starvation.ts';
import crdMissing from './crd-missing.ts';
import dataCorrupted from './data-corrupted.ts';
import dataDirLocked from './data-dir-locked.ts';
import dataDirNotEmpty from './data-dir-not-empty.ts';
import dataVersionIncompatible from './data-version-incompatible.ts';
import dependencyAuthFailed from './dependency-auth-failed.ts';
import dependencyConnectionsExhausted from './dependency-connections-exhausted.ts';
import dependencyDnsNotFound from './dependency-dns-not-found.ts';
import dependencyJobMissing from './dependency-job-missing.ts';
import dependencyRefused from './dependency-refused.ts';
import dependencyTimeout from './dependency-timeout.ts';
import diskFull from './disk-full.ts';
import entrypointCompletes from './entrypoint-completes.ts';
import envMissing from './env-missing.ts';
import evicted from './evicted.ts';
import execFormatError from './exec-format-error.ts';
import fileMissing from './file-missing.ts';
import filePermissionDenied from './file-permission-denied.ts';
import filesystemReadOnly from './filesystem-read-only.ts';
import flagUnknown from './flag-unknown.ts';
import gpuMemoryExhausted from './gpu-memory-exhausted.ts';
import heapExhausted from './heap-exhausted.ts';
import illegalInstruction from './illegal-instruction.ts';
import imageNameInvalid from './image-name-invalid.ts';
import imageNotFound from './image-not-found.ts';
import imagePullDenied from './image-pull-denied.ts';
import imagePullRateLimited from './image-pull-rate-limited.ts';
import imageRegistryUnreachable from './image-registry-unreachable.ts';
import initContainerWaiting from './init-container-waiting.ts';
import initScriptFailed from './init-script-failed.ts';
import interpreterMissing from './interpreter-missing.ts';
import jobDeadlineExceeded from './job-deadline-exceeded.ts';
import kernelSettingTooLow from './kernel-setting-too-low.ts';
import leaderElectionLost from './leader-election-lost.ts';
import libraryMissing from './library-missing.ts';
import licenceInvalid from './licence-invalid.ts';
import lifecycleHookFailed from './lifecycle-hook-failed.ts';
import listensOnLocalhost from './listens-on-localhost.ts';
import migrationFailed from './migration-failed.ts';
import moduleMissing from './module-missing.ts';
import mountHidesFiles from './mount-hides-files.ts';
import nodeNotReady from './node-not-ready.ts';
import nodePrerequisiteMissing from './node-prerequisite-missing.ts';
import none from './none.ts';
import noneRecovered from './none-recovered.ts';
import oomKilled from './oom-killed.ts';
import osLimitExhausted from './os-limit-exhausted.ts';
import portInUse from './port-in-use.ts';
import privilegedPortDenied from './privileged-port-denied.ts';
import probeAuthRequired from './probe-auth-required.ts';
import probeCommandBroken from './probe-command-broken.ts';
import probeEndpointFailing from './probe-endpoint-failing.ts';
import probeTimeout from './probe-timeout.ts';
import probeTooEarly from './probe-too-early.ts';
import probeWrongPath from './probe-wrong-path.ts';
import probeWrongPort from './probe-wrong-port.ts';
import probeWrongScheme from './probe-wrong-scheme.ts';
import pvcUnbound from './pvc-unbound.ts';
import quotaExceeded from './quota-exceeded.ts';
import rbacForbidden from './rbac-forbidden.ts';
import readinessProbeFailing from './readiness-probe-failing.ts';
import runAsNonRootViolation from './run-as-non-root-violation.ts';
import runAsUserUnknown from './run-as-user-unknown.ts';
import secretMissing from './secret-missing.ts';
import securityProfileBlocked from './security-profile-blocked.ts';
import segmentationFault from './segmentation-fault.ts';
import serviceAccountMissing from './service-account-missing.ts';
import serviceLinkEnvCollision from './service-link-env-collision.ts';
import sidecarNotReady from './sidecar-not-ready.ts';
import sysctlDenied from './sysctl-denied.ts';
import terminatedBySignal from './terminated-by-signal.ts';
import tlsVerificationFailed from './tls-verification-failed.ts';
import unschedulable from './unschedulable.ts';
import versionIncompatible from './version-incompatible.ts';
import volumeAttachFailed from './volume-attach-failed.ts';
import volumeMountFailed from './volume-mount-failed.ts';
import volumePermissionDenied from './volume-permission-denied.ts';
import webhookUnavailable from './webhook-unavailable.ts';

export const rules: readonly Rule[] = [
  envMissing,
  configmapMissing,
  secretMissing,
  configKeyMissing,
  configMalformed,
  configValueInvalid,
  flagUnknown,
  serviceLinkEnvCollision,
  fileMissing,
  licenceInvalid,
  cloudCredentialsMissing,
  commandNotFound,
  commandNotExecutable,
  interpreterMissing,
  execFormatError,
  libraryMissing,
  moduleMissing,
  entrypointCompletes,
  mountHidesFiles,
  initScriptFailed,
  applicationError,
  segmentationFault,
  aborted,
  illegalInstruction,
  terminatedBySignal,
  versionIncompatible,
  crdMissing,
  oomKilled,
  heapExhausted,
  gpuMemoryExhausted,
  osLimitExhausted,
  kernelSettingTooLow,
  sysctlDenied,
  diskFull,
  evicted,
  cpuStarvation,
  nodeNotReady,
  nodePrerequisiteMissing,
  containerRuntimeFault,
  probeWrongPort,
  probeWrongPath,
  probeWrongScheme,
  probeAuthRequired,
  probeTooEarly,
  probeTimeout,
  probeCommandBroken,
  probeEndpointFailing,
  listensOnLocalhost,
  readinessProbeFailing,
  lifecycleHookFailed,
  dependencyDnsNotFound,
  dependencyRefused,
  dependencyTimeout,
  dependencyAuthFailed,
  dependencyJobMissing,
  initContainerWaiting,
  dependencyConnectionsExhausted,
  migrationFailed,
  apiserverUnreachable,
  sidecarNotReady,
  leaderElectionLost,
  certificateExpired,
  tlsVerificationFailed,
  volumePermissionDenied,
  filePermissionDenied,
  filesystemReadOnly,
  volumeMountFailed,
  volumeAttachFailed,
  pvcUnbound,
  dataDirNotEmpty,
  dataDirLocked,
  dataCorrupted,
  dataVersionIncompatible,
  clusterMemberStale,
  runAsNonRootViolation,
  runAsUserUnknown,
  privilegedPortDenied,
  capabilityMissing,
  securityProfileBlocked,
  rbacForbidden,
  portInUse,
  corednsForwardLoop,
  cniFailure,
  admissionDenied,
  serviceAccountMissing,
  jobDeadlineExceeded,
  webhookUnavailable,
  quotaExceeded,
  unschedulable,
  imageNotFound,
  imagePullDenied,
  imagePullRateLimited,
  imageRegistryUnreachable,
  imageNameInvalid,
  none,
  noneRecovered,
];
