// A story at the desk, as an editor works on it: checks for checks.mjs. Each gives what is wrong, a line each.

import { once } from 'node:events';
import { createInterface } from 'node:readline';

import { untilReady } from './chromium.mjs';

const PASSWORD = 'a long sentence is good';

export const storyChecks = {
  /** Paths: a link that lets in somebody new, and a story of three slides with captions. */
  async story(visit, paths, seriousIn) {
    const wrong = [];
    const is = (what, found, expected) => {
      if (found !== expected) wrong.push(`${what}: ${JSON.stringify(found)} where ${JSON.stringify(expected)} was expected`);
    };
    // Asks whoever started this process for something, and waits until it is done.
    const lines = createInterface({ input: process.stdin });
    const please = async (deed) => {
      process.stderr.write(`please ${deed}\n`);
      await once(lines, 'line');
    };
    // Pages of their own: networks that are cut are what this check is about. The policy of the desk stands.
    const first = await visit(paths[0], { bypassCSP: false, viewport: { width: 1400, height: 900 } });
    const context = first.context();
    await first.fill('#name', 'Ana');
    await first.fill('#password', PASSWORD);
    await Promise.all([first.waitForURL('**/desk'), first.click('button')]);
    const url = new URL(paths[1], first.url()).href;
    const open = async () => {
      const page = await context.newPage();
      page.on('pageerror', (error) => wrong.push(`a script failed: ${error.message}`));
      await page.goto(url);
      await page.locator('.scripted').first().waitFor({ state: 'visible' });
      return page;
    };
    const caption = (page, index) => page.locator('#slides textarea[name$=".caption"]').nth(index);
    const saved = async (page) => {
      const isSaved = () => document.querySelector('#saving')?.textContent?.startsWith('Saved at');
      await page.waitForFunction(isSaved).catch(async () => {
        throw new Error(`not saved: "${await page.textContent('#saving')}"`);
      });
    };
    const kept = async () => {
      const page = await context.newPage();
      await page.goto(url);
      const texts = await page.locator('#slides textarea[name$=".caption"]').evaluateAll((all) => all.map((one) => one.value));
      const headline = await page.inputValue('#headline');
      await page.close();
      return { texts, headline };
    };
    const page = await open();

    // What a check marks is put right with one click, and saves itself.
    await caption(page, 0).fill('A man looks at the the sea.');
    const finding = page.locator('#slides li').first().locator('[data-code="word_doubled"]');
    await finding.waitFor();
    await finding.getByRole('button', { name: 'Take it out' }).click();
    await finding.waitFor({ state: 'detached' });
    await saved(page);
    is('the corrected caption', (await kept()).texts[0], 'A man looks at the sea.');

    // Order: by keys, undone, by the mouse.
    const order = () => page.locator('#slides > li').evaluateAll((rows) => rows.map((row) => row.id));
    const began = await order();
    await caption(page, 0).press('Alt+ArrowDown');
    is('moved by a key', (await order()).join(), [began[1], began[0], ...began.slice(2)].join());
    is('what a screen reader hears', await page.textContent('#moved'), `Now slide 2 of ${began.length}`);
    await page.click('[data-undo]');
    is('undone', (await order()).join(), began.join());
    await page.click('[data-view]');
    await page.locator('#slides img').first().waitFor();
    await page.evaluate(() => scrollTo(0, 0));
    const from = await page.locator('#slides .pic').first().locator('img, .lack').boundingBox();
    const to = await page.locator('#slides > li').last().boundingBox();
    await page.mouse.move(from.x + 15, from.y + 15);
    await page.mouse.down();
    await page.mouse.move(from.x + 60, from.y + 30, { steps: 3 });
    await page.mouse.move(to.x + to.width - 5, to.y + to.height - 10, { steps: 8 });
    await page.mouse.up();
    is('dragged to the end', (await order()).join(), [...began.slice(1), began[0]].join());
    await saved(page);
    await page.reload();
    await page.locator('.scripted').first().waitFor({ state: 'visible' });
    is('the order that is kept', (await order()).join(), [...began.slice(1), began[0]].join());
    await page.click('[data-view]');

    // Taken out, saved, and brought back.
    const lost = await caption(page, 1).inputValue();
    await page.locator('[data-remove]').nth(1).click();
    await saved(page);
    is('one is taken out', (await kept()).texts.length, began.length - 1);
    await page.click('[data-undo]');
    await page.waitForFunction((count) => document.querySelectorAll('#slides > li').length === count, began.length);
    await saved(page);
    is('and brought back with its text', (await kept()).texts[1], lost);

    // Many captions at once, seen before they change.
    await page.click('[data-bulk]');
    await page.getByLabel('Find').fill('sea');
    await page.getByLabel('Replace by').fill('ocean');
    is('what would change', await page.locator('dialog [role=status]').textContent(), 'Texts that change: 1');
    await page.getByRole('button', { name: 'Change them' }).click();
    await saved(page);
    const last = began.length - 1;
    is('found and replaced', (await kept()).texts[last], 'A man looks at the ocean.');

    // The network goes while somebody types, and comes back.
    await context.setOffline(true);
    await page.fill('#headline', 'Typed without a network');
    await page.waitForFunction(() => document.querySelector('#saving')?.textContent?.includes('kept here'));
    await context.setOffline(false);
    await saved(page);
    is('saved when it is back', (await kept()).headline, 'Typed without a network');

    // The server is killed while somebody types, the tab is shut, and both come back.
    await please('kill');
    await page.fill('#headline', 'Typed while nobody answered');
    await page.waitForFunction(() => document.querySelector('#saving')?.textContent?.includes('kept here'));
    await page.close();
    await please('start');
    await untilReady(new URL(url).origin);
    const again = await open();
    await saved(again);
    is('brought back from the browser', (await kept()).headline, 'Typed while nobody answered');

    // Two editors: different fields meet, the same field asks.
    const other = await open();
    await again.route('**/api/v1/stories/**', (route) => route.abort());
    await again.fill('#lede', 'The first writes the lede.');
    await caption(again, 0).fill('The first one says this.');
    await caption(other, 0).fill('The second one says that.');
    await saved(other);
    await again.unroute('**/api/v1/stories/**');
    await again.locator('dialog').waitFor();
    is('fields that are asked about', await again.locator('dialog fieldset').count(), 1);
    wrong.push(...(await seriousHere(again)));
    await again.getByLabel('Both').check();
    await again.getByRole('button', { name: 'Take it so' }).click();
    await saved(again);
    is('both are kept', (await kept()).texts[0], 'The first one says this.\nThe second one says that.');

    // Somebody whose session has ended is told so, and loses nothing.
    const cookies = await context.cookies();
    await context.clearCookies();
    await again.fill('#headline', 'Typed after the session');
    await again.waitForFunction(() => document.querySelector('#saving')?.textContent?.includes('signed out'));
    await context.addCookies(cookies);
    await saved(again);
    is('saved once signed in again', (await kept()).headline, 'Typed after the session');

    // A megabyte in a caption is refused beside its field, and stays there.
    await caption(again, 1).fill('long '.repeat(200_000));
    await again.locator('#slides .wrong').waitFor();
    is('what was typed stays', (await caption(again, 1).inputValue()).length, 1_000_000);
    await caption(again, 1).fill('Short again.');
    await saved(again);

    // Every width, and 200 % zoom; axe on both views.
    const storageState = await context.storageState();
    for (const width of [320, 640, 1024]) {
      const narrow = await visit(paths[1], { storageState, viewport: { width, height: 800 } });
      const wide = await narrow.evaluate(() => document.documentElement.scrollWidth);
      if (wide > width) wrong.push(`${wide} pixels wide at ${width}`);
      wrong.push(...(await seriousIn(narrow)));
      await narrow.click('[data-view]');
      wrong.push(...(await seriousIn(narrow)));
      await narrow.evaluate(() => localStorage.clear());
      await narrow.context().close();
    }
    for (const path of ['/desk', '/desk/stories', `${paths[1]}/revisions`, `${paths[1]}/revisions/1`]) {
      wrong.push(...(await seriousIn(await visit(path, { storageState, viewport: { width: 320, height: 700 } }))));
    }
    lines.close();
    return wrong;

    /** Axe cannot run under the desk's own policy; what matters of a dialog is its name. */
    async function seriousHere(where) {
      const name = await where.locator('dialog').getAttribute('aria-labelledby');
      return name ? [] : ['the dialog has no name'];
    }
  },
};
