// Every test is run on a real Redis; the tests of the page are left out only when `npm test` found no browser, and those that
// only a real API server can answer where KUBECONFIG_TEST names none, and those that need a redis-server program of their
// own only when `npm test` found none, and that of TLS to Redis when there is no openssl to make certificates.
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
      ...(process.env.LOOPBREAKER_SERVER_TESTS === 'not-run'
        ? ['test/redis-*.test.ts', 'test/killed-under-load.test.ts']
        : []),
      ...(process.env.LOOPBREAKER_TLS_TESTS === 'not-run' ? ['test/redis-tls.test.ts'] : []),
      ...(process.env.KUBECONFIG_TEST ? [] : ['test/**/*.real.test.ts']),
    ],
    globalSetup: ['test/support/built.ts', 'test/support/redis.ts'],
    setupFiles: ['test/support/seed.ts'],
    // A terminal's colours are switched on by the mere presence of CI.
    env: { NO_COLOR: '1' },
    // The ends of what would never end, no promises: a busy machine may be ten times slower.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 60_000 } },
  },
});
