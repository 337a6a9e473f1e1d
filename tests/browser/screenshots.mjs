// Takes pictures of a running site's pages, for a person to look at: node screenshots.mjs BASE FOLDER
// Each kind of page at three widths; dark and from right to left at the middle one; the lightbox on a phone held
// sideways and enlarged, too.

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { startChromium, untilReady } from './chromium.mjs';

const VIEWS = [
  { name: '320', width: 320 },
  { name: '768', width: 768 },
  { name: '1600', width: 1600 },
  { name: '768-dark', width: 768, colorScheme: 'dark' },
  { name: '768-rtl', width: 768, rightToLeft: true },
];
const LIGHTBOX_VIEWS = [
  ...VIEWS,
  { name: '320-rtl', width: 320, height: 640, rightToLeft: true },
  { name: '568-landscape', width: 568, height: 320 },
  { name: '640-landscape-rtl', width: 640, height: 360, rightToLeft: true },
  { name: '768-enlarged', width: 768, keys: ['+', '+'] },
  { name: '1600-enlarged', width: 1600, keys: ['+', '+'] },
];

/** The home page's first link whose path begins so. */
async function firstLink(page, beginning) {
  const link = await page.locator(`a[href^="${beginning}"]`).first().getAttribute('href');
  if (!link) throw new Error(`the home page has no link to ${beginning}`);
  return link;
}

async function findPages(browser, base) {
  const page = await browser.newPage();
  await page.goto(base);
  const pages = {
    home: '/',
    story: await firstLink(page, '/story/'),
    section: await firstLink(page, '/section/'),
    'not-found': '/no-such-page',
  };
  await page.close();
  return pages;
}

/** Lazy pictures load when they come near: go down the page once, then wait for every one. */
async function loadPictures(page) {
  await page.evaluate(async () => {
    for (let y = 0; y < document.body.scrollHeight; y += innerHeight / 2) {
      scrollTo(0, y);
      await new Promise(requestAnimationFrame);
    }
    await Promise.all([...document.images].map((picture) => picture.decode().catch(() => {})));
    scrollTo(0, 0);
  });
}

/** Opens the story's fourth photo and waits for it. */
async function openLightbox(page, keys = []) {
  await page.locator('#photos a.shot').nth(3).click();
  await page.waitForFunction(() => document.querySelector('dialog[open] .stage img')?.complete);
  for (const key of keys) await page.keyboard.press(key);
  await page.locator('dialog[open] .stage img').evaluate((photo) => photo.decode());
}

async function take(browser, address, view, file, lightbox = false) {
  const context = await browser.newContext({
    viewport: { width: view.width, height: view.height ?? 900 },
    colorScheme: view.colorScheme ?? 'light',
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  await page.goto(address);
  if (view.rightToLeft) {
    await page.evaluate(() => {
      document.documentElement.dir = 'rtl';
      document.querySelectorAll('[dir="ltr"]').forEach((element) => element.setAttribute('dir', 'rtl'));
    });
  }
  if (lightbox) await openLightbox(page, view.keys);
  else await loadPictures(page);
  await page.screenshot({ path: file, fullPage: !lightbox });
  await context.close();
}

const [base, folder] = process.argv.slice(2);
if (!base || !folder) throw new Error('node screenshots.mjs BASE FOLDER');
await untilReady(base);
await mkdir(folder, { recursive: true });
const browser = await startChromium();
try {
  const pages = await findPages(browser, base);
  const shoot = async (kind, path, view) => {
    const file = join(folder, `${kind}-${view.name}.png`);
    await take(browser, new URL(path, base).href, view, file, kind === 'lightbox');
    console.log(file);
  };
  for (const [kind, path] of Object.entries(pages)) {
    for (const view of VIEWS) await shoot(kind, path, view);
  }
  for (const view of LIGHTBOX_VIEWS) await shoot('lightbox', pages.story, view);
} finally {
  await browser.close();
}
