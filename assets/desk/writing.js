// Writing the body: a bar for Markdown, the text as readers will see it, sections and tags to choose from, and pasted text
// without the mark-up that word processors bring along.

import { later, make, say, the } from './ask.js';

/** @type {{ key: string, text: string, before: string, after: string, line?: boolean }[]} */
const FORMATS = [
  { key: 'format-strong', text: 'B', before: '**', after: '**' },
  { key: 'format-emphasis', text: 'I', before: '*', after: '*' },
  { key: 'format-link', text: '↗', before: '[', after: '](https://)' },
  { key: 'format-heading', text: 'H', before: '## ', after: '', line: true },
  { key: 'format-list', text: '•', before: '- ', after: '', line: true },
  { key: 'format-quote', text: '❝', before: '> ', after: '', line: true },
];

/** @param {import('./draft.js').Draft} draft */
export function writing(draft) {
  const body = /** @type {HTMLTextAreaElement} */ (the('#body'));
  const bar = make('div', { class: 'format', role: 'toolbar', 'aria-label': say('format') });
  for (const format of FORMATS) {
    const button = make('button', { type: 'button', title: say(format.key), 'aria-label': say(format.key) }, format.text);
    button.addEventListener('click', () => apply(body, format));
    bar.append(button);
  }
  const look = make('button', { type: 'button', 'aria-pressed': 'false', 'aria-controls': 'body-shown' }, say('body-preview'));
  const shown = make('div', { id: 'body-shown', class: 'body-shown', dir: 'auto', hidden: true });
  bar.append(look);
  body.before(bar);
  the('#body-field').append(shown);
  const show = async () => {
    const answer = await fetch('/desk/body', { method: 'POST', headers: { 'content-type': 'text/plain;charset=utf-8' }, body: body.value }).catch(() => null);
    // What comes is what the page prints: sanitised by the server.
    if (answer?.ok) shown.innerHTML = await answer.text();
  };
  const soon = later(() => void show(), 200);
  look.addEventListener('click', () => {
    shown.hidden = !shown.hidden;
    look.setAttribute('aria-pressed', String(!shown.hidden));
    if (!shown.hidden) void show();
  });
  body.addEventListener('input', () => {
    if (!shown.hidden) soon();
  });

  // Sections and tags that are in use, once they are wanted.
  const known = async () => {
    const told = await fetch('/desk/known').then((answer) => (answer.ok ? answer.json() : null)).catch(() => null);
    if (!told) return;
    the('#known-sections').replaceChildren(...told.sections.map((/** @type {string} */ one) => make('option', { value: one })));
    the('#tags').dataset.known = JSON.stringify(told.tags);
  };
  const section = the('#section');
  section.setAttribute('list', 'known-sections');
  section.addEventListener('focus', () => void known(), { once: true });
  offerTags(/** @type {HTMLTextAreaElement} */ (the('#tags')), known);

  draft.form.addEventListener('paste', (event) => {
    const field = event.target;
    const text = event.clipboardData?.getData('text/plain');
    if (!text || !(field instanceof HTMLTextAreaElement || field instanceof HTMLInputElement) || !field.hasAttribute('data-field')) return;
    const clean = tidy(text, field.name !== 'body' && field.name !== 'lede');
    if (clean === text) return;
    event.preventDefault();
    field.setRangeText(clean, field.selectionStart ?? 0, field.selectionEnd ?? 0, 'end');
    field.dispatchEvent(new InputEvent('input', { bubbles: true }));
  });
}

/**
 * Text as it was meant: without what a word processor hides in it, and where it is to be one paragraph, as one.
 * @param {string} text
 * @param {boolean} isOne
 */
export function tidy(text, isOne) {
  // Conditional comments, tags and style rules that Word puts on the clipboard as text, soft hyphens, byte order marks, zero-width signs but joiners.
  const bare = /<(?:[a-z][a-z0-9]*:[a-z]|\/?(?:p|span|div|font|b|i|o:p)\b|!--)/i.test(text) ? text.replace(/<!--[\s\S]*?-->/g, '').replace(/<style[\s\S]*?<\/style>/gi, '').replace(/<[^>]+>/g, '') : text;
  const clean = bare.replace(/[\u00ad\ufeff\u200b\u2060]/g, '').replace(/\u00a0/g, ' ').replace(/\r\n?/g, '\n').replace(/\u000b/g, '\n');
  return isOne ? clean.replace(/\s*\n\s*/g, ' ').trim() : clean;
}

/** @param {HTMLTextAreaElement} field @param {typeof FORMATS[number]} format */
function apply(field, format) {
  const { selectionStart: start, selectionEnd: end, value } = field;
  field.focus();
  if (format.line) {
    const begin = value.lastIndexOf('\n', start - 1) + 1;
    const lines = value.slice(begin, end).split('\n').map((line) => `${format.before}${line}`);
    field.setRangeText(lines.join('\n'), begin, end, 'end');
  } else {
    field.setRangeText(`${format.before}${value.slice(start, end)}${format.after}`, start, end, 'end');
    if (start === end) field.selectionStart = field.selectionEnd = start + format.before.length;
  }
  field.dispatchEvent(new InputEvent('input', { bubbles: true }));
}

/**
 * Offers tags that are in use below the field, to be taken with a click or with the arrow keys and Enter.
 * @param {HTMLTextAreaElement} field
 * @param {() => Promise<void>} known
 */
function offerTags(field, known) {
  const list = make('div', { class: 'format', role: 'group', 'aria-label': say('known-tags'), hidden: true });
  field.after(list);
  field.addEventListener('focus', () => void known(), { once: true });
  field.addEventListener('input', () => {
    const all = /** @type {string[]} */ (JSON.parse(field.dataset.known ?? '[]'));
    const typed = field.value.slice(0, field.selectionStart);
    const word = (typed.split(/[,\n]/).pop() ?? '').trim().toLowerCase();
    const taken = field.value.split(/[,\n]/).map((one) => one.trim());
    const offered = word ? all.filter((one) => one.toLowerCase().startsWith(word) && !taken.includes(one)).slice(0, 6) : [];
    list.hidden = offered.length === 0;
    list.replaceChildren(...offered.map((one) => {
      const button = make('button', { type: 'button' }, one);
      button.addEventListener('click', () => {
        const begin = Math.max(typed.lastIndexOf(','), typed.lastIndexOf('\n')) + 1;
        field.setRangeText(`${begin ? ' ' : ''}${one}, `, begin, typed.length, 'end');
        field.focus();
        field.dispatchEvent(new InputEvent('input', { bubbles: true }));
      });
      return button;
    }));
  });
}
