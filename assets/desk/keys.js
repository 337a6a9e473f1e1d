// The list of keys of a page, shown by "?": each module says which it listens to.

import { isTyping, make, say } from './ask.js';

/** @type {{ keys: string, text: string }[]} */
const known = [];

/**
 * Adds a line to the list of keys.
 * @param {string} keys as they are shown, with blanks between alternatives
 * @param {string} text what they do
 */
export function tellKey(keys, text) {
  known.push({ keys, text });
}

/** @type {HTMLDialogElement | undefined} */
let list;

function show() {
  list?.remove();
  const rows = known.map(({ keys, text }) => {
    const shown = keys.split(' ').flatMap((key, index) => [...(index ? [' '] : []), make('kbd', {}, key)]);
    return make('tr', {}, make('th', { scope: 'row' }, ...shown), make('td', {}, text));
  });
  const close = make('button', { type: 'button' }, say('close'));
  list = make('dialog', { 'aria-labelledby': 'keys-title' }, make('h2', { id: 'keys-title' }, say('keys')), make('table', {}, make('tbody', {}, ...rows)), make('p', {}, close));
  close.addEventListener('click', () => list?.close());
  document.body.append(list);
  list.showModal();
}

tellKey('?', say('key-list'));
document.addEventListener('keydown', (event) => {
  if (event.key === '?' && !isTyping(event.target) && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    show();
  }
});
