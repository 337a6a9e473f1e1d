// A state of a story beside what it is now: marks the words that differ.

import { shownDifference } from './conflict.js';

for (const pair of document.querySelectorAll('[data-compared]')) {
  const [then, now] = [pair.querySelector('[data-then]'), pair.querySelector('[data-now]')];
  if (!then || !now) continue;
  const [before, after] = [then.textContent ?? '', now.textContent ?? ''];
  now.replaceChildren(...shownDifference(before, after).filter((piece) => !(piece instanceof HTMLElement && piece.localName === 'del')));
  then.replaceChildren(...shownDifference(before, after).filter((piece) => !(piece instanceof HTMLElement && piece.localName === 'ins')));
}
