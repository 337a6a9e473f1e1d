// The point that cuts of a picture keep: shown with the cuts that it makes, set by a click or by keys.

import { ask, make, say, tell, the } from './ask.js';

/** The shapes that are cut, as in the darkroom. */
const SHAPES = [{ key: 'cut-card', shape: 3 / 2 }, { key: 'cut-social', shape: 16 / 9 }];

/** @param {string} text @returns {[number, number]} shares of the picture, from the left and from the top */
function read(text) {
  const found = text.match(/^\s*([\d.]+)\s*%\s+([\d.]+)\s*%\s*$/);
  const share = (/** @type {string | undefined} */ part) => Math.min(1, Math.max(0, Number(part) / 100));
  return found ? [share(found[1]), share(found[2])] : [0.5, 0.5];
}

/** @param {number} share */
const percent = (share) => `${Math.round(share * 1000) / 10}%`;

/**
 * Where a cut lies along one side, as CSS places it.
 * @param {number} part how much of the side is shown
 * @param {number} point
 */
function placed(part, point) {
  if (part >= 1) return '50%';
  return percent(Math.min(1 - part, Math.max(0, point - part / 2)) / (1 - part));
}

/**
 * Gives each slide's field of the point a button that opens its picture.
 * @param {import('./draft.js').Draft} draft
 * @param {(name: string, value: string) => void} typed
 */
export function focusing(draft, typed) {
  draft.form.addEventListener('click', (event) => {
    const button = event.target instanceof Element ? event.target.closest('[data-point]') : null;
    const row = button?.closest('[data-slide]');
    if (row instanceof HTMLElement && button instanceof HTMLElement) void choose(row, `s.${row.dataset.slide}.focus`);
  });

  /** @param {HTMLElement} row @param {string} name */
  async function choose(row, name) {
    const photo = await ask('GET', `/photos/${row.dataset.photo}`).catch((error) => tell(error.message, { bad: true }));
    const source = photo?.large ?? photo?.small;
    if (!source) return;
    let point = read(draft.value(name));
    const said = make('output', {});
    const picture = make('img', { src: source.address, width: source.width, height: source.height, alt: '' });
    const place = make('button', { type: 'button', class: 'point', 'aria-label': say('point-keys') }, picture, make('span', { class: 'cross' }));
    const cuts = SHAPES.map(({ key, shape }) => {
      const cut = make('img', { src: source.address, alt: '' });
      cut.style.aspectRatio = String(shape);
      return { cut, shape, figure: make('figure', {}, cut, make('figcaption', { class: 'quiet' }, say(key))) };
    });
    const show = () => {
      said.textContent = `${percent(point[0])} ${percent(point[1])}`;
      place.style.setProperty('--x', percent(point[0]));
      place.style.setProperty('--y', percent(point[1]));
      for (const { cut, shape } of cuts) {
        const across = Math.min(1, (source.height * shape) / source.width);
        const down = Math.min(1, source.width / shape / source.height);
        cut.style.objectPosition = `${placed(across, point[0])} ${placed(down, point[1])}`;
      }
    };
    place.addEventListener('click', (event) => {
      // A click by a key has no place.
      if (!event.detail) return;
      const box = picture.getBoundingClientRect();
      point = [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
      show();
    });
    place.addEventListener('keydown', (event) => {
      const steps = /** @type {Record<string, [number, number]>} */ ({ ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] });
      const step = steps[event.key];
      if (!step) return;
      event.preventDefault();
      const by = event.shiftKey ? 0.05 : 0.01;
      const within = (/** @type {number} */ share) => Math.min(1, Math.max(0, share));
      point = [within(point[0] + step[0] * by), within(point[1] + step[1] * by)];
      show();
    });
    const end = (/** @type {string} */ value) => make('button', { value, class: value === 'yes' ? 'deed' : '' }, say(value === 'yes' ? 'point-take' : value === 'own' ? 'point-own' : 'leave-it'));
    const dialog = make('dialog', { 'aria-labelledby': 'point-title', class: 'pointing' },
      make('h2', { id: 'point-title' }, say('point-title')), make('p', { class: 'quiet' }, say('point-hint'), ' ', said),
      place, make('div', { class: 'cuts' }, ...cuts.map(({ figure }) => figure)),
      make('form', { method: 'dialog', class: 'buttons' }, end('yes'), end('own'), end('no')));
    document.body.append(dialog);
    show();
    dialog.showModal();
    place.focus();
    dialog.addEventListener('close', () => {
      if (dialog.returnValue === 'yes') typed(name, `${percent(point[0])} ${percent(point[1])}`);
      if (dialog.returnValue === 'own') typed(name, '');
      dialog.remove();
      the('[data-point]', row).focus();
    });
  }
}
