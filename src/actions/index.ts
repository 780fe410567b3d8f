// The list of all remedies.

import type { Action } from '../core/action.ts';
import addWritableVolume from './add-writable-volume.ts';
import debugCopy from './debug-copy.ts';
import disableServiceLinks from './disable-service-links.ts';
import fixConfig from './fix-config.ts';
import fixProbe from './fix-probe.ts';
import fixSecurityContext from './fix-security-context.ts';
import moveOffNode from './move-off-node.ts';
import raiseCpuLimit from './raise-cpu-limit.ts';
import raiseHeapLimit from './raise-heap-limit.ts';
import raiseMemoryLimit from './raise-memory-limit.ts';
import restart from './restart.ts';
import rollback from './rollback.ts';
import suspend from './suspend.ts';

export const actions: readonly Action[] = [
  rollback,
  raiseMemoryLimit,
  raiseCpuLimit,
  raiseHeapLimit,
  fixProbe,
  fixConfig,
  fixSecurityContext,
  addWritableVolume,
  disableServiceLinks,
  moveOffNode,
  restart,
  suspend,
  debugCopy,
];
