// `npm test`: types, lint, then all tests on a real Redis and, where there is one, a real Chromium.
// Invariant: only the tests of the page may be left out, for want of a browser, and those that kill or configure a Redis of
// their own, where there is one in a container or elsewhere only, and those of TLS to Redis without openssl; then the last
// lines say so.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ensureChromium } from './chromium.mjs';
import { serverProgram, startRedis } from './redis.mjs';
import { runStep, say } from './steps.mjs';

/**
 * @param {string} root
 * @param {string[]} args for vitest: files, or its own options
 * @returns {Promise<number>} the exit code of the first step that did not end well, otherwise 0
 */
export async function runTests(root, args) {
  const tool = (/** @type {string} */ file) => join(root, 'node_modules', file);
  const checks = [
    { name: 'types', command: [tool('typescript/bin/tsc'), '--noEmit'] },
    { name: 'lint', command: [tool('@biomejs/biome/bin/biome'), 'check', '--error-on-warnings'] },
  ];
  for (const { name, command } of checks) {
    say(`checking ${name}`);
    const code = await runStep(process.execPath, command, { cwd: root });
    if (code !== 0) return code;
  }
  const chromium = await ensureChromium({ log: say });
  const redis = await startRedis({ log: say });
  const noServer = await serverProgram({ log: say }).then(
    () => null,
    (/** @type {Error} */ error) => error.message,
  );
  const browser = 'path' in chromium ? { CHROMIUM_PATH: chromium.path } : { LOOPBREAKER_PAGE_TESTS: 'not-run' };
  const server = noServer === null ? {} : { LOOPBREAKER_SERVER_TESTS: 'not-run' };
  const hasOpenssl = spawnSync('openssl', ['version']).status === 0;
  const tls = hasOpenssl ? {} : { LOOPBREAKER_TLS_TESTS: 'not-run' };
  const env = { ...process.env, ...browser, ...server, ...tls, REDIS_URL: redis.url };
  try {
    return await runStep(process.execPath, [tool('vitest/vitest.mjs'), 'run', ...args], { cwd: root, env });
  } finally {
    await redis.stop();
    if (noServer !== null) console.log(`Not run: the tests that kill or configure a Redis of their own: ${noServer}`);
    if (!hasOpenssl)
      console.log('Not run: TLS to Redis (test/redis-tls.test.ts): there is no openssl to make certificates.');
    if ('reason' in chromium) console.log(`Not run: the tests of the page (test/page*.test.ts): ${chromium.reason}`);
  }
}
