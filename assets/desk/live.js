// Going live: asks until what was published is printed and every process shows it, and says how long that took.

import { ask, make, say, the } from './ask.js';

/** @typedef {{ id: string, shows: boolean }} Node */

const REST = 150;
const panel = the('#live');
const said = the('[data-said]', panel);
const list = the('ul', panel);
const begun = performance.now();
const isGone = 'gone' in panel.dataset;

/** @param {Node[]} nodes */
function show(nodes) {
  list.replaceChildren(
    ...nodes.map((node) =>
      make('li', {}, make('code', {}, node.id), ' ', make('span', { class: node.shows ? 'badge good' : 'badge warm' }, say(node.shows ? 'live-shows' : 'live-not-yet'))),
    ),
  );
}

async function follow() {
  panel.querySelector('[data-again]')?.remove();
  for (;;) {
    const told = await ask('GET', `/stories/${panel.dataset.story}/live`).catch(() => null);
    if (told) {
      show(told.nodes);
      if (told.live) {
        said.textContent = say(isGone ? 'gone-after' : 'live-after', { seconds: ((performance.now() - begun) / 1000).toFixed(1) });
        return;
      }
    }
    await new Promise((resolve) => setTimeout(resolve, REST));
  }
}

if ('follow' in panel.dataset) follow();
