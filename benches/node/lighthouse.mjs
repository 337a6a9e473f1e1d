// What Lighthouse says of pages: node lighthouse.mjs ADDRESS..., answered with a JSON array in the order of the addresses.
// Its mobile preset: slow 4G and a processor four times slower, both simulated; HALFTONE_CHROMIUM names the browser.

import { launch } from 'chrome-launcher';
import lighthouse from 'lighthouse';

const QUIET = [
  '--headless=new',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // Root may start Chromium without its sandbox only; the pages are our own.
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
];
const BROWSER = 'Unattributable';
const CATEGORIES = ['performance', 'accessibility', 'best-practices', 'seo'];

async function judged(address, port) {
  const { lhr } = await lighthouse(address, { port, output: 'json', logLevel: 'error', onlyCategories: CATEGORIES });
  if (lhr.runtimeError) throw new Error(`${address}: ${lhr.runtimeError.message}`);
  const value = (audit) => lhr.audits[audit].numericValue;
  const longTasks = lhr.audits['long-tasks'].details?.items ?? [];
  const failed = Object.values(lhr.audits).filter((audit) => audit.score !== null && audit.score < 0.9);
  return {
    version: lhr.lighthouseVersion,
    scores: Object.fromEntries(CATEGORIES.map((name) => [name, Math.round(lhr.categories[name].score * 100)])),
    largest: value('largest-contentful-paint'),
    shift: value('cumulative-layout-shift'),
    blocked: value('total-blocking-time'),
    // What Lighthouse attributes to the page, and what is the browser's own, such as beginning to load it.
    longTasks: longTasks.filter((task) => task.url !== BROWSER).length,
    browserTasks: longTasks.filter((task) => task.url === BROWSER).length,
    failed: failed.map((audit) => audit.id),
  };
}

const addresses = process.argv.slice(2);
if (!addresses.length) throw new Error('node lighthouse.mjs ADDRESS...');
const chrome = await launch({ chromePath: process.env.HALFTONE_CHROMIUM, chromeFlags: QUIET, ignoreDefaultFlags: false });
try {
  const all = [];
  for (const address of addresses) all.push(await judged(address, chrome.port));
  console.log(JSON.stringify(all));
} finally {
  chrome.kill();
}
