// The whole way of an editor, from a folder of photos to a story that readers had and have no more: a check for checks.mjs.
// It gives what is wrong, a line each.

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

const PASSWORD = 'a long sentence is good';
const HEADLINE = 'Fourteen photographs';
/** 640 is a window of 1280 at 200 % zoom. */
const WIDTHS = [320, 640, 1024];

export const wayChecks = {
  /** The paths are a link that lets in somebody new, a folder of photos with one restricted and a file that is none, and one more. */
  async way(visit, [door, folder, another], seriousIn) {
    const wrong = [];
    const is = (what, found, expected) => {
      if (found !== expected) wrong.push(`${what}: ${JSON.stringify(found)} where ${JSON.stringify(expected)} was expected`);
    };
    const first = await visit(door, { bypassCSP: false });
    await first.fill('#name', 'Ana');
    await first.fill('#password', PASSWORD);
    await Promise.all([first.waitForURL('**/desk'), first.click('button')]);
    const origin = new URL(first.url()).origin;
    const context = first.context();
    // Its own, since a network that is cut and what is gone are parts of the way.
    const page = await context.newPage();
    page.on('pageerror', (error) => wrong.push(`a script failed: ${error.message}`));
    page.on('console', (message) => {
      if (message.text().includes('Content Security Policy')) wrong.push(message.text());
    });

    // A folder is dropped, and the network goes in the middle.
    await page.goto(`${origin}/desk/photos`);
    let pieces = 0;
    await page.route('**/api/v1/uploads/*', async (route) => {
      pieces += route.request().method() === 'PATCH' ? 1 : 0;
      if (pieces !== 4) return route.continue();
      pieces += 1;
      await context.setOffline(true);
      return route.abort('internetdisconnected');
    });
    await drop(page, folder);
    await page.locator('.files .away').first().waitFor();
    await context.setOffline(false);
    await page.locator('.sends [role="status"]', { hasText: '13 here, 1 refused' }).waitFor({ timeout: 60_000 });
    await page.unroute('**/api/v1/uploads/*');
    await page.click('.sends .away');
    await page.waitForFunction(() => document.querySelectorAll('.cell').length === 13 && !document.querySelector('.shot .none'), null, { timeout: 120_000 });

    // All of them into a new story, by keys.
    await page.locator('.cell a').first().focus();
    await page.keyboard.press('Control+a');
    is('selected', await page.locator('#count').textContent(), '13 selected');
    await page.keyboard.press('u');
    await page.keyboard.press('Tab');
    await page.keyboard.type(HEADLINE);
    await Promise.all([page.waitForURL(/desk\/stories\/[0-9a-f-]{36}$/), page.keyboard.press('Enter')]);
    const story = page.url();
    await page.locator('.scripted').first().waitFor({ state: 'visible' });
    is('slides', await page.locator('#slides > li').count(), 13);
    const order = () => page.locator('#slides > li').evaluateAll((rows) => rows.map((row) => row.id));
    const saved = () => page.waitForFunction(() => document.querySelector('#saving')?.textContent?.startsWith('Saved at'));

    // Arranged by keys alone: two slides are found, selected and moved behind the third.
    const began = await order();
    await page.evaluate(() => document.querySelector('#main')?.focus());
    const isPick = () => page.evaluate(() => document.activeElement?.matches('[data-pick]') ?? false);
    for (let stops = 0; !(await isPick()) && stops < 60; stops += 1) await page.keyboard.press('Tab');
    await page.keyboard.press('Space');
    await page.keyboard.press('Shift+ArrowDown');
    await page.keyboard.press('Alt+ArrowDown');
    is('moved by keys', (await order()).slice(0, 3).join(), [began[2], began[0], began[1]].join());
    is('what is heard', await page.textContent('#moved'), 'Now slide 2 of 13');
    await page.keyboard.press('Escape');
    await saved();

    // One more photo, dropped on the story itself, becomes its last slide.
    await drop(page, another);
    await page.locator('.sends [role="status"]', { hasText: 'All are here: 1 photo' }).waitFor({ timeout: 20_000 });
    await page.click('.sends .away');
    await page.waitForFunction(() => document.querySelectorAll('#slides > li').length === 14 && !document.querySelector('#slides .lack'), null, { timeout: 30_000 });

    // A caption that a check marks is mended with one click, and a restriction cleared with a reason.
    const rocket = page.locator('#slides > li', { hasText: 'rocket.jpg' });
    const caption = rocket.locator('textarea[name$=".caption"]');
    await caption.fill(`${await caption.inputValue()} It flew in in February.`);
    const finding = rocket.locator('[data-code="word_doubled"]');
    await finding.getByRole('button', { name: 'Take it out' }).click();
    await finding.waitFor({ state: 'detached' });
    await saved();
    await rocket.locator('.clearing input').fill('Cleared by the agency by phone');
    await Promise.all([page.waitForNavigation(), rocket.locator('[data-clear]').click()]);
    is('restrictions that stand', await page.locator('.clearing').count(), 0);

    // Looked at as readers will see it, and published.
    await page.locator('.tools .end a', { hasText: 'Publish' }).click();
    await page.waitForURL('**/publish');
    for (const look of ['Wide', 'Dark', 'Right to left', 'Phone']) {
      await page.locator('.looks a', { hasText: look }).click();
      const shown = page.frameLocator('iframe.look');
      is(`headline, ${look}`, await shown.locator('h1').textContent(), HEADLINE);
      is(`pictures, ${look}`, await shown.locator('#photos figure').count(), 14);
    }
    await page.check('#allow-alt');
    const live = async () => page.locator('[data-said]', { hasText: 'Readers see it' }).waitFor();
    await page.click('button[value="now"]');
    await live();
    const reads = async (path) => (await context.request.get(`${origin}${path}`, { maxRedirects: 0 })).status();
    const reader = await context.newPage();
    // Lists are printed behind the story.
    await until(async () => {
      await reader.goto(`${origin}/`);
      return (await reader.locator('a', { hasText: HEADLINE }).count()) > 0;
    }, 'the first page lists the story');
    const address = await reader.locator('a', { hasText: HEADLINE }).first().getAttribute('href');
    const path = new URL(address ?? '', origin).pathname;
    await reader.goto(`${origin}${path}`);
    is('slides that readers see', await reader.locator('#photos figure').count(), 14);
    const picture = await reader.locator('#photos figure', { hasText: 'It flew in February' }).locator('img').evaluate((one) => new URL(one.currentSrc || one.src).pathname);
    is('a picture', await reads(picture), 200);

    // Corrected, with a dated note.
    await page.goto(story);
    await page.locator('.scripted').first().waitFor({ state: 'visible' });
    await caption.fill((await caption.inputValue()).replace('in February', 'in March'));
    await saved();
    await page.goto(`${story}/publish`);
    await page.selectOption('[name="change"]', 'correction');
    await page.fill('[name="correction"]', 'The rocket flew in March, not in February.');
    await page.check('#allow-alt');
    await page.click('button[value="now"]');
    await live();
    await reader.goto(`${origin}${path}`);
    is('the note', await reader.getByText('The rocket flew in March, not in February.').count(), 1);

    // One photo is withdrawn everywhere; then the story is taken away.
    await page.goto(story);
    await Promise.all([page.waitForURL('**/desk/photos/*'), rocket.locator('[data-pic] a').first().click()]);
    const photo = new URL(page.url()).pathname;
    await page.getByRole('link', { name: 'Withdraw a photo' }).click();
    await page.locator('[name="reason"]').fill('Killed by the agency');
    await Promise.all([page.waitForNavigation(), page.click('button.grave')]);
    await until(async () => (await reads(picture)) === 410, 'a withdrawn picture is gone');
    await until(async () => {
      await reader.goto(`${origin}${path}`);
      return (await reader.locator('#photos figure img').count()) === 13;
    }, 'a withdrawn picture stands on no page');
    await page.goto(`${story}/publish`);
    await page.locator('summary', { hasText: 'Take it away from readers' }).click();
    await page.locator('details[open] [name="reason"]').fill('It was a try');
    await page.click('details[open] button.grave');
    await until(async () => (await reads(path)) === 410, 'the story is gone');

    // Every screen, narrow, at 200 % zoom and at 1024 pixels.
    const storageState = await context.storageState();
    const at = new URL(story).pathname;
    const cells = await page.goto(`${origin}/desk/photos`).then(() => page.locator('.cell').evaluateAll((all) => all.map((one) => one.dataset.id)));
    const screens = {
      desk: '/desk', steps: '/desk?welcome=1', wire: '/desk/photos', photo, compare: `/desk/photos/compare?photo=${cells[0]}&photo=${cells[1]}`,
      withdraw: `${photo}/withdraw`, stories: '/desk/stories', story: at, revisions: `${at}/revisions`, revision: `${at}/revisions/2`,
      publish: `${at}/publish`, proof: `${at}/proof`, me: '/desk/me', name: '/desk/me/name', password: '/desk/me/password',
      factor: '/desk/me/second-factor', sessions: '/desk/me/sessions', tokens: '/desk/me/tokens', staff: '/desk/staff', notices: '/desk/notices',
      audit: '/desk/audit', jobs: '/desk/jobs', watched: '/desk/watched', system: '/desk/system', site: '/desk/site',
    };
    const pictures = process.env.HALFTONE_PICTURES;
    if (pictures) await mkdir(pictures, { recursive: true });
    for (const [name, where] of Object.entries(screens)) {
      is(`status of ${name}`, await reads(where), 200);
      for (const width of WIDTHS) {
        const shown = await visit(where, { storageState, viewport: { width, height: width === 320 ? 640 : 800 }, hasTouch: width === 320 });
        const wide = await shown.evaluate(() => document.scrollingElement.scrollWidth);
        if (wide > width) wrong.push(`${name} is ${wide} pixels wide in a window of ${width}`);
        wrong.push(...(await seriousIn(shown)).map((line) => `${name} at ${width}: ${line}`));
        if (pictures) await shown.screenshot({ path: join(pictures, `${name}-${width}.png`), fullPage: width !== 640 });
        await shown.context().close();
      }
    }
    return wrong;

    async function until(holds, what) {
      const given = Date.now() + 20_000;
      while (!(await holds())) {
        if (Date.now() > given) {
          wrong.push(`${what}: not so after 20 seconds`);
          return;
        }
        await page.waitForTimeout(50);
      }
    }
  },
};

/** Drops a file or a folder of this machine in the middle of the page, as a hand does. */
async function drop(page, path) {
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: [path], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop']) await session.send('Input.dispatchDragEvent', { type, x: 400, y: 300, data });
  await session.detach();
}
