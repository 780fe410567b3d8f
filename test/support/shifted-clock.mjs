// Loaded before a role: its clock is ahead by what the file CLOCK_SHIFTS says for that role, in ms, from a moment after it
// was written. Timers run on, as they do when somebody sets the clock of a machine.

import { readFileSync } from 'node:fs';

const role = process.argv[process.argv.indexOf('--role') + 1] ?? '';
const Real = Date;
let aheadMs = 0;

const now = () => Real.now() + aheadMs;
globalThis.Date = new Proxy(Real, {
  construct: (target, given) => (given.length > 0 ? Reflect.construct(target, given) : new Real(now())),
  get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
});

const look = () => {
  try {
    aheadMs = JSON.parse(readFileSync(process.env.CLOCK_SHIFTS ?? '', 'utf8'))[role] ?? 0;
  } catch {
    // It is being written.
  }
};
look();
setInterval(look, 50).unref();
