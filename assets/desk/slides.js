// The slides of a story: put in order by dragging, by buttons and by keys, selected, taken out, and what was done undone.

import { isTyping, make, say, tell, the } from './ask.js';
import { tellKey } from './keys.js';

/** How many deeds can be undone. */
const UNDONE = 200;
/** How far a pointer goes before a click becomes a drag, in pixels. */
const SLOP = 6;
/** How near the edge of the window a drag scrolls, in pixels. */
const EDGE = 70;

/** @typedef {{ name: string, back: () => void }} Deed */

export class Slides {
  /** @param {import('./draft.js').Draft} draft */
  constructor(draft) {
    this.draft = draft;
    this.form = draft.form;
    this.list = the('#slides');
    this.section = the('.slides');
    /** @type {Deed[]} */
    this.done = [];
    this.undo = /** @type {HTMLButtonElement} */ (the('[data-undo]'));
    this.undo.addEventListener('click', () => this.back());
    /** @type {HTMLElement | null} the row that a range of the selection begins at */
    this.anchor = null;
    this.listen();
    this.drag();
    this.view();
    this.edges();
  }

  rows() {
    return /** @type {HTMLElement[]} */ ([...this.list.children]);
  }

  picked() {
    return this.rows().filter((row) => this.pick(row).checked);
  }

  /** @param {HTMLElement} row */
  pick(row) {
    return /** @type {HTMLInputElement} */ (the('[data-pick]', row));
  }

  /** @param {string} name @param {() => void} back */
  did(name, back) {
    this.done.push({ name, back });
    if (this.done.length > UNDONE) this.done.shift();
    this.undo.disabled = false;
    this.undo.title = say('undo-of', { deed: name });
  }

  back() {
    const deed = this.done.pop();
    if (!deed) return;
    deed.back();
    this.undo.disabled = this.done.length === 0;
    this.say(say('undone', { deed: deed.name }));
  }

  /** @param {string} text */
  say(text) {
    the('#moved').textContent = text;
  }

  /**
   * Puts a text into a field so that it can be undone.
   * @param {string} name
   * @param {string} value
   */
  typed(name, value) {
    const before = this.draft.value(name);
    if (before === value) return;
    this.draft.set(name, value);
    this.did(say('deed-text'), () => this.draft.set(name, before));
  }

  /**
   * Puts several texts into their fields; one deed.
   * @param {Map<string, string>} values
   * @param {string} deed
   */
  typedAll(values, deed) {
    const before = new Map([...values.keys()].map((name) => [name, this.draft.value(name)]));
    for (const [name, value] of values) this.draft.set(name, value);
    this.did(deed, () => {
      for (const [name, value] of before) this.draft.set(name, value);
    });
  }

  /**
   * Puts the rows into this order; those that it does not name keep their place at the end.
   * @param {string[]} ids
   */
  order(ids) {
    const byId = new Map(this.rows().map((row) => [row.dataset.slide, row]));
    const known = ids.map((id) => byId.get(id)).filter((row) => row !== undefined);
    const rest = this.rows().filter((row) => !ids.includes(row.dataset.slide ?? ''));
    this.list.append(...known, ...rest);
    this.renumber();
    this.draft.touched();
  }

  renumber() {
    this.rows().forEach((row, index) => {
      const number = the('[data-number]', row);
      const text = String(index + 1);
      if (number.textContent !== text) number.textContent = text;
    });
    the('[data-total]').textContent = String(this.list.childElementCount);
    this.edges();
  }

  /** The first row goes no further up, the last none further down. */
  edges() {
    const rows = this.rows();
    for (const row of rows) {
      const up = row.querySelector('[data-up]');
      const down = row.querySelector('[data-down]');
      if (up instanceof HTMLButtonElement) up.disabled = row === rows[0];
      if (down instanceof HTMLButtonElement) down.disabled = row === rows[rows.length - 1];
    }
  }

  /**
   * Moves rows so that the first of them stands at this place among the others.
   * @param {HTMLElement[]} moved
   * @param {number} place
   */
  move(moved, place) {
    const before = this.draft.order();
    const others = this.rows().filter((row) => !moved.includes(row));
    const next = others[place] ?? null;
    for (const row of moved) this.list.insertBefore(row, next);
    if (this.draft.order().every((id, index) => id === before[index])) return;
    this.renumber();
    this.draft.touched();
    this.did(say('deed-order'), () => this.order(before));
    const first = moved[0];
    if (first) this.say(say('slide-moved', { number: this.rows().indexOf(first) + 1, total: this.list.childElementCount }));
  }

  /** @param {HTMLElement} row @param {number} by */
  step(row, by) {
    const moved = this.pick(row).checked ? this.picked() : [row];
    const rows = this.rows();
    const others = rows.filter((one) => !moved.includes(one));
    const first = rows.indexOf(/** @type {HTMLElement} */ (moved[0]));
    const place = rows.slice(0, first).filter((one) => others.includes(one)).length + by;
    if (place < 0 || place > others.length) return;
    this.move(moved, place);
  }

  /** @param {HTMLElement[]} gone */
  remove(gone) {
    if (!gone.length) return;
    const before = this.draft.order();
    const focus = gone[gone.length - 1]?.nextElementSibling ?? gone[0]?.previousElementSibling;
    for (const row of gone) {
      this.draft.forget(row);
      row.remove();
    }
    this.renumber();
    this.draft.touched();
    const back = () => {
      this.list.append(...gone);
      this.order(before);
      for (const row of gone) for (const field of row.querySelectorAll('[data-field]')) this.draft.noticed(field);
      gone[0]?.scrollIntoView({ block: 'nearest' });
    };
    this.did(say('deed-remove'), back);
    tell(say('slides-removed', { number: gone.length }), { deed: say('undo'), then: () => this.back() });
    if (focus instanceof HTMLElement) /** @type {HTMLElement | null} */ (focus.querySelector('[data-pick]'))?.focus();
  }

  /** @param {boolean} on */
  pickAll(on) {
    for (const row of this.rows()) this.pick(row).checked = on;
  }

  listen() {
    this.list.addEventListener('click', (event) => {
      const target = event.target instanceof Element ? event.target : null;
      const row = /** @type {HTMLElement | null} */ (target?.closest('[data-slide]'));
      const button = target?.closest('button');
      if (!row) return;
      if (button?.hasAttribute('data-up') || button?.hasAttribute('data-down')) {
        event.preventDefault();
        this.step(row, button.hasAttribute('data-up') ? -1 : 1);
        button.focus();
      } else if (button?.hasAttribute('data-remove')) {
        event.preventDefault();
        this.remove([row]);
      } else if (target?.matches('[data-pick]')) {
        if (/** @type {MouseEvent} */ (event).shiftKey && this.anchor) this.range(this.anchor, row, this.pick(row).checked);
        this.anchor = row;
      }
    });
    document.addEventListener('keydown', (event) => this.key(event));
    tellKey('Alt+↑ Alt+↓', say('key-move'));
    tellKey('Space', say('key-select'));
    tellKey('Ctrl+A', say('key-all'));
    tellKey('Esc', say('key-none'));
    tellKey('Del', say('key-remove'));
    tellKey('Ctrl+Z', say('key-undo'));
    tellKey('V', say('key-view'));
  }

  /** @param {HTMLElement} from @param {HTMLElement} to @param {boolean} on */
  range(from, to, on) {
    const rows = this.rows();
    const [low, high] = [rows.indexOf(from), rows.indexOf(to)].sort((one, other) => one - other);
    for (const row of rows.slice(low, (high ?? 0) + 1)) this.pick(row).checked = on;
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const row = /** @type {HTMLElement | null} */ (event.target instanceof Element ? event.target.closest('[data-slide]') : null);
    const steps = { ArrowUp: -1, ArrowLeft: -1, ArrowDown: 1, ArrowRight: 1 };
    const by = event.key in steps ? steps[/** @type {keyof steps} */ (event.key)] : 0;
    if (event.altKey && by && row) {
      event.preventDefault();
      const focused = document.activeElement;
      this.step(row, by);
      if (focused instanceof HTMLElement) focused.focus();
      row.scrollIntoView({ block: 'nearest' });
      return;
    }
    if (isTyping(event.target) || event.altKey) return;
    const ctrl = event.ctrlKey || event.metaKey;
    if (ctrl && event.key.toLowerCase() === 'z') {
      event.preventDefault();
      this.back();
    } else if (ctrl && event.key.toLowerCase() === 'a') {
      event.preventDefault();
      this.pickAll(true);
    } else if (event.key === 'Escape') {
      this.pickAll(false);
    } else if (event.key === 'Delete') {
      const gone = this.picked();
      this.remove(gone.length ? gone : row ? [row] : []);
    } else if (event.key.toLowerCase() === 'v' && !ctrl) {
      /** @type {HTMLElement} */ (the('[data-view]')).click();
    } else if (by && row && event.target instanceof HTMLElement && event.target.matches('[data-pick]')) {
      event.preventDefault();
      const next = this.rows()[this.rows().indexOf(row) + by];
      if (next) {
        const pick = this.pick(next);
        if (event.shiftKey) pick.checked = true;
        pick.focus();
      }
    }
  }

  /** As captions to write, or as a sheet to arrange; the browser remembers which. */
  view() {
    const button = the('[data-view]');
    const show = /** @param {boolean} sheet */ (sheet) => {
      this.section.classList.toggle('as-sheet', sheet);
      button.setAttribute('aria-pressed', String(sheet));
    };
    show(localStorage.getItem('desk-as-sheet') === 'yes');
    button.addEventListener('click', () => {
      const sheet = !this.section.classList.contains('as-sheet');
      show(sheet);
      localStorage.setItem('desk-as-sheet', sheet ? 'yes' : 'no');
    });
  }

  /** Dragging by the picture. Places are measured once, when the drag begins; a move of the pointer reads no layout. */
  drag() {
    /** @type {{ row: HTMLElement, x: number, y: number } | null} */
    let pressed = null;
    this.list.addEventListener('pointerdown', (event) => {
      const target = event.target instanceof Element ? event.target : null;
      const row = /** @type {HTMLElement | null} */ (target?.closest('[data-slide]'));
      if (event.button !== 0 || event.pointerType === 'touch' || !row || !target?.closest('[data-pic] img, [data-pic] .lack')) return;
      pressed = { row, x: event.clientX, y: event.clientY };
    });
    document.addEventListener('pointermove', (event) => {
      if (!pressed || Math.hypot(event.clientX - pressed.x, event.clientY - pressed.y) < SLOP) return;
      const { row } = pressed;
      pressed = null;
      this.carry(row, event);
    });
    document.addEventListener('pointerup', () => {
      pressed = null;
    });
  }

  /** @param {HTMLElement} row @param {PointerEvent} began */
  carry(row, began) {
    const moved = this.pick(row).checked ? this.picked() : [row];
    const all = this.rows();
    const places = all.map((one) => {
      const box = one.getBoundingClientRect();
      return { left: box.left + scrollX, top: box.top + scrollY, width: box.width, height: box.height };
    });
    const isSheet = this.section.classList.contains('as-sheet');
    const image = row.querySelector('img');
    const carried = make('div', { class: 'carried', 'aria-hidden': 'true' }, ...(image ? [image.cloneNode()] : []), ...(moved.length > 1 ? [String(moved.length)] : []));
    const mark = make('div', { class: 'drop-mark', 'aria-hidden': 'true' });
    const first = places[0] ?? { left: 0, top: 0, width: 0, height: 0 };
    mark.style.inlineSize = isSheet ? '4px' : `${first.width}px`;
    mark.style.blockSize = isSheet ? `${first.height}px` : '4px';
    document.body.append(carried, mark);
    document.body.classList.add('carrying');
    for (const one of moved) one.classList.add('lifted');
    let [x, y, place, frame] = [began.clientX, began.clientY, all.indexOf(row), 0];

    const draw = () => {
      frame = 0;
      const speed = y < EDGE ? y - EDGE : y > innerHeight - EDGE ? y - innerHeight + EDGE : 0;
      if (speed) scrollBy(0, speed / 3);
      const [pageX, pageY] = [x + scrollX, y + scrollY];
      place = placeAt(places, pageX, pageY, isSheet);
      const at = places[Math.min(place, places.length - 1)] ?? first;
      const end = place >= places.length;
      const [left, top] = isSheet ? [end ? at.left + at.width : at.left - 5, at.top] : [at.left, end ? at.top + at.height : at.top - 2];
      mark.style.transform = `translate(${left}px, ${top}px)`;
      carried.style.transform = `translate(${x + 12}px, ${y + 12}px)`;
      if (speed) frame = requestAnimationFrame(draw);
    };
    const on = /** @param {PointerEvent} event */ (event) => {
      [x, y] = [event.clientX, event.clientY];
      frame ||= requestAnimationFrame(draw);
    };
    /** @param {boolean} drop */
    const end = (drop) => {
      cancelAnimationFrame(frame);
      document.removeEventListener('pointermove', on);
      document.removeEventListener('pointerup', up);
      document.removeEventListener('keydown', escape, true);
      document.removeEventListener('pointercancel', cancel);
      carried.remove();
      mark.remove();
      document.body.classList.remove('carrying');
      for (const one of moved) one.classList.remove('lifted');
      addEventListener('click', swallow, { capture: true, once: true });
      setTimeout(() => removeEventListener('click', swallow, { capture: true }), 50);
      if (drop) this.move(moved, all.slice(0, place).filter((one) => !moved.includes(one)).length);
    };
    const swallow = /** @param {Event} event */ (event) => {
      event.preventDefault();
      event.stopPropagation();
    };
    const up = () => end(true);
    const cancel = () => end(false);
    const escape = /** @param {KeyboardEvent} event */ (event) => {
      if (event.key !== 'Escape') return;
      event.stopPropagation();
      end(false);
    };
    document.addEventListener('pointermove', on);
    document.addEventListener('pointerup', up);
    document.addEventListener('pointercancel', cancel);
    document.addEventListener('keydown', escape, true);
    draw();
  }

  /**
   * Takes over rows that others added, took out or moved, and what the server alone knows of each.
   * @param {HTMLFormElement} theirs
   */
  take(theirs) {
    const own = new Map(this.rows().map((row) => [row.dataset.slide ?? '', row]));
    const there = /** @type {HTMLElement[]} */ ([...theirs.querySelectorAll('[data-slide]')]);
    const reordered = this.draft.isReordered();
    const before = new Set(this.draft.baseOrder);
    this.draft.baseOrder = there.map((row) => row.dataset.slide ?? '');
    for (const row of there) {
      const id = row.dataset.slide ?? '';
      const known = own.get(id);
      if (!known) {
        // What was taken out here and is not saved yet stays out.
        if (before.has(id)) continue;
        const fresh = document.importNode(row, true);
        for (const hidden of fresh.querySelectorAll('.scripted')) /** @type {HTMLElement} */ (hidden).hidden = false;
        this.list.append(fresh);
        this.draft.learn(fresh);
        continue;
      }
      if (known.dataset.photo !== row.dataset.photo || known.querySelector('.lack')) {
        const picked = this.pick(known).checked;
        the('[data-pic]', known).replaceWith(document.importNode(the('[data-pic]', row), true));
        for (const hidden of known.querySelectorAll('.scripted')) /** @type {HTMLElement} */ (hidden).hidden = false;
        this.pick(known).checked = picked;
        known.dataset.photo = row.dataset.photo;
        known.dataset.facts = row.dataset.facts;
      }
      the('[data-marks]', known).replaceWith(document.importNode(the('[data-marks]', row), true));
    }
    for (const [id, row] of own) if (!this.draft.baseOrder.includes(id)) row.remove();
    if (!reordered) {
      const byId = new Map(this.rows().map((row) => [row.dataset.slide ?? '', row]));
      this.list.append(...this.draft.baseOrder.flatMap((id) => byId.get(id) ?? []));
    }
    this.section.querySelector('.empty')?.remove();
    this.renumber();
  }
}

/**
 * Before which row a point lies, by places that were measured before.
 * @param {{ left: number, top: number, width: number, height: number }[]} places
 * @param {number} x
 * @param {number} y
 * @param {boolean} isSheet rows of several, else one below the other
 */
export function placeAt(places, x, y, isSheet) {
  let [low, high] = [0, places.length];
  const below = /** @param {number} index */ (index) => {
    const place = places[index];
    if (!place) return false;
    if (!isSheet) return y > place.top + place.height / 2;
    if (y > place.top + place.height) return true;
    return y >= place.top && x > place.left + place.width / 2;
  };
  while (low < high) {
    const middle = (low + high) >> 1;
    if (below(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}
