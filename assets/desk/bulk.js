// Many captions at once: a field set by a template, words found and replaced, codes replaced by what a file says. What would
// change is shown before it does, and can be undone.

import { make, say, tell, the } from './ask.js';
import { shownDifference } from './conflict.js';

const FIELDS = ['caption', 'alt', 'credit', 'place', 'date', 'long_description'];
const CODES = 'desk-codes';

/** What stands between signs that open and close a code: `\jd1\`, `\jd1#2\` for its second text. */
const CODE = /\\([^\\\s#]+)(?:#(\d+))?\\/g;

/** @returns {Record<string, string[]>} */
function codes() {
  try {
    return JSON.parse(localStorage.getItem(CODES) ?? '{}');
  } catch {
    return {};
  }
}

/**
 * Reads a file of codes: a line each, the code, a tab, its text, and more texts behind more tabs.
 * @param {string} text
 */
export function readCodes(text) {
  /** @type {Record<string, string[]>} */
  const found = {};
  for (const line of text.split(/\r?\n/)) {
    const [code, ...texts] = line.split('\t').map((one) => one.trim());
    if (code && texts.length && !line.startsWith('//')) found[code] = texts;
  }
  return found;
}

/**
 * A text with its codes replaced; what is no known code stays.
 * @param {string} text
 * @param {Record<string, string[]>} known
 */
export function replaceCodes(text, known) {
  return text.replace(CODE, (whole, code, number) => known[code]?.[Number(number ?? 1) - 1] ?? whole);
}

/**
 * @param {import('./draft.js').Draft} draft
 * @param {import('./slides.js').Slides} slides
 */
export function bulk(draft, slides) {
  /** @type {(row: HTMLElement, field: string) => string} */
  const nameOf = (row, field) => `s.${row.dataset.slide}.${field}`;

  /** A template for one slide: `{city}` is what its file says, `{number}` its place, `{caption}` what stands there. */
  const filled = /** @param {string} template @param {HTMLElement} row @param {string} field */ (template, row, field) => {
    /** @type {Record<string, string | null>} */
    const facts = JSON.parse(row.dataset.facts ?? '{}');
    const known = { ...facts, number: String(slides.rows().indexOf(row) + 1), text: draft.value(nameOf(row, field)), caption: draft.value(nameOf(row, 'caption')) };
    return template.replace(/\{([a-z]+)\}/g, (whole, name) => (name in known ? (known[/** @type {keyof known} */ (name)] ?? '') : whole));
  };

  // A code that is closed while somebody types becomes its text.
  draft.form.addEventListener('input', (event) => {
    const field = event.target;
    if (!(field instanceof HTMLTextAreaElement || field instanceof HTMLInputElement) || !field.name.startsWith('s.') || field.type === 'radio') return;
    const at = field.selectionStart ?? 0;
    const before = field.value.slice(0, at);
    if (!before.endsWith('\\')) return;
    const now = replaceCodes(before, codes());
    if (now === before) return;
    field.setRangeText(now, 0, at, 'end');
    draft.mark(field.name);
  });

  the('[data-bulk]').addEventListener('click', () => {
    const picked = slides.picked();
    const rows = picked.length ? picked : slides.rows();
    const which = picked.length ? say('bulk-selected', { number: picked.length }) : say('bulk-all', { number: rows.length });
    const field = select(FIELDS.map((one) => [one, fieldName(one)]));
    const template = make('textarea', { rows: 2, dir: 'auto' });
    const find = make('input', { dir: 'auto' });
    const replace = make('input', { dir: 'auto' });
    const exact = make('input', { type: 'checkbox' });
    const file = make('input', { type: 'file', accept: '.txt,.tsv,text/plain,text/tab-separated-values' });
    const trial = make('ul', { class: 'trial', 'aria-label': say('bulk-trial'), tabindex: '0' });
    const count = make('p', { role: 'status' });
    const apply = make('button', { type: 'button', class: 'deed' }, say('bulk-apply'));
    const close = make('button', { type: 'button' }, say('close'));
    const how = select([['find', say('bulk-find')], ['set', say('bulk-set')], ['codes', say('bulk-codes')]]);
    const parts = {
      find: make('div', {}, labelled(say('find'), find), labelled(say('replace-by'), replace), make('p', {}, make('label', {}, exact, ' ', say('match-case')))),
      set: make('div', {}, labelled(say('template'), template), make('p', { class: 'quiet' }, say('template-fields'))),
      codes: make('div', {}, labelled(say('codes-file'), file), make('p', { class: 'quiet' }, say('codes-are'))),
    };
    const dialog = make('dialog', { 'aria-labelledby': 'bulk-title' }, make('h2', { id: 'bulk-title' }, say('bulk')), make('p', { class: 'quiet' }, which), labelled(say('bulk-how'), how), labelled(say('bulk-field'), field), ...Object.values(parts), count, trial, make('p', { class: 'buttons' }, apply, close));
    /** @type {Map<string, string>} */
    let changes = new Map();

    const look = () => {
      for (const [name, part] of Object.entries(parts)) part.hidden = name !== how.value;
      changes = new Map();
      const known = codes();
      for (const row of rows) {
        const name = nameOf(row, field.value);
        const before = draft.value(name);
        let after = before;
        if (how.value === 'set') after = template.value ? filled(template.value, row, field.value) : before;
        else if (how.value === 'codes') after = replaceCodes(before, known);
        else if (find.value) after = before.replace(new RegExp(find.value.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), exact.checked ? 'gu' : 'giu'), () => replace.value);
        if (after !== before) changes.set(name, after);
      }
      count.textContent = say('bulk-count', { number: changes.size });
      apply.disabled = changes.size === 0;
      trial.replaceChildren(...[...changes].slice(0, 50).map(([name, after]) => make('li', { dir: 'auto' }, ...shownDifference(draft.value(name), after))));
    };
    for (const one of [how, field, template, find, replace, exact]) one.addEventListener('input', look);
    file.addEventListener('change', async () => {
      const text = await file.files?.[0]?.text();
      if (text === undefined) return;
      const read = readCodes(text);
      localStorage.setItem(CODES, JSON.stringify(read));
      tell(say('codes-read', { number: Object.keys(read).length }));
      look();
    });
    apply.addEventListener('click', () => {
      slides.typedAll(changes, say('bulk'));
      dialog.close();
      void draft.save();
      tell(say('bulk-done', { number: changes.size }), { deed: say('undo'), then: () => slides.back() });
    });
    close.addEventListener('click', () => dialog.close());
    dialog.addEventListener('close', () => dialog.remove());
    document.body.append(dialog);
    look();
    dialog.showModal();
  });

  /** @param {string} field */
  function fieldName(field) {
    const first = slides.rows()[0];
    const label = first?.querySelector(`label[for$=".${field}"]`)?.textContent ?? field;
    return label.split(':')[0] ?? label;
  }
}

/** @param {string[][]} options value and text of each */
function select(options) {
  return make('select', {}, ...options.map(([value, text]) => make('option', { value }, text ?? '')));
}

let labels = 0;

/** @param {string} text @param {HTMLElement} field */
function labelled(text, field) {
  labels += 1;
  field.id = `bulk-${labels}`;
  return make('p', {}, make('label', { for: field.id }, text), field);
}
