// What a picture editor does on the wire: a check for checks.mjs. It gives what is wrong, a line each.

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

const PASSWORD = 'a long sentence is good';
const WIDTHS = [320, 768, 1600];

export const wireChecks = {
  /** The paths are the page to sign in, the folder of samples, and a smaller copy of a photo that is used. */
  async wire(visit, [door, samples, copy], seriousIn) {
    const wrong = [];
    const is = (what, found, expected) => {
      if (found !== expected) wrong.push(`${what}: ${JSON.stringify(found)} where ${JSON.stringify(expected)} was expected`);
    };
    const first = await visit(door, { bypassCSP: false });
    await first.fill('#address', 'eve@house.example');
    await first.fill('#password', PASSWORD);
    await Promise.all([first.waitForURL('**/desk'), first.click('form button')]);
    // A page of its own: a network that is cut is what this check looks for.
    const page = await first.context().newPage();
    const policy = [];
    page.on('console', (message) => {
      if (message.text().includes('Content Security Policy')) policy.push(message.text());
    });
    const origin = new URL(first.url()).origin;
    await page.goto(`${origin}/desk/photos`);
    await page.locator('#send').waitFor();
    is('photos at first', await page.locator('.cell').count(), 1);

    // A network that is away in the middle of a file: it goes on where it was.
    let cuts = 0;
    const offsets = [];
    await page.route('**/api/v1/uploads/*', (route) => {
      const request = route.request();
      if (request.method() === 'PATCH') {
        offsets.push(request.headers()['upload-offset']);
        cuts += 1;
        if (cuts === 1) return route.abort('connectionfailed');
      }
      return route.continue();
    });
    await page.setInputFiles('#files', [copy, join(samples, 'two-dogs.jpg')]);
    await page.locator('.sends [role="status"]', { hasText: 'All are here: 2 photos' }).waitFor({ timeout: 20_000 });
    if (offsets.length < 3) wrong.push(`a piece that was cut was not sent again: ${offsets}`);
    await page.unroute('**/api/v1/uploads/*');

    // Files that are dropped anywhere, one of them no photo.
    await page.evaluate(() => {
      const data = new DataTransfer();
      data.items.add(new File(['no photo at all'], 'notes.jpg', { type: 'image/jpeg' }));
      document.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
    });
    await page.locator('.files .refused').waitFor();
    if (!(await page.locator('.files .refused .state').textContent()).includes(': ')) wrong.push('a refused file has no sentence');
    await page.click('.sends .away');

    // A folder, whole.
    await page.setInputFiles('#folder', samples);
    await page.locator('.sends [role="status"]', { hasText: /here, \d+ refused|All are here/ }).waitFor({ timeout: 60_000 });
    await page.waitForFunction(() => document.querySelectorAll('.cell').length > 14, null, { timeout: 20_000 });
    await page.click('.sends .away');
    await page.waitForFunction(() => !document.querySelector('.shot .none'), null, { timeout: 120_000 }).catch(() => wrong.push('a photo that was developed did not come by itself'));

    // Keys.
    await page.goto(`${origin}/desk/photos`);
    await page.waitForFunction(() => !document.querySelector('#older'));
    await page.locator('.cell a').first().focus();
    await page.keyboard.press('Space');
    await page.keyboard.press('Shift+ArrowRight');
    is('selected by Space and Shift', await page.locator('#count').textContent(), '2 selected');
    await page.keyboard.press('Escape');
    is('cleared', await page.locator('#count').textContent(), '');
    await page.keyboard.press('Control+a');
    await page.keyboard.press('c');
    is('too many to compare', await page.locator('.toast').textContent(), 'Select two to four photos to compare them.');
    await page.keyboard.press('Escape');
    await page.locator('.cell a').first().focus();
    await page.keyboard.press('Space');
    await page.keyboard.press('Shift+ArrowRight');
    await Promise.all([page.waitForURL('**/compare?**'), page.keyboard.press('c')]);
    is('panes', await page.locator('.pane img').count(), 2);
    await page.waitForFunction(() => [...document.images].every((one) => one.complete && one.naturalWidth));
    await page.keyboard.press('1');
    is('one for one', await page.locator('#scale').textContent(), '100 %');
    const places = await page.locator('.pane img').evaluateAll((all) => all.map((one) => one.getBoundingClientRect().width === one.naturalWidth));
    is('pixels as they are', places.join(), 'true,true');
    const comparing = page.url();
    await page.goBack();

    await page.locator('.cell a').first().focus();
    await page.keyboard.press('ArrowRight');
    await Promise.all([page.waitForURL(/photos\/[0-9a-f-]{36}$/), page.keyboard.press('Enter')]);
    const photo = page.url();
    await Promise.all([page.waitForURL((url) => url.href !== photo), page.keyboard.press('ArrowLeft')]);
    await Promise.all([page.waitForURL('**/desk/photos'), page.keyboard.press('Escape')]);

    // The same picture with another caption is shown before it is used again.
    await page.locator('.cell', { hasText: 'copy.jpg' }).locator('input').check();
    await page.fill('#headline', 'Lift-off again');
    await page.click('#use');
    await page.locator('h1', { hasText: 'Used before with another caption' }).waitFor();
    const storageState = await page.context().storageState();
    const pages = { sheet: '/desk/photos', photo: new URL(photo).pathname, compare: comparing.slice(origin.length), empty: '/desk/photos?q=quaggas' };
    await Promise.all([page.waitForURL(/desk\/stories\/[0-9a-f-]{36}$/), page.click('button.deed')]);

    const folder = process.env.HALFTONE_PICTURES;
    if (folder) await mkdir(folder, { recursive: true });
    for (const [name, path] of Object.entries(pages)) {
      for (const width of WIDTHS) {
        const shown = await visit(path, { storageState, viewport: { width, height: width === 320 ? 640 : 900 }, hasTouch: width === 320 });
        await shown.waitForFunction(() => [...document.images].every((one) => one.complete || one.loading === 'lazy'));
        const wide = await shown.evaluate(() => document.scrollingElement.scrollWidth);
        if (wide > width) wrong.push(`${name} is ${wide} pixels wide in a window of ${width}`);
        if (width !== 768) wrong.push(...(await seriousIn(shown)).map((line) => `${name} at ${width}: ${line}`));
        if (folder) await shown.screenshot({ path: join(folder, `${name}-${width}.png`) });
        await shown.context().close();
      }
    }
    wrong.push(...policy);
    return wrong;
  },
};
