// How the desk feels: node desk.mjs BASE LINK, answered with JSON. LINK lets somebody new in; the newest story is opened.

import { startChromium, untilReady } from '../tests/browser/chromium.mjs';

const OPENINGS = 11;
const KEYS = 60;
const PASSWORD = 'a long sentence is good';

const sorted = (values) => [...values].sort((one, other) => one - other);
const at = (values, share) => sorted(values)[Math.min(values.length - 1, Math.floor(values.length * share))];
const both = (values) => ({ median: at(values, 0.5), p95: at(values, 0.95) });

/** Notes, on the clock of the page, the frame behind the one in which something holds. The page's policy lets no text become code there. */
function note(name, holds) {
  const look = () => {
    if (document.body && holds()) requestAnimationFrame(() => { globalThis[name] = performance.now(); });
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

/** Milliseconds from the navigation until each of these holds, over some openings; the first is left out. */
async function openings(context, url, notes) {
  const times = Object.fromEntries(Object.keys(notes).map((name) => [name, []]));
  for (let round = 0; round < OPENINGS; round += 1) {
    const page = await context.newPage();
    for (const [name, holds] of Object.entries(notes)) await page.addInitScript(`(${note})(${JSON.stringify(name)}, () => ${holds})`);
    await page.goto(url);
    await page.waitForFunction((names) => names.every((name) => globalThis[name]), Object.keys(notes));
    if (round) for (const name of Object.keys(notes)) times[name].push(await page.evaluate((name) => globalThis[name], name));
    await page.close();
  }
  return times;
}

/** Presses a key again and again: how long until it is shown, and until the check that it changes is. */
async function typing(page) {
  const caption = page.locator('#slides textarea[name$=".caption"]').nth(150);
  await caption.scrollIntoViewIfNeeded();
  await caption.fill('Two people look at the th');
  await page.waitForTimeout(1500);
  await page.evaluate(() => {
    globalThis.painted = [];
    globalThis.checked = [];
    const row = document.activeElement.closest('[data-slide]');
    let pressed = 0;
    row.addEventListener('keydown', (event) => {
      pressed = event.timeStamp;
      const began = pressed;
      // A frame that begins after the key was handled shows it; the task behind it runs when it is painted.
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port2.onmessage = () => globalThis.painted.push(performance.now() - began);
        port1.postMessage(null);
      });
    });
    new MutationObserver(() => {
      if (pressed) globalThis.checked.push(performance.now() - pressed);
      pressed = 0;
    }).observe(row.querySelector('[data-findings]'), { childList: true });
  });
  await caption.press('End');
  for (let key = 0; key < KEYS; key += 1) {
    await page.keyboard.press(key % 2 ? 'Backspace' : 'e');
    await page.waitForTimeout(300);
  }
  return page.evaluate(() => ({ painted: globalThis.painted.slice(1), checked: globalThis.checked.slice(1) }));
}

/** Script of each frame while a slide is carried across the sheet, by the browser's trace. */
async function dragging(page) {
  await page.keyboard.press('Escape');
  await page.click('[data-view]');
  await page.evaluate(() => scrollTo(0, 0));
  const from = await page.locator('#slides .pic img').first().boundingBox();
  const wire = await page.context().newCDPSession(page);
  const events = [];
  wire.on('Tracing.dataCollected', ({ value }) => events.push(...value));
  const done = new Promise((good) => wire.once('Tracing.tracingComplete', good));
  await wire.send('Tracing.start', { transferMode: 'ReportEvents', traceConfig: { includedCategories: ['devtools.timeline', 'disabled-by-default-devtools.timeline'] } });
  await page.mouse.move(from.x + 20, from.y + 20);
  await page.mouse.down();
  for (let step = 0; step < 240; step += 1) {
    await page.mouse.move(from.x + 20 + ((step * 37) % 900), from.y + 20 + ((step * 13) % 560));
  }
  await page.mouse.up();
  await wire.send('Tracing.end');
  await done;
  const script = events.filter(({ name, args, dur }) => dur && (name === 'FireAnimationFrame' || (name === 'EventDispatch' && args.data.type === 'pointermove')));
  const frames = [];
  let sum = 0;
  for (const event of script.sort((one, other) => one.ts - other.ts)) {
    sum += event.dur / 1000;
    if (event.name === 'FireAnimationFrame') {
      frames.push(sum);
      sum = 0;
    }
  }
  return frames;
}

const [base, link] = process.argv.slice(2);
if (!base || !link) throw new Error('node desk.mjs BASE LINK');
await untilReady(base);
const browser = await startChromium();
try {
  const context = await browser.newContext({ viewport: { width: 1400, height: 900 } });
  const page = await context.newPage();
  await page.goto(base + link);
  await page.fill('#name', 'Ana');
  await page.fill('#password', PASSWORD);
  await Promise.all([page.waitForURL('**/desk'), page.click('button')]);
  const story = await page.locator('main a[href^="/desk/stories/"]').first().evaluate((one) => one.href);
  const opened = await openings(context, story, { usable: "document.querySelector('.scripted:not([hidden])')" });
  const wire = await openings(context, `${base}/desk/photos`, {
    sheet: "document.querySelector('#deeds.live') && document.querySelector('.cell')",
    pictures: "[...document.querySelectorAll('.cell img')].length && [...document.querySelectorAll('.cell img')].every((one) => one.complete || one.getBoundingClientRect().top > innerHeight)",
  });
  await page.goto(story);
  await page.locator('.scripted').first().waitFor({ state: 'visible' });
  const slides = await page.locator('#slides > li').count();
  const sent = [];
  page.on('request', (request) => {
    if (request.method() === 'PATCH') sent.push(request.postData()?.length ?? 0);
  });
  const keys = await typing(page);
  await page.waitForTimeout(1500);
  const saved = Math.max(...sent);
  const frames = await dragging(page);
  console.log(JSON.stringify({
    slides, rounds: OPENINGS - 1, keys: keys.checked.length, frames: frames.length, saved,
    opened: both(opened.usable), sheet: both(wire.sheet), pictures: both(wire.pictures),
    shown: both(keys.painted), checked: both(keys.checked), dragged: both(frames),
  }));
} finally {
  await browser.close();
}
