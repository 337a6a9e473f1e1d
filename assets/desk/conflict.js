// Two people changed the same: each field is shown with both texts and what differs, and one of them, or both, is taken.

import { make, say } from './ask.js';

/**
 * The words of two texts, with those that only one has.
 * @param {string} before
 * @param {string} after
 * @returns {{ text: string, kind: 'same' | 'was' | 'will' }[]}
 */
export function difference(before, after) {
  const split = /** @param {string} text */ (text) => text.match(/\s+|[^\s]+/g) ?? [];
  const [one, other] = [split(before), split(after)];
  if (one.length * other.length > 4e6) return [{ text: before, kind: 'was' }, { text: after, kind: 'will' }];
  /** @type {Uint16Array[]} longest rows that both have, from each place on */
  const longest = Array.from({ length: one.length + 1 }, () => new Uint16Array(other.length + 1));
  const at = /** @param {number} i @param {number} j */ (i, j) => longest[i]?.[j] ?? 0;
  for (let i = one.length - 1; i >= 0; i -= 1) {
    for (let j = other.length - 1; j >= 0; j -= 1) {
      const row = longest[i];
      if (row) row[j] = one[i] === other[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  /** @type {{ text: string, kind: 'same' | 'was' | 'will' }[]} */
  const pieces = [];
  const add = /** @param {'same' | 'was' | 'will'} kind @param {string | undefined} text */ (kind, text) => {
    const last = pieces[pieces.length - 1];
    if (last?.kind === kind) last.text += text ?? '';
    else pieces.push({ kind, text: text ?? '' });
  };
  let [i, j] = [0, 0];
  while (i < one.length || j < other.length) {
    if (i < one.length && j < other.length && one[i] === other[j]) {
      add('same', one[i]);
      i += 1;
      j += 1;
    } else if (j >= other.length || (i < one.length && at(i + 1, j) >= at(i, j + 1))) {
      add('was', one[i]);
      i += 1;
    } else {
      add('will', other[j]);
      j += 1;
    }
  }
  return pieces;
}

/**
 * The difference as elements.
 * @param {string} before
 * @param {string} after
 */
export function shownDifference(before, after) {
  return difference(before, after).map(({ text, kind }) => (kind === 'same' ? document.createTextNode(text) : make(kind === 'was' ? 'del' : 'ins', { class: kind }, text)));
}

/**
 * Asks what is to stand in the fields that both changed.
 * @param {import('./draft.js').Draft} draft
 * @param {HTMLFormElement} theirs the form as the server has it
 * @returns {Promise<Map<string, string>>} what was decided, by the names of the fields
 */
export function showConflict(draft, theirs) {
  /** @type {Map<string, string>} */
  const decided = new Map();
  const open = [...draft.dirty].filter((name) => {
    const there = theirs.elements.namedItem(name);
    return there && 'value' in there && there.value !== draft.base.get(name) && there.value !== draft.value(name);
  });
  if (!open.length) return Promise.resolve(decided);
  return new Promise((resolve) => {
    const rows = open.map((name) => row(name));
    const done = make('button', { type: 'button', class: 'deed' }, say('conflict-done'));
    const dialog = make('dialog', { 'aria-labelledby': 'conflict-title' }, make('h2', { id: 'conflict-title' }, say('conflict-title')), make('p', {}, say('conflict-text')), ...rows, make('p', {}, done));
    done.addEventListener('click', () => dialog.close());
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(decided);
    });
    document.body.append(dialog);
    dialog.showModal();
  });

  /** @param {string} name */
  function row(name) {
    const own = draft.value(name);
    const there = theirs.elements.namedItem(name);
    const other = there && 'value' in there ? String(there.value) : '';
    const field = draft.field(name);
    const label = field instanceof HTMLElement ? (document.querySelector(`label[for="${CSS.escape(name)}"]`)?.textContent ?? name) : name;
    const number = field instanceof HTMLElement ? field.closest('[data-slide]')?.querySelector('[data-number]')?.textContent : null;
    decided.set(name, own);
    const choices = [
      { text: say('conflict-yours'), value: own },
      { text: say('conflict-theirs'), value: other },
      { text: say('conflict-both'), value: [own, other].filter(Boolean).join('\n') },
    ].map(({ text, value }, index) => {
      const radio = make('input', { type: 'radio', name: `take-${name}`, checked: index === 0 });
      radio.addEventListener('change', () => decided.set(name, value));
      return make('label', {}, radio, ' ', text);
    });
    return make('fieldset', {}, make('legend', {}, number ? `${number}: ${label}` : label), make('div', { class: 'two' }, make('div', { dir: 'auto' }, make('strong', {}, say('conflict-yours')), '\n', own), make('div', { dir: 'auto' }, make('strong', {}, say('conflict-theirs')), '\n', ...shownDifference(own, other))), make('p', { class: 'buttons' }, ...choices));
  }
}
