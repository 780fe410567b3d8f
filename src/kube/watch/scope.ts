// What one watch looks at.
import type { Resource } from '../kinds.ts';

export interface Scope {
  resource: Resource;
  /** Missing: the whole cluster. */
  namespace?: string;
  fieldSelector?: string;
}
