// Checks as one types: the server looks at the texts as they stand, and its findings come and go beside their fields.

import { Refused, ask, make, say } from './ask.js';

/**
 * A finding, as the API tells it.
 * @typedef {{ code: string, detail: string, field?: string, slide?: string, at?: { start: number, end: number }, correction?: { at: { start: number, end: number }, replacement: string } }} Finding
 */

/** The story's own texts that are checked. */
const OF_STORY = ['headline', 'section', 'language', 'dateline', 'lede', 'body', 'cover'];

/**
 * Listens to the form and shows findings.
 * @param {import('./draft.js').Draft} draft
 * @param {(name: string, value: string) => void} correct puts a corrected text into a field
 */
export function checks(draft, correct) {
  const form = draft.form;
  let looking = false;
  let again = false;
  /** @type {Map<string, string>} what is shown in each list, to leave alone what stays as it is */
  const shown = new Map();

  /** Asks at once, and once more afterwards where something was typed meanwhile. */
  async function look() {
    if (looking) {
      again = true;
      return;
    }
    looking = true;
    try {
      const { body } = draft.change();
      const story = Object.fromEntries(OF_STORY.filter((name) => name in body).map((name) => [name, body[name]]));
      show(await ask('POST', `/stories/${draft.story}/check`, { body: { story, slides: body.edits ?? [] } }));
    } catch (error) {
      // What cannot be checked now is checked with the next key, and in any case before it is published.
      if (!(error instanceof Refused)) await new Promise((done) => setTimeout(done, 1000));
    } finally {
      looking = false;
    }
    if (again) {
      again = false;
      void look();
    }
  }

  /** @param {{ refusals: Finding[], warnings: Finding[] }} report */
  function show(report) {
    /** @type {Map<string, { level: string, one: Finding }[]>} */
    const lists = new Map();
    const add = /** @param {string} level @param {Finding} one */ (level, one) => {
      const id = one.slide ?? '';
      const list = lists.get(id) ?? [];
      list.push({ level, one });
      lists.set(id, list);
    };
    for (const one of report.refusals) add('red', one);
    for (const one of report.warnings) add('amber', one);
    for (const list of form.querySelectorAll('[data-findings]')) {
      const id = /** @type {HTMLElement} */ (list).dataset.findings ?? '';
      const found = lists.get(id) ?? [];
      const now = JSON.stringify(found);
      if ((shown.get(id) ?? '') === now && list.childElementCount === found.length) continue;
      shown.set(id, now);
      list.replaceChildren(...found.map(({ level, one }) => line(id, level, one)));
    }
    for (const [name, count] of [['red', report.refusals.length], ['amber', report.warnings.length]]) {
      const badge = form.querySelector(`[data-${name}]`);
      if (!(badge instanceof HTMLElement)) continue;
      badge.textContent = String(count);
      badge.hidden = count === 0;
    }
  }

  /** @param {string} id @param {string} level @param {Finding} one */
  function line(id, level, one) {
    const item = make('li', { class: level, 'data-code': one.code, 'data-of': one.field }, one.detail);
    const name = one.field ? (id ? `s.${id}.${one.field}` : one.field) : null;
    if (!name || !draft.field(name)) return item;
    const { at, correction } = one;
    if (at) {
      const go = make('button', { type: 'button', class: 'plain' }, say('show-place'));
      go.addEventListener('click', () => select(name, at));
      item.append(go);
    }
    if (correction) {
      const mend = make('button', { type: 'button', class: 'plain' }, correctionText(correction));
      mend.addEventListener('click', () => {
        const letters = [...draft.value(name)];
        letters.splice(correction.at.start, correction.at.end - correction.at.start, correction.replacement);
        correct(name, letters.join(''));
        void look();
      });
      item.append(mend);
    }
    return item;
  }

  /** @param {NonNullable<Finding['correction']>} correction */
  function correctionText({ at, replacement }) {
    const text = replacement.trim() || '␣';
    if (!replacement) return say('correct-away');
    return at.start === at.end ? say('correct-add', { text }) : say('correct-to', { text });
  }

  /** @param {string} name @param {{ start: number, end: number }} at in code points */
  function select(name, at) {
    const field = draft.field(name);
    if (!(field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement)) return;
    const letters = [...field.value];
    const units = /** @param {number} end */ (end) => letters.slice(0, end).join('').length;
    field.focus();
    field.setSelectionRange(units(at.start), units(at.end));
  }

  form.addEventListener('input', () => void look());
  void look();
  return { look };
}
