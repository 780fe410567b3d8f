// The list of all rules, in the order of the catalogue. The order never changes an answer.

import type { Rule } from '../core/rule.ts';
import none from './none.ts';
import noneRecovered from './none-recovered.ts';
import oomKilled from './oom-killed.ts';

export const rules: readonly Rule[] = [oomKilled, none, noneRecovered];
