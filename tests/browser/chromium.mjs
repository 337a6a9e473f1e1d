// Starts Debian's Chromium for tests and screenshots: headless, talking to nobody but the pages it is sent to.

import { chromium } from 'playwright-core';

const QUIET = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * A browser; the caller closes it. HALFTONE_CHROMIUM names the program.
 * Root may start Chromium without its sandbox only; the pages are our own.
 * @returns {Promise<import('playwright-core').Browser>}
 */
export function startChromium() {
  const executablePath = process.env.HALFTONE_CHROMIUM;
  if (!executablePath) {
    throw new Error('HALFTONE_CHROMIUM does not name a browser: run this through ./dev');
  }
  const asRoot = process.getuid?.() === 0;
  return chromium.launch({ executablePath, args: QUIET, chromiumSandbox: !asRoot });
}

/**
 * Waits until the server at `base` says that it is ready; throws when it has not within 30 seconds.
 * @param {string} base for example http://127.0.0.1:8080
 */
export async function untilReady(base) {
  const given = AbortSignal.timeout(30_000);
  for (;;) {
    const answer = await fetch(`${base}/readyz`, { signal: given }).catch((error) => {
      if (given.aborted) throw new Error(`${base} does not answer: ${error.message}`);
    });
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
