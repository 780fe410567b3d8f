// The browser for tests of the page: a real Chromium that is already on the machine. The test command finds or
// installs one, and leaves these tests out, saying so, where there is none.

import { type Browser, chromium } from 'playwright-core';
import { findChromium } from '../../src/setup/chromium.mjs';

const QUIET = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Starts a headless Chromium; as root without its sandbox, which root cannot have. */
export async function launchChromium(): Promise<Browser> {
  const executablePath = await findChromium();
  if (!executablePath) throw new Error('there is no Chromium here: install one, or set CHROMIUM_PATH');
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return chromium.launch({ executablePath, headless: true, args: [...QUIET, ...sandbox] });
}
