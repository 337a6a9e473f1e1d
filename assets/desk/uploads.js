// Files that are dropped on a page, or chosen, go to the server in pieces (tus 1.0), and go on where they were after a network,
// a server or a page was away.

import { make, say, the } from './ask.js';

const PIECE = 2 << 20;
const AT_ONCE = 3;
const LONGEST_WAIT = 30000;
const ROOT = '/api/v1/uploads';
const KEPT = 'halftone-send:';
/** Whether the sender wants positions left out; remembered, since who needs that needs it each time. */
const BARE = 'halftone-leave-out';
const TUS = { 'tus-resumable': '1.0.0' };

/**
 * @typedef {'waiting' | 'sending' | 'paused' | 'away' | 'here' | 'refused'} State
 * @typedef {{ file: File, sidecar: File | null, story: string, isBare: boolean, key: string, state: State, sent: number, said: string,
 *   stop: AbortController | null, row: HTMLLIElement | null }} Send
 */

const STATES = { waiting: 'send-waiting', sending: 'send-sending', paused: 'send-paused', away: 'send-away', here: 'send-here', refused: 'send-refused' };

/** @type {Send[]} */
let sends = [];
let tries = 0;
let isPaused = false;
/** @type {(photo: string | null) => void} */
let taken = () => {};
/** @type {HTMLElement | undefined} */
let panel;

/** @param {string} text */
const base64 = (text) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));

/** @param {File} file */
async function sha256(file) {
  const hash = await crypto.subtle.digest('SHA-256', await file.arrayBuffer());
  return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** What the server will not take, with its sentence. */
class No extends Error {}

/**
 * @param {string} method
 * @param {string} url
 * @param {Record<string, string>} headers
 * @param {BodyInit | null} body
 * @param {AbortSignal} signal
 */
async function request(method, url, headers, body, signal) {
  const answer = await fetch(url, { method, headers: { ...TUS, ...headers }, body, signal });
  if (answer.ok) return answer;
  if (answer.status >= 500 || answer.status === 429 || answer.status === 408) throw new Error(`${answer.status}`);
  if (answer.status === 404 || answer.status === 409 || answer.status === 410) return answer;
  const told = await answer.json().catch(() => null);
  throw new No(told?.detail ?? say('went-wrong'));
}

/** @param {Send} one @param {AbortSignal} signal */
async function announce(one, signal) {
  const pairs = [`filename ${base64(one.file.name)}`];
  if (one.story) pairs.push(`story ${base64(one.story)}`);
  if (one.isBare) pairs.push(`leave_out ${base64('position')}`);
  if (one.sidecar && globalThis.crypto?.subtle) pairs.push(`sidecar ${base64(await sha256(one.sidecar))}`);
  const answer = await request('POST', ROOT, { 'upload-length': String(one.file.size), 'upload-metadata': pairs.join(',') }, null, signal);
  const address = answer.headers.get('location');
  if (!answer.ok || !address) throw new No((await answer.json().catch(() => null))?.detail ?? say('went-wrong'));
  localStorage.setItem(one.key, address);
  if (one.sidecar) await request('PUT', `${address}/sidecar`, { 'content-type': 'application/rdf+xml' }, one.sidecar, signal);
  return { address, offset: Number(answer.headers.get('upload-offset') ?? 0) };
}

/**
 * Where a file goes on: at the address that it was given before, or at a new one.
 * @param {Send} one
 * @param {AbortSignal} signal
 */
async function place(one, signal) {
  const address = localStorage.getItem(one.key);
  if (address?.startsWith(ROOT)) {
    const answer = await request('HEAD', address, {}, null, signal);
    if (answer.ok) return { address, offset: Number(answer.headers.get('upload-offset')) };
    localStorage.removeItem(one.key);
  }
  return announce(one, signal);
}

/** @param {Send} one @param {AbortSignal} signal */
async function sendAll(one, signal) {
  let { address, offset } = await place(one, signal);
  while (offset < one.file.size) {
    one.sent = offset;
    show(one);
    const headers = { 'upload-offset': String(offset), 'content-type': 'application/offset+octet-stream' };
    const answer = await request('PATCH', address, headers, one.file.slice(offset, offset + PIECE), signal);
    if (answer.ok) offset = Number(answer.headers.get('upload-offset'));
    else ({ address, offset } = await place(one, signal));
    tries = 0;
  }
  one.sent = one.file.size;
  const told = await (await request('GET', address, {}, null, signal)).json();
  localStorage.removeItem(one.key);
  if (told.state === 'refused') throw new No(told.reason);
  return told.photo ?? null;
}

/** @param {Send} one */
async function send(one) {
  one.state = 'sending';
  one.stop = new AbortController();
  show(one);
  try {
    const photo = await sendAll(one, one.stop.signal);
    one.state = 'here';
    taken(photo);
  } catch (error) {
    if (one.stop.signal.aborted) one.state = 'paused';
    else if (error instanceof No) {
      one.state = 'refused';
      one.said = error.message;
      localStorage.removeItem(one.key);
    } else {
      one.state = 'away';
      tries += 1;
      setTimeout(again, Math.min(LONGEST_WAIT, 500 * 2 ** Math.min(tries, 7)));
    }
  }
  one.stop = null;
  show(one);
  start();
}

/** Whatever waited for the network or the server tries again. */
function again() {
  for (const one of sends) if (one.state === 'away') one.state = 'waiting';
  start();
}

function start() {
  let under = sends.filter((one) => one.state === 'sending').length;
  for (const one of sends) {
    if (under >= AT_ONCE || isPaused) break;
    if (one.state !== 'waiting') continue;
    under += 1;
    void send(one);
  }
  whole();
}

/** @param {Send} one */
function pause(one) {
  if (one.stop) one.stop.abort();
  else if (one.state === 'waiting' || one.state === 'away') one.state = 'paused';
  show(one);
}

/** @param {Send} one */
function goOn(one) {
  if (one.state === 'paused') one.state = 'waiting';
  show(one);
}

/** @param {Send} one */
function cancel(one) {
  const address = localStorage.getItem(one.key);
  one.stop?.abort();
  sends = sends.filter((other) => other !== one);
  one.row?.remove();
  if (address && one.state !== 'here') void fetch(address, { method: 'DELETE', headers: TUS }).catch(() => {});
  localStorage.removeItem(one.key);
  start();
}

/** @param {Send} one */
function show(one) {
  if (!one.row) return;
  const part = (/** @type {string} */ selector) => the(selector, /** @type {HTMLElement} */ (one.row));
  /** @type {HTMLProgressElement} */ (part('progress')).value = one.sent;
  part('.state').textContent = one.state === 'refused' ? `${say(STATES.refused)}: ${one.said}` : say(STATES[one.state]);
  const button = part('.pause');
  button.hidden = one.state === 'here' || one.state === 'refused';
  button.textContent = say(one.state === 'paused' ? 'resume' : 'pause');
  button.setAttribute('aria-label', say(one.state === 'paused' ? 'resume-of' : 'pause-of', { name: one.file.name }));
  one.row.className = one.state;
}

/** The state of all, said once for each file and not for each per cent. */
function whole() {
  if (!panel) return;
  const bar = /** @type {HTMLProgressElement} */ (the('.all progress', panel));
  bar.max = Math.max(1, sends.reduce((sum, one) => sum + one.file.size, 0));
  bar.value = sends.reduce((sum, one) => sum + (one.state === 'refused' ? one.file.size : one.sent), 0);
  const done = sends.filter((one) => one.state === 'here').length;
  const refused = sends.filter((one) => one.state === 'refused').length;
  const isOver = done + refused === sends.length;
  const text = !isOver ? say('sent-of', { done, total: sends.length }) : refused ? say('some-refused', { done, refused }) : say('all-sent', { done });
  const said = the('[role="status"]', panel);
  if (said.textContent !== text) said.textContent = text;
  the('.pause-all', panel).hidden = isOver;
  the('.cancel-all', panel).hidden = isOver;
  the('.pause-all', panel).textContent = say(isPaused ? 'resume-all' : 'pause-all');
  the('.away', panel).hidden = !isOver;
  if (!sends.length) put();
}

function put() {
  panel?.remove();
  panel = undefined;
  sends = sends.filter((one) => one.state !== 'here' && one.state !== 'refused');
}

function open() {
  if (panel) return panel;
  const button = (/** @type {string} */ name, /** @type {string} */ text) => make('button', { type: 'button', class: name }, text);
  const all = button('pause-all', say('pause-all'));
  const stop = button('cancel-all', say('cancel-all'));
  const away = button('away', say('put-away'));
  panel = make('section', { class: 'sends', 'aria-label': say('sending') },
    make('div', { class: 'all' }, make('p', { role: 'status' }), make('progress', { 'aria-label': say('progress-all'), value: 0, max: 1 }), make('p', {}, all, ' ', stop, ' ', away)),
    make('ul', { class: 'files', tabindex: 0, 'aria-label': say('sending') }));
  all.addEventListener('click', () => {
    isPaused = !isPaused;
    for (const one of sends) (isPaused ? pause : goOn)(one);
    start();
  });
  stop.addEventListener('click', () => {
    for (const one of [...sends]) if (one.state !== 'here' && one.state !== 'refused') cancel(one);
    isPaused = false;
    whole();
  });
  away.addEventListener('click', put);
  document.body.append(panel);
  return panel;
}

/** @param {Send} one */
function add(one) {
  const bar = make('progress', { 'aria-label': say('progress-of', { name: one.file.name }), value: 0, max: Math.max(1, one.file.size) });
  const hold = make('button', { type: 'button', class: 'plain pause' });
  const drop = make('button', { type: 'button', class: 'plain drop', 'aria-label': say('cancel-of', { name: one.file.name }) }, '✕');
  one.row = make('li', {}, make('span', { class: 'file', dir: 'auto' }, one.file.name), bar, make('span', { class: 'state' }), hold, drop);
  hold.addEventListener('click', () => {
    if (one.state === 'paused') {
      isPaused = false;
      goOn(one);
    } else pause(one);
    start();
  });
  drop.addEventListener('click', () => cancel(one));
  the('.files', open()).append(one.row);
  sends.push(one);
  show(one);
}

/** The box that says whether positions are left out. */
const leaving = () => /** @type {HTMLInputElement | null} */ (document.querySelector('#leave-out'));

/**
 * Photos with their .xmp files beside them: of the same folder and name, with or without the photo's own extension.
 * @param {{ path: string, file: File }[]} found
 * @param {string} story
 */
function take(found, story) {
  const bare = (/** @type {string} */ path) => path.replace(/\.[^./]*$/, '').toLowerCase();
  const sidecars = new Map(found.filter(({ path }) => /\.xmp$/i.test(path)).map(({ path, file }) => [bare(path), file]));
  const isHidden = (/** @type {string} */ path) => /(^|\/)(\.|Thumbs\.db$)/i.test(path);
  const photos = found.filter(({ path }) => !/\.xmp$/i.test(path) && !isHidden(path));
  photos.sort((one, other) => one.path.localeCompare(other.path, undefined, { numeric: true }));
  const isBare = leaving()?.checked ?? localStorage.getItem(BARE) === 'yes';
  for (const { path, file } of photos) {
    const key = `${KEPT}${path}|${file.size}|${file.lastModified}|${story}${isBare ? '|bare' : ''}`;
    if (sends.some((one) => one.key === key && one.state !== 'refused')) continue;
    const sidecar = sidecars.get(bare(path)) ?? sidecars.get(path.toLowerCase()) ?? null;
    add({ file, sidecar, story, isBare, key, state: 'waiting', sent: 0, said: '', stop: null, row: null });
  }
  if (photos.length) isPaused = false;
  start();
}

/**
 * All files of what was dropped, folders gone through.
 * @param {FileSystemEntry} entry
 * @returns {Promise<{ path: string, file: File }[]>}
 */
async function within(entry) {
  if (entry.isFile) {
    const file = /** @type {Promise<File>} */ (new Promise((good, bad) => /** @type {FileSystemFileEntry} */ (entry).file(good, bad)));
    return [{ path: entry.fullPath.replace(/^\//, ''), file: await file }];
  }
  const reader = /** @type {FileSystemDirectoryEntry} */ (entry).createReader();
  const found = [];
  for (;;) {
    // A folder is told a hundred entries at a time.
    const some = /** @type {FileSystemEntry[]} */ (await new Promise((good, bad) => reader.readEntries(good, bad)));
    if (!some.length) return found;
    for (const one of some) found.push(...(await within(one)));
  }
}

/** @param {DataTransfer} data */
async function dropped(data) {
  const entries = [...data.items].map((item) => (item.kind === 'file' ? item.webkitGetAsEntry() : null)).filter((entry) => entry !== null);
  const files = [...data.files].map((file) => ({ path: file.name, file }));
  if (!entries.length) return files;
  const found = [];
  for (const entry of entries) found.push(...(await within(entry).catch(() => [])));
  return found;
}

/**
 * Takes files and folders that are dropped anywhere on the page, and those of the page's inputs `#files` and `#folder`.
 * @param {{ story?: string, onTaken?: (photo: string | null) => void }} [how] `story`: whose slides they become
 */
export function takeDrops({ story = '', onTaken } = {}) {
  if (onTaken) taken = onTaken;
  const holds = (/** @type {DragEvent} */ event) => event.dataTransfer?.types.includes('Files') ?? false;
  const veil = make('p', { class: 'veil', hidden: true }, say('drop-here'));
  document.body.append(veil);
  document.addEventListener('dragover', (event) => {
    if (!holds(event)) return;
    event.preventDefault();
    veil.hidden = false;
  });
  document.addEventListener('dragleave', (event) => {
    if (!event.relatedTarget) veil.hidden = true;
  });
  document.addEventListener('drop', (event) => {
    veil.hidden = true;
    if (!holds(event) || !event.dataTransfer) return;
    event.preventDefault();
    void dropped(event.dataTransfer).then((found) => take(found, story));
  });
  for (const input of document.querySelectorAll('#files, #folder')) {
    input.addEventListener('change', () => {
      const chosen = /** @type {HTMLInputElement} */ (input);
      take([...(chosen.files ?? [])].map((file) => ({ path: file.webkitRelativePath || file.name, file })), story);
      chosen.value = '';
    });
  }
  const box = leaving();
  if (box) {
    box.checked = localStorage.getItem(BARE) === 'yes';
    box.addEventListener('change', () => localStorage.setItem(BARE, box.checked ? 'yes' : 'no'));
  }
  addEventListener('online', again);
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) again();
  });
  addEventListener('beforeunload', (event) => {
    if (sends.some((one) => one.state === 'sending' || one.state === 'away' || one.state === 'waiting')) event.preventDefault();
  });
}
