// What a reader's phone loads of a story: node weight.mjs BASE PATH, answered with JSON.
// Counted are the bytes on the wire of what Chromium fetches, answers' heads included, at 360 px and DPR 3: before the
// reader moves, and after the whole story was scrolled through; and of the pictures that the first screen shows.

import { startChromium, untilReady } from '../tests/browser/chromium.mjs';

const SCREEN = { width: 360, height: 780 };

/** Bytes of each finished request, by address. */
async function counting(page) {
  const wire = await page.context().newCDPSession(page);
  await wire.send('Network.enable');
  const [addresses, bytes] = [new Map(), new Map()];
  wire.on('Network.requestWillBeSent', ({ requestId, request }) => addresses.set(requestId, request.url));
  wire.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const address = addresses.get(requestId);
    if (address) bytes.set(address, (bytes.get(address) ?? 0) + encodedDataLength);
  });
  return bytes;
}

const sum = (bytes) => [...bytes.values()].reduce((all, one) => all + one, 0);

/** Addresses of the pictures of which the first screen shows something. */
function shown(page) {
  return page.evaluate(() =>
    [...document.images].filter((one) => one.getBoundingClientRect().top < innerHeight).map((one) => one.currentSrc)
  );
}

/** Goes down the page in steps of half a screen and waits until every picture stands. */
async function scrollThrough(page) {
  await page.evaluate(async () => {
    for (let y = 0; y < document.body.scrollHeight; y += innerHeight / 2) {
      scrollTo(0, y);
      await new Promise(requestAnimationFrame);
    }
    await Promise.all([...document.images].map((picture) => picture.decode()));
  });
  await page.waitForLoadState('networkidle');
}

async function weigh(browser, address) {
  const context = await browser.newContext({ viewport: SCREEN, deviceScaleFactor: 3, isMobile: true, hasTouch: true });
  const page = await context.newPage();
  const bytes = await counting(page);
  await page.goto(address, { waitUntil: 'networkidle' });
  const still = sum(bytes);
  const visible = new Set(await shown(page));
  const pictures = (name) => /\.jpg$/.test(new URL(name).pathname);
  const screen = sum(new Map([...bytes].filter(([name]) => !pictures(name) || visible.has(name))));
  await scrollThrough(page);
  const images = await page.locator('figure img').count();
  await context.close();
  return { screen, still, scrolled: sum(bytes), images, requests: bytes.size };
}

const [base, path] = process.argv.slice(2);
if (!base || !path) throw new Error('node weight.mjs BASE PATH');
await untilReady(base);
const browser = await startChromium();
try {
  console.log(JSON.stringify(await weigh(browser, new URL(path, base).href)));
} finally {
  await browser.close();
}
