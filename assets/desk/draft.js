// A story's form that saves itself: what was typed and is not saved yet, kept in this browser until the server has it.

import { Away, Refused, later, say } from './ask.js';

/** @typedef {HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement} Field */

/**
 * What a browser keeps of a story until it is saved.
 * @typedef {{ revision: number, values: Record<string, string>, order: string[] | null }} Kept
 */

/** Lists that stand in one field each. */
const LISTS = new Map([['bylines', /\n/], ['tags', /[,\n]/]]);

/** How long after the last key a text is saved, in milliseconds. */
const PAUSE = 700;

export class Draft {
  /** @param {HTMLFormElement} form */
  constructor(form) {
    this.form = form;
    this.story = form.dataset.story ?? '';
    this.revision = Number(new FormData(form).get('revision'));
    /** @type {Map<string, string>} what the server has, by the names of the fields */
    this.base = new Map();
    /** @type {Set<string>} fields that differ from it */
    this.dirty = new Set();
    /** @type {Set<string>} fields that the server refused as they are */
    this.refused = new Set();
    /** @type {string[]} */
    this.baseOrder = this.order();
    this.saving = false;
    /** Whether the person is being asked whose texts stand; nothing is saved meanwhile. */
    this.asking = false;
    this.again = false;
    this.tries = 0;
    /** @type {(state: string, text: string) => void} */
    this.onState = () => {};
    /** @type {(told: any) => void} both changed the same */
    this.onConflict = () => {};
    /** @type {(told: any[]) => void} */
    this.onRefused = () => {};
    /** @type {(names: string[]) => void} */
    this.onSaved = () => {};
    /** @type {() => void} somebody else saved as well */
    this.onOthers = () => {};
    this.learn(form);
    this.soon = later(() => void this.save(), PAUSE);
    this.keepSoon = later(() => this.keep(), 150);
    form.addEventListener('input', (event) => this.noticed(event.target));
    form.addEventListener('change', (event) => {
      this.noticed(event.target);
      void this.save();
    });
    form.addEventListener('submit', (event) => {
      const button = event.submitter;
      if (button instanceof HTMLButtonElement && (button.name === 'clear' || button.hasAttribute('data-leave'))) return;
      event.preventDefault();
      void this.save();
    });
    addEventListener('online', () => void this.save());
    addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'hidden') this.keep();
      else void this.save();
    });
    addEventListener('beforeunload', () => this.keep());
  }

  /** @param {string} name */
  field(name) {
    const found = this.form.elements.namedItem(name);
    if (found instanceof RadioNodeList) return found;
    return /** @type {Field | null} */ (found);
  }

  /** @param {string} name */
  value(name) {
    return this.field(name)?.value ?? '';
  }

  /**
   * Puts a text into a field as if it had been typed.
   * @param {string} name
   * @param {string} value
   */
  set(name, value) {
    const field = this.field(name);
    if (!field || field.value === value) return;
    field.value = value;
    this.mark(name);
  }

  /**
   * Learns what the server has from fields as they came.
   * @param {ParentNode} within
   */
  learn(within) {
    for (const field of within.querySelectorAll('[data-field]')) {
      const one = /** @type {Field} */ (field);
      if (one instanceof HTMLInputElement && one.type === 'radio') {
        if (one.checked) this.base.set(one.name, one.value);
      } else {
        this.base.set(one.name, one.value);
      }
    }
  }

  /** The ids of the slides, in the order of the page. */
  order() {
    return [...this.form.querySelectorAll('[data-slide]')].map((row) => /** @type {HTMLElement} */ (row).dataset.slide ?? '');
  }

  isReordered() {
    const now = this.order();
    return now.length !== this.baseOrder.length || now.some((id, index) => id !== this.baseOrder[index]);
  }

  /** @param {EventTarget | null} target */
  noticed(target) {
    if (target instanceof HTMLElement && target.hasAttribute('data-field')) this.mark(/** @type {Field} */ (target).name);
  }

  /** @param {string} name */
  mark(name) {
    this.refused.delete(name);
    if (this.value(name) === this.base.get(name)) this.dirty.delete(name);
    else this.dirty.add(name);
    this.touched();
  }

  /** Something is to be saved. */
  touched() {
    this.keepSoon();
    if (!this.isPending()) return;
    this.onState('waiting', say('not-saved-yet'));
    this.soon();
  }

  isPending() {
    return this.dirty.size > 0 || this.isReordered();
  }

  get key() {
    return `desk-draft:${this.story}`;
  }

  /** Keeps in this browser what is not saved, so that nothing typed is lost with the page. */
  keep() {
    try {
      if (!this.isPending()) {
        localStorage.removeItem(this.key);
        return;
      }
      /** @type {Kept} */
      const kept = { revision: this.revision, values: Object.fromEntries([...this.dirty].map((name) => [name, this.value(name)])), order: this.isReordered() ? this.order() : null };
      localStorage.setItem(this.key, JSON.stringify(kept));
    } catch {
      // A browser without room, or without storage: the page itself still has all of it.
    }
  }

  /**
   * What an earlier page of this browser kept and never saved.
   * @returns {Kept | null}
   */
  left() {
    try {
      return JSON.parse(localStorage.getItem(this.key) ?? 'null');
    } catch {
      return null;
    }
  }

  /** What differs from what the server has, as the API takes it. */
  change() {
    /** @type {Record<string, any>} */
    const body = {};
    /** @type {Map<string, Record<string, string>>} */
    const edits = new Map();
    /** @type {Record<string, string>} */
    const sent = {};
    for (const name of this.dirty) {
      if (this.refused.has(name)) continue;
      const value = this.value(name);
      const [kind, id, field] = name.split('.');
      if (kind === 's' && id && !this.baseOrder.includes(id)) continue;
      sent[name] = value;
      if (kind === 's' && id && field) {
        const edit = edits.get(id) ?? { id };
        edit[field] = value;
        edits.set(id, edit);
      } else {
        const sign = LISTS.get(name);
        body[name] = sign ? value.split(sign).map((one) => one.trim()).filter(Boolean) : value;
      }
    }
    const order = this.isReordered() ? this.order() : null;
    const isKnown = /** @param {string} id */ (id) => this.baseOrder.includes(id);
    if (order) body.slides = order.map((id) => (isKnown(id) ? { id } : this.anew(id)));
    if (edits.size) body.edits = [...edits.values()];
    return { body, sent, order, hasNew: order?.some((id) => !isKnown(id)) ?? false };
  }

  /**
   * A slide that was taken out, saved so, and brought back: to the server a new one with the same photo and texts.
   * @param {string} id
   */
  anew(id) {
    const row = this.form.querySelector(`[data-slide="${CSS.escape(id)}"]`);
    /** @type {Record<string, string>} */
    const slide = {};
    for (const field of row?.querySelectorAll('[data-field]') ?? []) {
      const one = /** @type {Field} */ (field);
      const name = one.name.split('.')[2];
      if (name && one.value) slide[name] = one.value;
    }
    const photo = row instanceof HTMLElement ? row.dataset.photo : '';
    return photo ? { photo, ...slide } : slide;
  }

  /**
   * Forgets what was typed in a row that goes.
   * @param {HTMLElement} row
   */
  forget(row) {
    for (const field of row.querySelectorAll('[data-field]')) {
      const { name } = /** @type {Field} */ (field);
      if (name !== 'cover') this.dirty.delete(name);
    }
  }

  /** Saves what differs. Called again while it saves, it does so once more afterwards. */
  async save() {
    if (this.saving || this.asking) {
      this.again = this.saving;
      return;
    }
    const { body, sent, order, hasNew } = this.change();
    if (!Object.keys(body).length) return;
    this.saving = true;
    this.again = false;
    this.onState('saving', say('saving'));
    try {
      const before = this.revision;
      await this.send(body);
      this.tries = 0;
      for (const [name, value] of Object.entries(sent)) {
        this.base.set(name, value);
        if (this.value(name) === value) this.dirty.delete(name);
      }
      if (order) this.baseOrder = order;
      this.keep();
      this.onSaved(Object.keys(sent));
      if (this.revision > before + 1 || hasNew) this.onOthers();
      if (this.isPending()) this.again = true;
      else this.onState('saved', say('saved-at', { time: new Date().toTimeString().slice(0, 5) }));
    } catch (error) {
      this.failed(error);
    } finally {
      this.saving = false;
    }
    if (this.again) void this.save();
  }

  /** @param {object} body */
  async send(body) {
    const headers = { 'content-type': 'application/json', 'if-match': `"${this.revision}"`, prefer: 'return=minimal' };
    const path = `/api/v1/stories/${this.story}?merge=true`;
    /** @type {Response} */
    let answer;
    try {
      answer = await fetch(path, { method: 'PATCH', headers, body: JSON.stringify(body) });
    } catch {
      throw new Away(say('away'));
    }
    if ([502, 503, 504].includes(answer.status)) throw new Away(say('away'));
    if (!answer.ok) throw new Refused(answer.status, await answer.json().catch(() => null));
    this.revision = Number((answer.headers.get('etag') ?? '').replaceAll('"', ''));
  }

  /** @param {unknown} error */
  failed(error) {
    this.keep();
    this.again = false;
    if (error instanceof Refused && error.status === 412) this.onConflict(error.told);
    else if (error instanceof Refused && error.status === 401) {
      this.onState('late', say('signed-out'));
      this.wait();
    } else if (error instanceof Refused && error.status === 404) this.onState('late', say('story-gone'));
    else if (error instanceof Refused && error.status === 429) this.wait();
    else if (error instanceof Refused && error.status < 500) {
      const reasons = error.told?.reasons ?? [];
      for (const reason of reasons) this.refused.add(reason.slide ? `s.${reason.slide}.${reason.field}` : reason.field);
      this.onState('late', error.message);
      this.onRefused(reasons);
    } else {
      this.onState('late', say('kept-here'));
      this.wait();
    }
  }

  /** Tries again, each time after a longer while. */
  wait() {
    this.tries = Math.min(this.tries + 1, 5);
    setTimeout(() => void this.save(), 500 * 2 ** this.tries);
  }
}
