// The roles are tested as they are shipped: compiled, from the source of this very moment.

import { fileURLToPath } from 'node:url';
import { build, isBuilt } from '../../src/setup/build.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

export default async function built(): Promise<void> {
  if (!isBuilt(root)) await build(root);
}
