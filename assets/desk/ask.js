// What the desk's modules share: asking the API, saying texts, making elements, telling the person something.

import words from './words.js';

/**
 * A text of the locale, with its variables filled in.
 * @param {string} key
 * @param {Record<string, string | number>} [values]
 */
export function say(key, values = {}) {
  const pattern = words[key] ?? key;
  return pattern.replace(/\{ \$([a-z]+) \}|\{"([^"]*)"\}/g, (whole, name, literal) => literal ?? (name in values ? String(values[name]) : whole));
}

/** What the API refused: its sentence, and all that it told. */
export class Refused extends Error {
  /**
   * @param {number} status
   * @param {any} told
   */
  constructor(status, told) {
    super(told?.detail ?? say('went-wrong'));
    this.status = status;
    this.told = told;
  }
}

/** The server cannot be reached, or is starting: what was asked may be asked again. */
export class Away extends Error {}

/**
 * Asks the API.
 * @param {string} method
 * @param {string} path below /api/v1
 * @param {{ body?: unknown, headers?: Record<string, string>, keepalive?: boolean, signal?: AbortSignal }} [how]
 * @returns {Promise<any>} the answer, and `null` where it has none
 */
export async function ask(method, path, { body, headers = {}, keepalive, signal } = {}) {
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  const fields = body === undefined ? headers : { 'content-type': 'application/json', ...headers };
  let answer;
  try {
    answer = await fetch(`/api/v1${path}`, { method, headers: fields, keepalive, signal, ...sent });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Away(say('away'));
  }
  if (answer.status === 503 || answer.status === 502 || answer.status === 504) throw new Away(say('away'));
  const told = answer.status === 204 ? null : await answer.json().catch(() => null);
  if (!answer.ok) throw new Refused(answer.status, told);
  return told;
}

/**
 * An element with attributes and children.
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name
 * @param {Record<string, string | number | boolean | null | undefined>} [attributes]
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[Name]}
 */
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(key, '');
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(key, String(value));
  }
  element.append(...children);
  return element;
}

/**
 * An element that the page has.
 * @param {string} selector
 * @param {ParentNode} [within]
 * @returns {HTMLElement}
 */
export function the(selector, within = document) {
  const found = within.querySelector(selector);
  if (!(found instanceof HTMLElement)) throw new Error(`the page has no ${selector}`);
  return found;
}

/** @type {HTMLElement | undefined} */
let toast;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let toastEnds;

/**
 * Tells something that needs no answer; screen readers say it too.
 * @param {string} text
 * @param {{ bad?: boolean, deed?: string, then?: () => void }} [how] a deed that is offered with it
 */
export function tell(text, { bad = false, deed, then } = {}) {
  toast?.remove();
  clearTimeout(toastEnds);
  toast = make('div', { class: bad ? 'toast bad' : 'toast', role: bad ? 'alert' : 'status' }, make('span', {}, text));
  const shown = toast;
  if (deed && then) {
    const button = make('button', { type: 'button' }, deed);
    button.addEventListener('click', () => {
      shown.remove();
      then();
    });
    toast.append(button);
  }
  document.body.append(toast);
  if (!bad) toastEnds = setTimeout(() => shown.remove(), deed ? 12000 : 5000);
}

/**
 * Whether keys belong to a field now, so that a single letter is no command (WCAG 2.1.4).
 * @param {EventTarget | null} target
 */
export function isTyping(target) {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches('input:not([type="checkbox"]):not([type="radio"]), textarea, select'));
}

/**
 * A function that is run once, some time after it was last called.
 * @param {() => void} deed
 * @param {number} wait in milliseconds
 */
export function later(deed, wait) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(deed, wait);
  };
}
