// The list of all remedies.

import type { Action } from '../core/action.ts';
import raiseMemoryLimit from './raise-memory-limit.ts';
import restart from './restart.ts';
import rollback from './rollback.ts';

export const actions: readonly Action[] = [rollback, raiseMemoryLimit, restart];
