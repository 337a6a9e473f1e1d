// What readers do with the lightbox of a story: checks for checks.mjs. Each gives what is wrong, a line each.

const OPEN = 'dialog.lightbox[open]';
const FIRST = '#photos li:nth-child(1) a.shot';

/** Collects what is not as expected. */
function notes() {
  const wrong = [];
  const is = (what, found, expected) => {
    if (JSON.stringify(found) !== JSON.stringify(expected)) wrong.push(`${what}: ${JSON.stringify(found)} where ${JSON.stringify(expected)} was expected`);
  };
  return { wrong, is, holds: (what, found) => is(what, Boolean(found), true) };
}

/** Opens a photo the way a mouse does, and waits until it is there. */
async function open(page, link = FIRST) {
  await page.locator(link).first().click();
  await untilShown(page);
}

async function untilShown(page) {
  await page.waitForFunction(() => {
    const photo = document.querySelector('dialog.lightbox[open] .stage img');
    return photo?.complete && photo.naturalWidth;
  });
}

/** Until the dialog is shut and its entry of the history gone, and the page was told: that event has a task of its own. */
const untilShut = async (page) => {
  await page.waitForFunction(() => !document.querySelector('dialog[open]') && !history.state);
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));
};

/** The place as it is told: 2 for "Photo 2 of 3". */
const place = (page) => page.locator(`${OPEN} [role=status]`).evaluate((told) => Number(/\d+/.exec(told.textContent)?.[0]));

/** The zoom, and where the photo's centre lies from the stage's. */
const view = (page) =>
  page.locator('.plate').evaluate((photo) => {
    const matrix = new DOMMatrix(photo.style.transform);
    return { scale: matrix.a, x: matrix.e, y: matrix.f };
  });

const button = (page, name) => page.locator(`${OPEN} button[name=${name}]`);

/** The number of the slide that has the focus, from 1; 0 when something else has it. */
const focused = (page) =>
  page.evaluate(() => {
    const slide = document.activeElement?.matches('#photos a.shot') && document.activeElement.closest('li');
    return slide ? [...slide.parentElement.children].indexOf(slide) + 1 : 0;
  });

/** Fingers on the stage: each a row of points, from the middle of the stage, moved together. */
async function fingers(page, ...rows) {
  const cdp = await page.context().newCDPSession(page);
  const stage = await page.locator('.stage').boundingBox();
  const [x, y] = [stage.x + stage.width / 2, stage.y + stage.height / 2];
  const at = (moment) => rows.map((row, id) => ({ x: x + row[moment][0], y: y + row[moment][1], id }));
  await cdp.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: at(0) });
  for (let moment = 1; moment < rows[0].length; moment += 1) {
    await cdp.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: at(moment) });
  }
  await cdp.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  await cdp.detach();
}

/** A finger's way in six steps. */
const way = (right, down, from = [0, 0]) => [0, 1, 2, 3, 4, 5, 6].map((step) => [from[0] + (right * step) / 6, from[1] + (down * step) / 6]);

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 };

export const lightboxChecks = {
  async lightboxMouse(visit, paths) {
    const page = await visit(paths[0]);
    const { wrong, is, holds } = notes();
    const entries = await page.evaluate(() => history.length);
    await open(page, '#cover a.shot');
    is('the cover opens its slide', await place(page), 1);
    const texts = async (root) => page.locator(`${root} figcaption`).innerText();
    holds('caption and credit stand beside the photo', (await texts(OPEN)).includes((await texts('#photos li:nth-child(1)')).split('\n').pop()));
    await button(page, 'next').click();
    await untilShown(page);
    is('the button turns', await place(page), 2);
    is('the caption is that of the photo', await texts(OPEN), await texts('#photos li:nth-child(2)'));
    await page.locator('.plate').dblclick();
    holds('a double click enlarges', (await view(page)).scale > 1.5);
    const before = await view(page);
    const stage = await page.locator('.stage').boundingBox();
    const [x, y] = [stage.x + stage.width / 2, stage.y + stage.height / 2];
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x - 10, y - 30, { steps: 3 });
    await page.mouse.up();
    const after = await view(page);
    is('dragging moves the photo', [Math.round(after.x), Math.round(after.y)], [Math.round(before.x) - 10, Math.round(before.y) - 30]);
    await button(page, 'left').click();
    holds('so does a button', (await view(page)).x > after.x);
    await button(page, 'smaller').click();
    await button(page, 'smaller').click();
    await page.waitForFunction(() => !document.querySelector('.zoomed'));
    is('a button takes the zoom back', await view(page), { scale: 1, x: 0, y: 0 });
    is('and can do no more', await button(page, 'smaller').getAttribute('aria-disabled'), 'true');
    await button(page, 'larger').click();
    is('a button enlarges', (await view(page)).scale, 1.5);
    await button(page, 'next').click();
    is('the next photo is whole', [await place(page), (await view(page)).scale], [3, 1]);
    await button(page, 'close').click();
    await untilShut(page);
    is('the focus returns to the photo seen last', await focused(page), 3);
    is('one entry was made', await page.evaluate(() => history.length), entries + 1);
    is('the address is as it was', new URL(page.url()).hash, '');
    await open(page, '#cover a.shot');
    await button(page, 'close').click();
    await untilShut(page);
    holds('the cover gets the focus back', await page.evaluate(() => document.activeElement.matches('#cover a.shot')));
    return wrong;
  },

  async lightboxKeyboard(visit, paths) {
    const page = await visit(paths[0]);
    const { wrong, is, holds } = notes();
    const keys = async (...names) => {
      for (const name of names) await page.keyboard.press(name);
    };
    await page.locator(FIRST).focus();
    await keys('Enter');
    await untilShown(page);
    const after = async (expected, ...names) => {
      await keys(...names);
      is(names.join(' '), await place(page), expected);
    };
    await after(2, 'ArrowRight');
    await after(1, 'ArrowLeft');
    await after(1, 'ArrowLeft');
    await after(3, 'End');
    await after(3, 'ArrowRight');
    await after(1, 'Home');
    await after(2, 'j');
    await after(1, 'k');
    await keys('+', '+');
    holds('+ enlarges', (await view(page)).scale > 1.5);
    await keys('ArrowRight', 'ArrowDown');
    const moved = await view(page);
    holds('arrows move an enlarged photo', moved.x < 0 && moved.y < 0);
    is('and do not turn', await place(page), 1);
    await keys('-', '-', '-');
    is('- takes the zoom back', (await view(page)).scale, 1);

    const stops = new Set();
    for (let stop = 0; stop < 12; stop += 1) {
      await keys('Tab');
      const at = await page.evaluate(() => {
        const element = document.activeElement;
        const { outlineStyle, outlineWidth } = getComputedStyle(element);
        return { name: element.getAttribute('name'), inside: element === document.body || Boolean(element.closest('dialog')), seen: outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2 };
      });
      holds(`the focus stays inside (${at.name})`, at.inside);
      if (at.name) holds(`the focus is seen on ${at.name}`, at.seen);
      stops.add(at.name);
    }
    for (const name of ['keys', 'smaller', 'larger', 'full', 'close', 'previous', 'next']) holds(`the tab key reaches ${name}`, stops.has(name));

    await button(page, 'keys').press('Enter');
    await after(1, 'j');
    await keys('+');
    is('single keys can be switched off', (await view(page)).scale, 1);
    await page.reload();
    await untilShown(page);
    await after(1, 'j');
    is('the choice is kept', await button(page, 'keys').getAttribute('aria-pressed'), 'false');
    await after(2, 'ArrowRight');
    await keys('Escape');
    await untilShut(page);
    is('Escape closes, and the focus returns', await focused(page), 2);
    await keys('j');
    is('outside, no key does anything', await page.locator(OPEN).count(), 0);
    return wrong;
  },

  async lightboxTouch(visit, paths) {
    const page = await visit(paths[0], PHONE);
    const { wrong, is, holds } = notes();
    await page.locator(FIRST).tap();
    await untilShown(page);
    const after = async (what, expected, ...rows) => {
      await fingers(page, ...rows);
      is(what, await place(page), expected);
    };
    await after('a swipe to the left turns', 2, way(-150, 10));
    await after('a short one does not', 2, way(-30, 0));
    await after('a swipe to the right turns back', 1, way(150, -10));
    await after('before the first there is none', 1, way(150, 0));
    is('and the photo lies where it lay', await view(page), { scale: 1, x: 0, y: 0 });
    await after('a swipe upwards does nothing', 1, way(0, -150));
    const apart = (to) => [way(-to, 0, [-30, 0]), way(to, 0, [30, 0])];
    await after('two fingers do not turn', 1, ...apart(60));
    const { scale } = await view(page);
    holds(`two fingers enlarge (${scale})`, scale > 2);
    holds('and only the photo', await page.evaluate(() => visualViewport.scale === 1));
    await after('a swipe over an enlarged photo does not turn', 1, way(-150, 0));
    holds('but moves it', (await view(page)).x < -50);
    await after('nor does one downwards close it', 1, way(0, 150));
    await fingers(page, way(80, 0, [-120, 0]), way(-80, 0, [120, 0]));
    is('two fingers take the zoom back', (await view(page)).scale, 1);
    await after('two fingers that move together do not turn', 1, way(-150, 0, [0, -30]), way(-150, 0, [0, 30]));
    await fingers(page, way(0, 0));
    await fingers(page, way(0, 0));
    holds('a double tap enlarges', (await view(page)).scale > 1.5);
    await fingers(page, way(0, 0));
    await fingers(page, way(0, 0));
    is('and takes that back', (await view(page)).scale, 1);
    const cdp = await page.context().newCDPSession(page);
    await cdp.send('Emulation.setPageScaleFactor', { pageScaleFactor: 2 });
    await page.waitForFunction(() => visualViewport.scale > 1.5 && document.querySelector('.stage').style.touchAction === 'auto');
    await after('where the browser itself has enlarged the page, fingers move that', 1, way(-60, 0));
    await cdp.send('Emulation.setPageScaleFactor', { pageScaleFactor: 1 });
    await page.waitForFunction(() => visualViewport.scale === 1 && !document.querySelector('.stage').style.touchAction);
    await fingers(page, way(0, 150));
    await untilShut(page);
    is('a swipe downwards closes', await focused(page), 1);
    return wrong;
  },

  async lightboxBack(visit, paths) {
    const page = await visit(paths[0]);
    const { wrong, is, holds } = notes();
    const shown = () => page.locator(OPEN).count();
    await page.locator(FIRST).scrollIntoViewIfNeeded();
    const scrolled = () => page.evaluate(() => Math.round(scrollY));
    const before = await scrolled();
    holds('the page is scrolled', before > 100);
    await open(page);
    is('the address names the photo', new URL(page.url()).hash, await page.locator('#photos li').first().evaluate((slide) => `#${slide.id}`));
    await page.goBack();
    await untilShut(page);
    is('Back closes and the page stays where it was', [await shown(), await scrolled(), new URL(page.url()).hash], [0, before, '']);
    await page.goForward();
    await untilShown(page);
    is('Forward opens again', await place(page), 1);
    await button(page, 'next').click();
    await button(page, 'next').click();
    await page.goBack();
    await untilShut(page);
    is('turning makes no entries', [await shown(), new URL(page.url()).pathname], [0, new URL(paths[0], page.url()).pathname]);
    is('after Back the focus is on the photo seen last', await focused(page), 3);
    await open(page);
    await page.reload();
    await untilShown(page);
    is('a reload opens again', await place(page), 1);
    await page.keyboard.press('Escape');
    await untilShut(page);
    const mark = page.locator('dialog .mark, #photos li:has(.mark) a.shot').first();
    await mark.click();
    await untilShown(page);
    await page.locator(`${OPEN} .mark`).first().click();
    await page.waitForFunction(() => location.hash.startsWith('#note-') && !document.querySelector('dialog[open]'));
    await page.goBack();
    is('Back from a note leads to the page', [await shown(), new URL(page.url()).hash], [0, '']);
    const id = await page.locator('#photos li').nth(1).getAttribute('id');
    const deep = await visit(`${paths[0]}#${id}`);
    is('an address with a photo opens nothing by itself', await deep.locator('dialog').count(), 0);
    return wrong;
  },

  async lightboxSpoken(visit, paths) {
    const page = await visit(paths[0]);
    const { wrong, is, holds } = notes();
    is('a photo says that it opens a dialog', await page.locator(FIRST).getAttribute('aria-haspopup'), 'dialog');
    await open(page);
    const dialog = page.getByRole('dialog', { name: 'Photos', exact: true });
    is('the dialog has a name', await dialog.count(), 1);
    const tree = await dialog.ariaSnapshot();
    const names = ['Single keys: j, k, + and −', 'Zoom out', 'Zoom in', 'Full screen', 'Close', 'Previous photo', 'Next photo'];
    for (const name of names) holds(`the button "${name}" is told in\n${tree}`, tree.includes(`button "${name}"`));
    holds(`the place is a status in\n${tree}`, /status: Photo 1 of 3/.test(tree));
    holds(`photo and caption are one figure in\n${tree}`, /figure[^]*img "/.test(tree));
    holds('nothing stands twice', !(await page.evaluate(() => {
      const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id);
      return ids.some((id, at) => ids.indexOf(id) !== at);
    })));
    await page.evaluate(() => {
      globalThis.told = [];
      const status = document.querySelector('dialog [role=status]');
      new MutationObserver(() => told.push(status.textContent)).observe(status, { childList: true, characterData: true, subtree: true });
    });
    await button(page, 'next').click();
    is('turning is told', await page.evaluate(() => told.at(-1)), 'Photo 2 of 3');
    is('the focus stays on the button', await page.evaluate(() => document.activeElement.getAttribute('name')), 'next');
    await page.keyboard.press('End');
    is('at the end the button says so and keeps the focus', await button(page, 'next').evaluate((one) => [one.getAttribute('aria-disabled'), one === document.activeElement]), ['true', true]);
    return wrong;
  },

  async lightboxRtl(visit, paths) {
    const { wrong, is, holds } = notes();
    const page = await visit(paths[0]);
    await open(page);
    await page.keyboard.press('ArrowLeft');
    is('the left arrow leads on', await place(page), 2);
    await page.keyboard.press('ArrowRight');
    is('the right arrow leads back', await place(page), 1);
    const [next, previous, photo, words] = await Promise.all(
      [button(page, 'next'), button(page, 'previous'), page.locator('.plate'), page.locator(`${OPEN} .caption`).first()].map((part) => part.boundingBox()),
    );
    holds('"next" stands to the left', next.x < previous.x);
    holds('the caption stands to the left of the photo', words.x < photo.x);
    is('the caption runs from right to left', await page.locator(`${OPEN} figcaption`).evaluate((caption) => getComputedStyle(caption).direction), 'rtl');
    holds('the arrow of "next" is mirrored', (await button(page, 'next').locator('svg').evaluate((icon) => getComputedStyle(icon).scale)).startsWith('-1'));
    const phone = await visit(paths[0], PHONE);
    await phone.locator(FIRST).tap();
    await untilShown(phone);
    await fingers(phone, way(150, 0));
    is('a swipe to the right leads on', await place(phone), 2);
    await fingers(phone, way(-150, 0));
    is('a swipe to the left leads back', await place(phone), 1);
    return wrong;
  },

  async lightboxFits(visit, paths) {
    const { wrong } = notes();
    const windows = [[320, 568], [320, 640], [568, 320], [640, 360], [640, 512], [768, 1024], [1600, 900], [3440, 1440]];
    for (const path of paths) {
      const page = await visit(path);
      for (const [width, height] of windows) {
        await page.setViewportSize({ width, height });
        for (const number of [1, 2]) {
          await open(page, `#photos li:nth-child(${number}) a.shot`);
          wrong.push(...(await misplaced(page)).map((line) => `${path}, photo ${number} at ${width} x ${height}: ${line}`));
          await page.keyboard.press('Escape');
          await untilShut(page);
        }
      }
    }
    return wrong;
  },

  async lightboxAxe(visit, paths, seriousIn) {
    const wrong = [];
    for (const path of paths) {
      for (const [width, height, colorScheme] of [[320, 568, 'light'], [1600, 900, 'dark'], [568, 320, 'dark']]) {
        const page = await visit(path, { colorScheme, viewport: { width, height } });
        await open(page);
        wrong.push(...(await seriousIn(page, OPEN)).map((line) => `${path} at ${width}: ${line}`));
        await page.keyboard.press('+');
        wrong.push(...(await seriousIn(page, OPEN)).map((line) => `${path} at ${width}, enlarged: ${line}`));
      }
    }
    return wrong;
  },

  /** Photos that no reader has come near are fetched ahead as far as the line is good for it. */
  async lightboxAhead(visit, paths) {
    const { wrong, is } = notes();
    const lines = [
      [{ saveData: false, effectiveType: '4g' }, 2],
      [undefined, 1],
      [{ saveData: true, effectiveType: '4g' }, 0],
      [{ saveData: false, effectiveType: '3g' }, 0],
    ];
    for (const [line, expected] of lines) {
      const asked = new Set();
      const page = await visit(paths[0], {}, async (page) => {
        await page.addInitScript((line) => Object.defineProperty(navigator, 'connection', { get: () => line }), line);
        // Far below each other, so that the page itself does not fetch them.
        await page.addInitScript(() => {
          const sheet = new CSSStyleSheet();
          sheet.replaceSync('#photos li + li { margin-block-start: 20000px !important; }');
          document.adoptedStyleSheets = [sheet];
        });
        page.on('request', (request) => asked.add(new URL(request.url()).pathname));
      });
      const photos = await page.locator('#photos a.shot').evaluateAll((links) => links.map(({ pathname }) => pathname.replace(/[^/]+$/, '')));
      await open(page);
      // What is fetched ahead begins once the photo is decoded; a photo that comes by itself ends the wait.
      await page.evaluate(async () => {
        await document.querySelector('.stage img').decode();
        await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
        await fetch('/site.css?after');
      });
      const fetched = photos.slice(1).filter((photo) => [...asked].some((path) => path.startsWith(photo)));
      is(`photos ahead with ${JSON.stringify(line)}`, fetched.length, expected);
    }
    return wrong;
  },

  /** What the page offers is offered here: other formats, and a larger rendition once a photo is enlarged. */
  async lightboxFormats(visit, paths) {
    const { wrong, is, holds } = notes();
    const page = await visit(paths[0], { viewport: { width: 320, height: 640 } });
    await page.route('**/*.jpg?other', (route) => route.continue({ url: route.request().url().replace('?other', '') }));
    await page.locator('#photos a.shot img').evaluateAll((photos) => {
      for (const photo of photos) {
        const picture = document.createElement('picture');
        const source = document.createElement('source');
        Object.assign(source, { type: 'image/jpeg', srcset: photo.srcset.replaceAll('.jpg', '.jpg?other'), sizes: photo.sizes });
        photo.replaceWith(picture);
        picture.append(source, photo);
      }
    });
    const widest = '#photos li:has(img[width="1024"]) a.shot';
    await open(page, widest);
    const taken = () => page.locator('.stage img').evaluate((photo) => photo.currentSrc);
    const width = async () => Number(/(\d+)\.jpg/.exec(await taken())?.[1]);
    holds(`the other format is taken (${await taken()})`, (await taken()).endsWith('?other'));
    const before = await width();
    holds(`a small window takes a small rendition (${before})`, before < 1024);
    for (let step = 0; step < 3; step += 1) await button(page, 'larger').click();
    await page.waitForFunction(() => document.querySelector('.stage img').currentSrc.includes('/1024.jpg'));
    const box = await page.locator('.plate').evaluate((photo) => [photo.offsetWidth / photo.offsetHeight, photo.querySelector('img').offsetWidth / photo.offsetWidth]);
    holds(`the photo keeps its shape (${box})`, Math.abs(box[0] - 1024 / 819) < 0.01 && Math.abs(box[1] - 1) < 0.01);
    is('the page itself is left as it was', await page.locator(`${widest} img`).getAttribute('loading'), 'lazy');
    return wrong;
  },

  async lightboxMotion(visit, paths) {
    const { wrong, is } = notes();
    for (const reducedMotion of ['reduce', 'no-preference']) {
      const page = await visit(paths[0], { reducedMotion });
      await open(page);
      const moves = await page.locator('.plate').evaluate((photo) => {
        const { transitionDuration, animationName } = getComputedStyle(photo);
        return transitionDuration !== '0s' || animationName !== 'none';
      });
      is(`motion with ${reducedMotion}`, moves, reducedMotion === 'no-preference');
    }
    return wrong;
  },

  async lightboxFull(visit, paths) {
    const { wrong, is, holds } = notes();
    const page = await visit(paths[0]);
    await open(page);
    await button(page, 'full').click();
    await page.waitForFunction(() => document.fullscreenElement?.matches('.desk'));
    await page.waitForFunction(() => document.querySelector('[name=full]').getAttribute('aria-pressed') === 'true');
    await button(page, 'next').click();
    is('it turns there too', await place(page), 2);
    await button(page, 'full').click();
    await page.waitForFunction(() => !document.fullscreenElement);
    await button(page, 'full').click();
    await page.waitForFunction(() => document.fullscreenElement);
    await page.goBack();
    await page.waitForFunction(() => !document.fullscreenElement && !document.querySelector('dialog[open]'));
    const without = await visit(paths[0], {}, (page) => page.addInitScript(() => Object.defineProperty(document, 'fullscreenEnabled', { get: () => false })));
    await open(without);
    holds('no button where there is no full screen', await button(without, 'full').isHidden());
    return wrong;
  },

  /** Without scripts a photo leads to its largest rendition, and the page shows no trace of the lightbox. */
  async lightboxWithout(visit, paths) {
    const { wrong, is } = notes();
    const page = await visit(paths[0], { javaScriptEnabled: false });
    is('no dialog', await page.locator('dialog').count(), 0);
    const widest = await page.locator(`${FIRST} img`).evaluate((photo) => photo.srcset.split(', ').at(-1).split(' ')[0]);
    const [answer] = await Promise.all([page.waitForResponse((answer) => new URL(answer.url()).pathname === widest), page.locator(FIRST).click()]);
    await page.waitForURL(`**${widest}`);
    is('a photo opens', [answer.status(), await answer.headerValue('content-type')], [200, 'image/jpeg']);
    return wrong;
  },
};

/** What of photo, words and buttons is cut off, covered or too small. */
function misplaced(page) {
  return page.locator(OPEN).evaluate((dialog) => {
    const wrong = [];
    const inside = (box, name) => {
      if (box.width < 1 || box.height < 1) wrong.push(`${name} is not there`);
      if (box.left < -0.5 || box.top < -0.5 || box.right > innerWidth + 0.5 || box.bottom > innerHeight + 0.5) {
        wrong.push(`${name} reaches out of the window: ${JSON.stringify(box)}`);
      }
    };
    const box = (selector) => dialog.querySelector(selector).getBoundingClientRect();
    const photo = box('.plate');
    inside(photo, 'the photo');
    const whole = photo.width >= dialog.querySelector('.stage img').width;
    if (!whole && photo.width < innerWidth / 3 && photo.height < innerHeight / 3) wrong.push(`the photo is small: ${photo.width} x ${photo.height}`);
    const words = dialog.querySelector('figcaption');
    if (words.scrollHeight > words.clientHeight + 1) wrong.push(`${words.scrollHeight - words.clientHeight} pixels of the words are hidden`);
    const parts = [...words.querySelectorAll('.caption, .credit, .where, .statuses li'), ...dialog.querySelectorAll('button:not([hidden] *, [hidden]), [role=status]')];
    for (const part of parts) {
      const own = part.getBoundingClientRect();
      const name = part.getAttribute('name') ?? part.className;
      inside(own, name);
      const apart = own.right <= photo.left + 0.5 || own.left >= photo.right - 0.5 || own.bottom <= photo.top + 0.5 || own.top >= photo.bottom - 0.5;
      if (!apart) wrong.push(`${name} lies over the photo`);
      if (part.matches('button') && Math.min(own.width, own.height) < 44) wrong.push(`${name} is ${own.width} x ${own.height}`);
    }
    if (!words.querySelector('.credit') || !words.querySelector('.caption')) wrong.push('caption or credit is missing');
    return wrong;
  });
}
