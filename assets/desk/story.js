// A story: saves itself, listens for others, and brings the parts of the page together.

import { ask, make, say, tell, the } from './ask.js';
import { bulk } from './bulk.js';
import { checks } from './checks.js';
import { showConflict } from './conflict.js';
import { Draft } from './draft.js';
import { tellKey } from './keys.js';
import { focusing } from './focus.js';
import { Slides } from './slides.js';
import { takeDrops } from './uploads.js';
import { writing } from './writing.js';

const form = /** @type {HTMLFormElement} */ (the('#story'));
for (const hidden of form.querySelectorAll('.scripted')) /** @type {HTMLElement} */ (hidden).hidden = false;
the('[data-save]', form).hidden = true;

const draft = new Draft(form);
const slides = new Slides(draft);
const state = the('#saving');

/** @param {string} kind @param {string} text */
draft.onState = (kind, text) => {
  state.textContent = text;
  state.classList.toggle('late', kind === 'late');
};

/** @param {string} name @param {string | null} sentence */
function showWrong(name, sentence) {
  const field = draft.field(name);
  if (!(field instanceof HTMLElement)) return;
  const id = `${name}-wrong`;
  document.getElementById(id)?.remove();
  field.toggleAttribute('aria-invalid', sentence !== null);
  if (sentence === null) {
    field.removeAttribute('aria-describedby');
    return;
  }
  field.setAttribute('aria-invalid', 'true');
  field.setAttribute('aria-describedby', id);
  field.closest('.field')?.after(make('p', { class: 'wrong', id }, sentence));
}

/** @param {any[]} reasons */
draft.onRefused = (reasons) => {
  for (const reason of reasons) showWrong(reason.slide ? `s.${reason.slide}.${reason.field}` : reason.field, reason.detail);
};
/** @param {string[]} names */
draft.onSaved = (names) => {
  for (const name of names) showWrong(name, null);
};

/** The page as the server has it now. */
async function fetched() {
  const answer = await fetch(location.pathname);
  if (!answer.ok || answer.redirected) return null;
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  return /** @type {HTMLFormElement | null} */ (page.querySelector('#story'));
}

/** Takes over what others changed; what is typed here and not saved yet stays. */
async function reconcile() {
  const theirs = await fetched();
  if (!theirs) return;
  draft.revision = Number(/** @type {HTMLInputElement} */ (theirs.elements.namedItem('revision')).value);
  for (const field of theirs.querySelectorAll('[data-field]')) {
    const one = /** @type {HTMLInputElement} */ (field);
    if (one.type === 'radio') {
      if (one.checked && !draft.dirty.has(one.name)) {
        const own = draft.field(one.name);
        if (own) own.value = one.value;
        draft.base.set(one.name, one.value);
      }
      continue;
    }
    const own = draft.field(one.name);
    if (own && !draft.dirty.has(one.name) && own.value !== one.value) own.value = one.value;
    draft.base.set(one.name, one.value);
    if (own && own.value === one.value) draft.dirty.delete(one.name);
  }
  slides.take(theirs);
  void checking.look();
}
draft.onOthers = () => void reconcile();

draft.onConflict = async () => {
  draft.asking = true;
  const theirs = await fetched();
  if (!theirs) {
    draft.asking = false;
    draft.onState('late', say('signed-out'));
    draft.wait();
    return;
  }
  const decided = await showConflict(draft, theirs);
  for (const [name, value] of decided) {
    const own = draft.field(name);
    if (own) own.value = value;
  }
  const wanted = draft.isReordered() ? draft.order() : null;
  const stood = [...draft.dirty];
  for (const name of stood) {
    const there = theirs.elements.namedItem(name);
    if (there instanceof RadioNodeList || (there && 'value' in there)) draft.base.set(name, String(there.value));
  }
  await reconcile();
  if (wanted) slides.order(wanted);
  for (const name of stood) draft.mark(name);
  draft.asking = false;
  await draft.save();
};

const checking = checks(draft, (name, value) => slides.typed(name, value));
bulk(draft, slides);
focusing(draft, (name, value) => slides.typed(name, value));
// What is sent from here becomes slides at the end; the page is told of each as of anybody's.
takeDrops({ story: draft.story });
writing(draft);

// What an earlier page of this browser never saved: a session that ended, a network that went, a tab that was shut.
const left = draft.left();
if (left) {
  for (const [name, value] of Object.entries(left.values)) draft.set(name, value);
  if (left.order && left.order.length === draft.order().length) slides.order(left.order);
  if (draft.isPending()) {
    draft.revision = Math.min(left.revision, draft.revision);
    tell(say('brought-back'));
    void draft.save();
  } else {
    draft.keep();
  }
}

// Others who work on the same story, and photos that arrive for it.
const events = new EventSource('/api/v1/events');
const mine = /** @param {MessageEvent} event */ (event) => JSON.parse(event.data).story === draft.story;
for (const kind of ['story_saved', 'photo_arrived']) {
  events.addEventListener(kind, async (event) => {
    if (!mine(event) || draft.saving) return;
    const told = await ask('GET', `/stories/${draft.story}/revisions?limit=1`).catch(() => null);
    const newest = told?.items[0];
    if (!newest || newest.revision <= draft.revision || draft.saving) return;
    if (!draft.isPending()) {
      await reconcile();
      if (newest.name) draft.onState('saved', say('others-saved', { name: newest.name }));
    }
  });
}
events.addEventListener('photo_developed', (event) => {
  const photo = JSON.parse(event.data).photo;
  if (photo && form.querySelector(`[data-photo="${CSS.escape(photo)}"] .lack`) && !draft.isPending()) void reconcile();
});
addEventListener('pagehide', () => events.close());

document.addEventListener('keydown', (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 's') {
    event.preventDefault();
    void draft.save();
  }
});
tellKey('Ctrl+S', say('key-save'));
