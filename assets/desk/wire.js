// The contact sheet: only what is on the screen stands in the page, more is asked for a screenful at a time, and all of it
// goes by keys. The first screenful is the server's; without this module the sheet is pages of a form.

import { ask, isTyping, later, make, say, tell, the } from './ask.js';
import { tellKey } from './keys.js';
import { takeDrops } from './uploads.js';

/**
 * @typedef {{ id: string, name: string, caption: string, rating: number | null, mark: string | null, used: boolean,
 *   published: boolean, restricted: boolean, problems: boolean, state: string,
 *   small: { address: string, width: number, height: number } | null }} Line
 * @typedef {{ id: string, name: string, cell: HTMLElement | null, line: Line | null }} Item
 */

const SCREENFUL = 60;
/** Photos that are asked for at once at most. */
const MOST = 200;
/** Rows beyond the screen that stand in the page. */
const BEYOND = 3;
const PLACE = 'halftone-sheet';

const sheet = the('#sheet');
const form = /** @type {HTMLFormElement} */ (the('#selection'));
const query = sheet.dataset.query ?? '';
const kept = `${PLACE}:${query}`;
/** @type {Item[]} */
let items = [...sheet.querySelectorAll('.cell')].map((cell) => {
  const element = /** @type {HTMLElement} */ (cell);
  return { id: element.dataset.id ?? '', name: element.querySelector('.name')?.textContent ?? '', cell: element, line: null };
});
let next = sheet.dataset.next ?? '';
/** @type {Set<string>} */
const selected = new Set();
let here = 0;
/** Where a selection with Shift begins. */
let from = 0;
let columns = 1;
let tall = 1;
/** @type {Promise<void> | null} */
let asking = null;
/** @type {Set<string>} */
const fresh = new Set();

const BADGES = { used: 'used', published: 'published', restricted: 'restricted', problem: 'problem' };
const STATES = ['state-waiting', 'state-refused', 'state-withdrawn'];
const MARKS = ['mark-red', 'mark-orange', 'mark-yellow', 'mark-green', 'mark-blue', 'mark-purple', 'mark-grey'];

/** @param {string} list @param {string[]} known */
const told = (list, known) => say(known.find((one) => one === list) ?? '');

/**
 * A photo's place on the sheet, as the server makes it.
 * @param {Line} line
 */
function cellOf(line) {
  const gone = line.state === 'withdrawn' || line.state === 'refused';
  const picture = line.small
    ? make('img', { src: line.small.address, width: line.small.width, height: line.small.height, alt: '', decoding: 'async' })
    : make('span', { class: 'none' }, told(`state-${line.state}`, STATES));
  const marks = make('p', { class: 'marks' });
  if (line.mark) marks.append(make('span', { class: `mark ${line.mark}`, role: 'img', 'aria-label': told(`mark-${line.mark}`, MARKS) }));
  if (line.rating) {
    const label = line.rating < 0 ? say('rejected') : say('stars', { count: line.rating });
    marks.append(make('span', { class: 'stars', role: 'img', 'aria-label': label }, line.rating < 0 ? '✕' : '★'.repeat(line.rating)));
  }
  /** @param {string} kind @param {string} text */
  const badge = (kind, text) => marks.append(make('span', { class: `badge ${kind}` }, text));
  if (line.published) badge('good', say(BADGES.published));
  else if (line.used) badge('', say(BADGES.used));
  if (line.restricted) badge('warm', say(BADGES.restricted));
  if (gone) badge('red', told(`state-${line.state}`, STATES));
  if (line.problems && line.state !== 'refused') badge('warm', say(BADGES.problem));
  return make('li', { class: gone ? 'cell gone' : 'cell', 'data-id': line.id },
    make('a', { class: 'shot', href: `/desk/photos/${line.id}` }, picture, make('span', { class: 'name', dir: 'auto' }, line.name)),
    make('label', { class: 'pick' }, make('input', { type: 'checkbox', name: 'photo', value: line.id }), make('span', { class: 'unseen' }, say('select-name', { name: line.name }))),
    make('p', { class: 'about', dir: 'auto' }, line.caption), marks);
}

/** @param {Item} item */
function placed(item) {
  item.cell ??= item.line && cellOf(item.line);
  const cell = /** @type {HTMLElement} */ (item.cell);
  const box = cell.querySelector('input');
  if (box) box.checked = selected.has(item.id);
  cell.classList.toggle('chosen', selected.has(item.id));
  return cell;
}

function measure() {
  const first = sheet.querySelector('.cell');
  if (!first) return;
  columns = getComputedStyle(sheet).gridTemplateColumns.split(' ').length;
  tall = first.getBoundingClientRect().height + parseFloat(getComputedStyle(sheet).rowGap || '0');
}

/** Puts the rows into the page that can be seen, and asks for more where the end is near. */
function draw() {
  if (!items.length) return;
  measure();
  const top = sheet.getBoundingClientRect().top;
  const rows = Math.ceil(items.length / columns);
  const first = Math.max(0, Math.min(rows - 1, Math.floor(-top / tall)) - BEYOND);
  const last = Math.min(rows, Math.ceil((innerHeight - top) / tall) + BEYOND);
  const wanted = items.slice(first * columns, Math.max(last, first + 1) * columns).map(placed);
  // What has the focus stays, wherever it is: a key must not lose its place.
  const focused = sheet.contains(document.activeElement) ? document.activeElement?.closest('.cell') : null;
  const standing = new Set(wanted);
  for (const cell of [...sheet.children]) {
    if (!standing.has(/** @type {HTMLElement} */ (cell)) && cell !== focused) cell.remove();
  }
  let before = /** @type {Element | null} */ (null);
  for (const cell of wanted) {
    const follows = before ? before.nextElementSibling : sheet.firstElementChild;
    if (follows !== cell) {
      if (before) before.after(cell);
      else sheet.prepend(cell);
    }
    before = cell;
  }
  if (focused instanceof HTMLElement) focused.classList.toggle('apart', !standing.has(focused));
  sheet.style.paddingTop = `${first * tall}px`;
  sheet.style.paddingBottom = `${Math.max(0, rows - last) * tall}px`;
  if (rows - last < 4) void more();
}

/**
 * The next screenful, or more where somebody comes back to a place far down. Whoever asks meanwhile waits for the same.
 * @param {number} [limit]
 */
function more(limit = SCREENFUL) {
  if (!next) return Promise.resolve();
  asking ??= fetchMore(limit).then((isDone) => {
    asking = null;
    if (isDone) draw();
  });
  return asking;
}

/** @param {number} limit */
async function fetchMore(limit) {
  try {
    const answer = await ask('GET', `/photos?${asked()}limit=${limit}&after=${encodeURIComponent(next)}`);
    const known = new Set(items.map((item) => item.id));
    items.push(...answer.items.filter((/** @type {Line} */ line) => !known.has(line.id)).map(itemOf));
    next = answer.next ?? '';
    return true;
  } catch (error) {
    tell(/** @type {Error} */ (error).message, { bad: true, deed: say('more'), then: () => void more() });
    return false;
  }
}

/** @param {Line} line @returns {Item} */
function itemOf(line) {
  return { id: line.id, name: line.name, line, cell: null };
}

/** The filters as the API takes them. */
function asked() {
  const fields = new URLSearchParams(query);
  fields.delete('story');
  fields.delete('slide');
  const text = fields.toString();
  return text ? `${text}&` : '';
}

function count() {
  the('#count').textContent = selected.size ? say('selected', { count: selected.size }) : '';
  the('#clear').hidden = !selected.size;
  the('#deeds').classList.toggle('shown', selected.size > 0);
}

/** @param {number} index @param {boolean} isOn */
function pick(index, isOn) {
  const item = items[index];
  if (!item) return;
  if (isOn) selected.add(item.id);
  else selected.delete(item.id);
  if (item.cell) placed(item);
}

/** @param {number} index */
function pickTo(index) {
  for (let one = Math.min(from, index); one <= Math.max(from, index); one += 1) pick(one, true);
  count();
}

function clear() {
  selected.clear();
  for (const item of items) if (item.cell) placed(item);
  count();
}

/** @param {number} index */
function go(index) {
  here = Math.max(0, Math.min(items.length - 1, index));
  const row = Math.floor(here / columns);
  const top = sheet.getBoundingClientRect().top + scrollY + row * tall;
  const bar = 60;
  if (top < scrollY + bar) scrollTo(0, top - bar);
  else if (top + tall > scrollY + innerHeight - bar) scrollTo(0, top + tall - innerHeight + bar);
  draw();
  const link = items[here]?.cell?.querySelector('a');
  link?.focus({ preventScroll: true });
}

/** @param {EventTarget | null} target */
function indexOf(target) {
  const id = target instanceof Element ? /** @type {HTMLElement | null} */ (target.closest('.cell'))?.dataset.id : undefined;
  return id ? items.findIndex((item) => item.id === id) : -1;
}

function keep() {
  sessionStorage.setItem(kept, JSON.stringify({ y: scrollY, here, count: items.length, top: items[0]?.id }));
  sessionStorage.setItem(PLACE, JSON.stringify({ back: location.pathname + location.search, ids: items.map((item) => item.id) }));
}

/** Where somebody comes back to the sheet it stands as it was left. */
async function restore() {
  const [entry] = performance.getEntriesByType('navigation');
  if (/** @type {PerformanceNavigationTiming} */ (entry)?.type !== 'back_forward') return;
  const left = JSON.parse(sessionStorage.getItem(kept) ?? 'null');
  if (!left) return;
  while (items.length < left.count && next) {
    const before = items.length;
    await more(MOST);
    if (items.length === before) break;
  }
  draw();
  scrollTo(0, left.y);
  draw();
  here = left.here;
  items[here]?.cell?.querySelector('a')?.focus({ preventScroll: true });
}

/** Looks at what came, at the top of the sheet. */
async function refresh() {
  const answer = await ask('GET', `/photos?${asked()}limit=${SCREENFUL}`).catch(() => null);
  if (!answer) return;
  const top = answer.items.map(itemOf);
  const ids = new Set(top.map((/** @type {Item} */ item) => item.id));
  if (top.length) document.querySelector('.wire .empty')?.remove();
  items = [...top, ...items.filter((item) => !ids.has(item.id))];
  fresh.clear();
  the('#fresh').hidden = true;
  for (const cell of [...sheet.children]) cell.remove();
  sheet.append(...items.slice(0, 1).map(placed));
  draw();
}

function listen() {
  const events = new EventSource('/api/v1/events');
  const come = later(() => {
    const isFree = scrollY < 200 && !selected.size && !sheet.contains(document.activeElement);
    if (isFree) void refresh();
    else if (fresh.size) {
      the('#fresh').hidden = false;
      the('#fresh button').textContent = say('fresh', { count: fresh.size });
    }
  }, 500);
  events.addEventListener('photo_arrived', (event) => {
    const { photo } = JSON.parse(event.data);
    if (!items.some((item) => item.id === photo)) fresh.add(photo);
    come();
  });
  events.addEventListener('photo_developed', (event) => {
    const { photo } = JSON.parse(event.data);
    const item = items.find((one) => one.id === photo);
    if (item) void developed(item);
    else come();
  });
}

/** @param {Item} item */
async function developed(item) {
  const told = await ask('GET', `/photos/${item.id}`).catch(() => null);
  if (!told?.small || !item.cell) return;
  const picture = make('img', { src: told.small.address, width: told.small.width, height: told.small.height, alt: '' });
  item.cell.querySelector('.none')?.replaceWith(picture);
  if (item.line) item.line = { ...item.line, state: 'developed', small: told.small };
}

sheet.addEventListener('focusin', (event) => {
  const index = indexOf(event.target);
  if (index >= 0) here = index;
});
sheet.addEventListener('click', (event) => {
  const index = indexOf(event.target);
  const target = /** @type {Element} */ (event.target);
  if (index < 0) return;
  if (target instanceof HTMLInputElement) {
    if (event.shiftKey) pickTo(index);
    else pick(index, target.checked);
    if (!event.shiftKey) from = index;
    count();
  } else if ((event.shiftKey || event.ctrlKey || event.metaKey) && target.closest('.shot')) {
    event.preventDefault();
    if (event.shiftKey) pickTo(index);
    else {
      from = index;
      pick(index, !selected.has(items[index]?.id ?? ''));
      count();
    }
  }
});

/** @param {KeyboardEvent} event */
function move(event) {
  const steps = /** @type {Record<string, number>} */ ({ ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns });
  const back = document.documentElement.dir === 'rtl' && event.key.match(/Left|Right/) ? -1 : 1;
  const step = steps[event.key];
  if (step === undefined || !items.length) return false;
  const isIn = sheet.contains(document.activeElement);
  const to = isIn ? here + step * back : here;
  if (to < 0 || to >= items.length) return isIn;
  if (event.shiftKey) pickTo(to);
  else from = to;
  go(to);
  return true;
}

document.addEventListener('keydown', (event) => {
  if (isTyping(event.target) || event.altKey || document.querySelector('dialog[open]')) return;
  const isMeta = event.ctrlKey || event.metaKey;
  const isIn = sheet.contains(document.activeElement);
  const isFree = isIn || document.activeElement === document.body || document.activeElement?.id === 'main';
  if (!isMeta && isFree && move(event)) event.preventDefault();
  else if (isMeta && event.key === 'a' && isFree) {
    event.preventDefault();
    items.forEach((_, index) => pick(index, true));
    count();
  } else if (isMeta) return;
  else if (event.key === ' ' && isIn && !(event.target instanceof HTMLInputElement)) {
    event.preventDefault();
    from = here;
    pick(here, !selected.has(items[here]?.id ?? ''));
    count();
  } else if (event.key === 'Escape' && selected.size) clear();
  else if (event.key === 'c') the('#compare').click();
  else if (event.key === 'u' && selected.size && document.querySelector('#use')) the(document.querySelector('#story') ? '#story' : '#use').focus();
});

form.addEventListener('submit', (event) => {
  const isCompare = event.submitter?.id === 'compare';
  if (isCompare && (selected.size < 2 || selected.size > 4)) {
    event.preventDefault();
    tell(say('compare-some'));
    return;
  }
  // What is selected outside the screen has no box in the page.
  form.querySelectorAll('.carried').forEach((one) => one.remove());
  sheet.querySelectorAll('input').forEach((box) => { box.disabled = true; });
  const order = items.filter((item) => selected.has(item.id));
  for (const item of order) form.append(make('input', { type: 'hidden', name: 'photo', value: item.id, class: 'carried' }));
  keep();
  setTimeout(() => sheet.querySelectorAll('input').forEach((box) => { box.disabled = false; }), 0);
});
addEventListener('pageshow', () => form.querySelectorAll('.carried').forEach((one) => one.remove()));

const story = /** @type {HTMLSelectElement | null} */ (document.querySelector('#story'));
function headline() {
  the('#new-headline').hidden = story?.value !== '';
  /** @type {HTMLInputElement} */ (the('#headline')).required = story?.value === '';
}
if (story) {
  story.addEventListener('change', headline);
  headline();
}
the('#clear').addEventListener('click', clear);
the('#fresh').addEventListener('click', () => {
  scrollTo(0, 0);
  void refresh();
});
for (const box of sheet.querySelectorAll('input')) if (box.checked) selected.add(box.value);
document.querySelector('#older')?.remove();
addEventListener('scroll', () => requestAnimationFrame(draw), { passive: true });
addEventListener('resize', later(draw, 100));
addEventListener('pagehide', keep);
tellKey('← ↑ → ↓', say('key-move-sheet'));
tellKey('Enter', say('key-open'));
tellKey('Space', say('key-pick'));
tellKey('Ctrl+A', say('key-all-photos'));
tellKey('c', say('key-compare'));
if (document.querySelector('#use')) tellKey('u', say('key-use'));
tellKey('Esc', say('key-none-photos'));
if (document.querySelector('#send')) {
  the('#folder-label').hidden = false;
  takeDrops({ onTaken: later(() => void refresh(), 300) });
}
history.scrollRestoration = 'manual';
the('#deeds').classList.add('live');
count();
draw();
void restore();
listen();
