// Properties draw the same cases every time, so that a run of the suite says something of the code and not of the dice.
// Other cases on wish: PROPERTY_SEED=7, or PROPERTY_SEED=any; `npm run fuzz` always takes new ones.

import fc from 'fast-check';

const wish = process.env.PROPERTY_SEED ?? (process.env.FUZZ_SECONDS ? 'any' : '20261121');
if (wish !== 'any') fc.configureGlobal({ seed: Number(wish) });
