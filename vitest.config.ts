// Every test is run on a real Redis; the tests of the page are left out only when `npm test` found no browser, and those that
// only a real API server can answer where KUBECONFIG_TEST names none.
import { configDefaults, defineConfig } from 'vitest/config';
import { findChromium } from './src/setup/chromium.mjs';

const pagesLeftOut = process.env.LOOPBREAKER_PAGE_TESTS === 'not-run';
if (!pagesLeftOut) {
  const chromium = await findChromium();
  if (chromium) process.env.CHROMIUM_PATH = chromium;
}

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: [
      ...configDefaults.exclude,
      ...(pagesLeftOut ? ['test/page*.test.ts'] : []),
      ...(process.env.KUBECONFIG_TEST ? [] : ['test/**/*.real.test.ts']),
    ],
    globalSetup: ['test/support/redis.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
