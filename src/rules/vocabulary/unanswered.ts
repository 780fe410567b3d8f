// How programs word that a dependency does not answer: nothing comes back, or no route leads there.

import { signTable } from '../../core/log-signs.ts';
import { LANGUAGES } from './unanswered/languages.ts';
import { PLAIN } from './unanswered/plain.ts';
import { STORES } from './unanswered/stores.ts';

export const UNANSWERED = signTable([...LANGUAGES, ...STORES, ...PLAIN]);
