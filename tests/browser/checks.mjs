// One check of real pages in a real browser: node checks.mjs CHECK BASE PATH...
// Prints what is wrong, a line each, and ends with 1 when anything is.

import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

import { startChromium, untilReady } from './chromium.mjs';
import { lightboxChecks } from './lightbox.mjs';
import { passkeyChecks } from './passkeys.mjs';
import { storyChecks } from './story.mjs';
import { wayChecks } from './way.mjs';
import { wireChecks } from './wire.mjs';

const axeSource = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Goes down the page so that lazy pictures load, and waits for each. */
async function loadPictures(page) {
  const height = await page.evaluate(() => document.body.scrollHeight);
  for (let y = 0; y < height; y += 400) await page.mouse.wheel(0, 400);
  await page.waitForFunction(() => [...document.images].every((picture) => picture.complete), null, { timeout: 20_000 });
}

/** Slides without a caption of their own on the screen, or with a picture that did not load. */
async function brokenSlides(page) {
  return page.locator('#photos figure').evaluateAll((figures) =>
    figures.flatMap((figure, index) => {
      const wrong = [];
      const caption = figure.querySelector('figcaption .caption');
      if (!caption?.textContent.trim() || !caption.getClientRects().length) wrong.push(`slide ${index + 1} shows no caption`);
      const picture = figure.querySelector('img');
      if (picture && !picture.naturalWidth) wrong.push(`slide ${index + 1}: the picture did not load`);
      return wrong;
    }),
  );
}

/** Rules that must hold for everyone; what axe calls serious or critical, on the page or in a part of it. */
async function seriousIn(page, part = 'html') {
  const { violations } = await page.evaluate(([source, part]) => {
    new Function(source)();
    return globalThis.axe.run(part, { resultTypes: ['violations'] });
  }, [axeSource, part]);
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  return serious.map(({ id, help, nodes }) => `${id}: ${help} (${nodes.map(({ target }) => target.join(' ')).join(', ')})`);
}

const checks = {
  ...lightboxChecks,
  ...passkeyChecks,
  ...storyChecks,
  ...wayChecks,
  ...wireChecks,

  /** Every slide shows its caption and picture, with scripts or without. */
  async reads(visit, paths) {
    const wrong = [];
    for (const javaScriptEnabled of [true, false]) {
      const page = await visit(paths[0], { javaScriptEnabled });
      // Without scripts lazy loading is off by the standard, and nothing can be evaluated but through the protocol.
      if (javaScriptEnabled) await loadPictures(page);
      else await page.waitForLoadState('load');
      const slides = await page.locator('#photos figure').count();
      if (!slides) wrong.push('no slide stands on the page');
      wrong.push(...(await brokenSlides(page)).map((line) => `scripts ${javaScriptEnabled ? 'on' : 'off'}: ${line}`));
    }
    return wrong;
  },

  /** Nothing is wider than a window of 320 pixels, nor hidden to fit. */
  async narrow(visit, paths) {
    const wrong = [];
    for (const path of paths) {
      const page = await visit(path, { viewport: { width: 320, height: 640 } });
      const width = await page.evaluate(() => document.scrollingElement.scrollWidth);
      if (width > 320) wrong.push(`${path} is ${width} pixels wide in a window of 320`);
      wrong.push(...(await brokenSlides(page)).filter((line) => line.includes('caption')));
    }
    return wrong;
  },

  /** The first two stops of the tab key are the skip links; they work; each stop can be seen. */
  async keyboard(visit, paths) {
    const page = await visit(paths[0]);
    const wrong = [];
    const expected = [/^Text$/, /^Photos \(\d+\)$/];
    for (const text of expected) {
      await page.keyboard.press('Tab');
      const stop = await page.evaluate(() => document.activeElement.textContent.trim());
      if (!text.test(stop)) wrong.push(`a skip link ${text} was expected, the stop is "${stop}"`);
    }
    await page.keyboard.press('Enter');
    if (!page.url().endsWith('#photos')) wrong.push(`the skip link led to ${page.url()}`);
    const stops = await page.locator('a[href], button, summary').count();
    for (let stop = 0; stop < stops + 2; stop += 1) {
      await page.keyboard.press('Tab');
      const unseen = await page.evaluate(() => {
        const element = document.activeElement;
        if (!element || element === document.body) return null;
        const style = getComputedStyle(element);
        const shown = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0;
        return shown ? null : element.outerHTML.slice(0, 80);
      });
      if (unseen) wrong.push(`focus cannot be seen on ${unseen}`);
    }
    return wrong;
  },

  /** A story that runs from right to left does so, whatever letters its texts begin with, its captions included. */
  async rtl(visit, paths) {
    const wrong = [];
    for (const width of [768, 1600]) {
      const page = await visit(paths[0], { viewport: { width, height: 900 } });
      await loadPictures(page);
      const texts = await page.locator('h1, .lede p, #text p').evaluateAll((elements) =>
        elements.map((element) => {
          const range = document.createRange();
          range.selectNodeContents(element);
          const gap = element.parentElement.getBoundingClientRect().right - range.getBoundingClientRect().right;
          return { words: element.textContent.slice(0, 20), direction: getComputedStyle(element).direction, gap };
        }),
      );
      if (texts.length < 3) wrong.push('headline, lede or text is missing');
      for (const { words, direction, gap } of texts) {
        if (direction !== 'rtl') wrong.push(`at ${width} "${words}" runs ${direction}`);
        if (gap > 1) wrong.push(`at ${width} "${words}" begins ${gap} pixels from the right`);
      }
      const captions = await page.locator('#photos figure, #cover').evaluateAll((figures) =>
        figures.flatMap((figure) => {
          const box = figure.querySelector('figcaption').getBoundingClientRect();
          const picture = figure.querySelector('.shot').getBoundingClientRect();
          const begin = box.left > picture.right || box.right < picture.left ? box.right : picture.right;
          return [...figure.querySelectorAll('.caption')].map((caption) => {
            const range = document.createRange();
            range.selectNodeContents(caption);
            return { words: caption.textContent.slice(0, 20), gap: Math.abs(begin - range.getBoundingClientRect().right) };
          });
        }),
      );
      if (!captions.length) wrong.push('no caption stands on the page');
      // A line may end with a space that hangs over its edge.
      for (const { words, gap } of captions) {
        if (gap > 6) wrong.push(`at ${width} the caption "${words}" stands ${gap} pixels from the edge it belongs to`);
      }
      const shown = await page.evaluate(() => document.scrollingElement.scrollWidth);
      if (shown > width) wrong.push(`the page is ${shown} pixels wide in a window of ${width}`);
    }
    return wrong;
  },

  /** Nothing moves while the page loads and is read down. */
  async still(visit, paths) {
    const page = await visit(paths[0], {}, (page) =>
      page.addInitScript(() => {
        globalThis.shifted = 0;
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) globalThis.shifted += entry.value;
        }).observe({ type: 'layout-shift', buffered: true });
      }),
    );
    await loadPictures(page);
    const shifted = await page.evaluate(() => globalThis.shifted);
    return shifted > 0.001 ? [`the layout shifted by ${shifted}`] : [];
  },

  /** No picture is fetched beyond twice its shown width, however sharp the screen. */
  async sizes(visit, paths) {
    const wrong = [];
    for (const deviceScaleFactor of [1, 2, 3]) {
      const page = await visit(paths[0], { viewport: { width: 360, height: 740 }, deviceScaleFactor });
      await loadPictures(page);
      const chosen = await page.locator('#photos img').evaluateAll((pictures) =>
        pictures.map((picture) => ({ shown: picture.getBoundingClientRect().width, taken: Number(/(\d+)\.jpg$/.exec(picture.currentSrc)?.[1]) })),
      );
      for (const { shown, taken } of chosen) {
        if (taken > shown * 2 + 1 && taken > 320) wrong.push(`at ${deviceScaleFactor}x a picture shown ${shown} wide was fetched ${taken} wide`);
      }
    }
    return wrong;
  },

  /** axe finds nothing serious, light and dark, narrow and wide. */
  async axe(visit, paths) {
    const wrong = [];
    for (const path of paths) {
      for (const colorScheme of ['light', 'dark']) {
        for (const width of [320, 1600]) {
          const page = await visit(path, { colorScheme, viewport: { width, height: 900 } });
          wrong.push(...(await seriousIn(page)).map((line) => `${path}, ${colorScheme}, ${width}: ${line}`));
        }
      }
    }
    return wrong;
  },

  /** In the dark the page is dark and its text light. */
  async dark(visit, paths) {
    const page = await visit(paths[0], { colorScheme: 'dark' });
    const light = (colour) => colour.match(/[\d.]+/g).slice(0, 3).reduce((sum, part) => sum + Number(part), 0) / 3;
    const [ground, text] = await page.evaluate(() => {
      const style = getComputedStyle(document.body);
      const root = getComputedStyle(document.documentElement);
      const clear = 'rgba(0, 0, 0, 0)';
      return [style.backgroundColor === clear ? root.backgroundColor : style.backgroundColor, style.color];
    });
    return light(ground) < 80 && light(text) > 160 ? [] : [`the ground is ${ground}, the text ${text}`];
  },
};

const [name, base, ...paths] = process.argv.slice(2);
const check = checks[name];
if (!check || !base || !paths.length) throw new Error(`node checks.mjs ${Object.keys(checks).join('|')} BASE PATH...`);
await untilReady(base);
const browser = await startChromium();
const troubles = [];
try {
  const visit = async (path, options = {}, before = async () => {}) => {
    // The policy of the page forbids scripts that are not its own; axe is the test's.
    const context = await browser.newContext({ bypassCSP: true, reducedMotion: 'reduce', ...options });
    const page = await context.newPage();
    page.on('requestfailed', (request) => {
      // The browser itself drops a picture when the window has changed and another rendition fits better.
      if (request.failure()?.errorText !== 'net::ERR_ABORTED') troubles.push(`${request.url()} was not loaded`);
    });
    page.on('response', (answer) => {
      if (answer.status() >= 400 && answer.url() !== page.url() && new URL(answer.url()).pathname !== path) {
        troubles.push(`${answer.url()} answered ${answer.status()}`);
      }
    });
    page.on('console', (message) => {
      if (message.type() === 'error' && !message.text().includes('the server responded with a status of 4')) troubles.push(message.text());
    });
    await before(page);
    await page.goto(new URL(path, base).href, { waitUntil: 'load' });
    return page;
  };
  troubles.push(...(await check(visit, paths, seriousIn)));
} finally {
  await browser.close();
}
for (const line of troubles) console.log(line);
process.exitCode = troubles.length ? 1 : 0;
