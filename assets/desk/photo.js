// One photo: the arrows lead along the sheet that it was opened from.

import { ask, isTyping, make, say, the } from './ask.js';
import { tellKey } from './keys.js';

const page = the('#photo');
const id = page.dataset.id ?? '';
/** @type {{ back: string, ids: string[] } | null} */
const sheet = JSON.parse(sessionStorage.getItem('halftone-sheet') ?? 'null');
const at = sheet?.ids.indexOf(id) ?? -1;
const before = at > 0 ? sheet?.ids[at - 1] : undefined;
const after = at >= 0 ? sheet?.ids[at + 1] : undefined;
const back = /** @type {HTMLAnchorElement} */ (the('#back'));
if (sheet && /^\/desk\/photos(\?|$)/.test(sheet.back)) back.href = sheet.back;

/** @param {string | undefined} to @param {string} sign @param {string} text @param {string} rel */
function lead(to, sign, text, rel) {
  if (to) the('#beside').append(' ', make('a', { class: 'button', href: `/desk/photos/${to}`, rel, 'aria-label': text }, sign));
}
lead(before, '←', say('earlier'), 'prev');
lead(after, '→', say('later'), 'next');
document.addEventListener('keydown', (event) => {
  if (isTyping(event.target) || event.altKey || event.ctrlKey || event.metaKey || document.querySelector('dialog[open]')) return;
  const to = event.key === 'ArrowLeft' ? before : event.key === 'ArrowRight' ? after : undefined;
  // The arrows are no places to come back to one by one.
  if (to) location.replace(`/desk/photos/${to}`);
  else if (event.key === 'Escape') location.assign(back.href);
});
if (at >= 0) tellKey('← →', say('key-beside'));
tellKey('Esc', say('key-back'));

/** A photo that is being developed comes by itself. */
async function wait() {
  const told = await ask('GET', `/photos/${id}`).catch(() => null);
  if (told?.state === 'waiting' || !told) setTimeout(() => void wait(), 1500);
  else location.reload();
}
if (!document.querySelector('.large img') && !document.querySelector('.large .wrong')) void wait();
