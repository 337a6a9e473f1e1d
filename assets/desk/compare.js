// Pictures beside one another: what is done to one is done to all.

import { isTyping, say, the } from './ask.js';
import { tellKey } from './keys.js';

const panes = /** @type {HTMLElement[]} */ ([...document.querySelectorAll('.pane')]).filter((pane) => pane.querySelector('img'));
const pictures = panes.map((pane) => /** @type {HTMLImageElement} */ (pane.querySelector('img')));
/** Scale in CSS pixels a pixel of the picture; nothing: each fits its pane. */
let scale = 0;
/** What lies in the middle of each pane, as shares of the picture. */
let [x, y] = [0.5, 0.5];

/** @param {number} index */
function fitting(index) {
  const [pane, picture] = [panes[index], pictures[index]];
  if (!pane || !picture) return 1;
  return Math.min(pane.clientWidth / picture.naturalWidth || 1, pane.clientHeight / picture.naturalHeight || 1);
}

function full() {
  return 1 / devicePixelRatio;
}

function draw() {
  pictures.forEach((picture, index) => {
    const pane = panes[index];
    if (!pane || !picture.naturalWidth) return;
    const used = scale || fitting(index);
    const [width, height] = [picture.naturalWidth * used, picture.naturalHeight * used];
    const middle = (/** @type {number} */ share, /** @type {number} */ long, /** @type {number} */ room) => (long <= room ? (room - long) / 2 : Math.min(0, Math.max(room - long, room / 2 - share * long)));
    picture.style.width = `${width}px`;
    picture.style.height = `${height}px`;
    picture.style.transform = `translate(${middle(x, width, pane.clientWidth)}px, ${middle(y, height, pane.clientHeight)}px)`;
  });
  the('#scale').textContent = scale ? `${Math.round((scale / full()) * 100)} %` : say('fits');
}

/** @param {number} by */
function zoom(by) {
  const least = Math.min(...pictures.map((_, index) => fitting(index)));
  const next = (scale || least) * by;
  scale = next <= least ? 0 : Math.min(8 * full(), next);
  draw();
}

/** @param {number} across @param {number} down in CSS pixels */
function pan(across, down) {
  const [picture] = pictures;
  if (!picture || !scale) return;
  x = Math.min(1, Math.max(0, x + across / (picture.naturalWidth * scale)));
  y = Math.min(1, Math.max(0, y + down / (picture.naturalHeight * scale)));
  draw();
}

function fit() {
  scale = 0;
  [x, y] = [0.5, 0.5];
  draw();
}

function pixels() {
  scale = full();
  draw();
}

for (const pane of panes) {
  pane.addEventListener('wheel', (event) => {
    event.preventDefault();
    zoom(event.deltaY < 0 ? 1.15 : 1 / 1.15);
  }, { passive: false });
  pane.addEventListener('pointerdown', (event) => {
    if (event.button) return;
    pane.setPointerCapture(event.pointerId);
  });
  pane.addEventListener('pointermove', (event) => {
    if (pane.hasPointerCapture(event.pointerId)) pan(-event.movementX, -event.movementY);
  });
  pane.addEventListener('dblclick', () => (scale ? fit() : pixels()));
}

/** @type {Record<string, () => void>} */
const deeds = {
  '+': () => zoom(1.25), '=': () => zoom(1.25), '-': () => zoom(0.8), 1: pixels, f: fit, F: fit,
  ArrowLeft: () => pan(-60, 0), ArrowRight: () => pan(60, 0), ArrowUp: () => pan(0, -60), ArrowDown: () => pan(0, 60),
};
document.addEventListener('keydown', (event) => {
  const deed = deeds[event.key];
  if (!deed || isTyping(event.target) || event.altKey || event.ctrlKey || event.metaKey || document.querySelector('dialog[open]')) return;
  if (event.key.startsWith('Arrow') && !scale) return;
  event.preventDefault();
  deed();
});
the('#in').addEventListener('click', () => zoom(1.25));
the('#out').addEventListener('click', () => zoom(0.8));
the('#fit').addEventListener('click', fit);
the('#full').addEventListener('click', pixels);
the('#zooming').hidden = false;
the('#panes').classList.add('linked');
tellKey('+ -', say('key-zoom'));
tellKey('← ↑ → ↓', say('key-pan'));
tellKey('1', say('key-full'));
tellKey('f', say('key-fit'));
addEventListener('resize', draw);
for (const picture of pictures) picture.addEventListener('load', draw);
draw();
