// Passkeys on the desk: signs in by one, and adds one. Only a script may ask a browser for a passkey; all else on these
// pages works without it.

/**
 * A question to an authenticator, as the API asks it.
 * @typedef {{ ceremony: string, options: any }} Question
 */

/** @param {string} text base64url */
const bytes = (text) => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (sign) => sign.charCodeAt(0));

/** @param {ArrayBuffer} buffer */
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');

/**
 * Asks the API; throws what it says where it refuses.
 * @param {string} method
 * @param {string} path
 * @param {object} [body]
 * @returns {Promise<any>}
 */
async function ask(method, path, body) {
  const sent = body ? { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } } : {};
  const answer = await fetch(`/api/v1${path}`, { method, ...sent });
  const told = await answer.json();
  if (!answer.ok) throw new Error(told.detail);
  return told;
}

/**
 * What every answer of an authenticator has.
 * @param {PublicKeyCredential} credential
 * @param {Record<string, unknown>} response
 */
const answered = (credential, response) => ({
  id: credential.id,
  rawId: text(credential.rawId),
  type: credential.type,
  response: { clientDataJSON: text(credential.response.clientDataJSON), ...response },
});

/** Lets the person in by a passkey. */
async function signIn() {
  /** @type {Question} */
  const { ceremony, options } = await ask('POST', '/session/passkey');
  const publicKey = { ...options, challenge: bytes(options.challenge), allowCredentials: [] };
  const credential = /** @type {PublicKeyCredential} */ (await navigator.credentials.get({ publicKey }));
  const shown = /** @type {AuthenticatorAssertionResponse} */ (credential.response);
  const response = {
    authenticatorData: text(shown.authenticatorData),
    signature: text(shown.signature),
    userHandle: shown.userHandle ? text(shown.userHandle) : null,
  };
  await ask('PUT', '/session/passkey', { ceremony, credential: answered(credential, response) });
  const wanted = document.querySelector('input[name="to"]');
  location.assign(wanted instanceof HTMLInputElement ? wanted.value : '/desk');
}

/**
 * Adds a passkey.
 * @param {HTMLFormElement} form
 */
async function add(form) {
  const typed = new FormData(form);
  /** @type {Question} */
  const { ceremony, options } = await ask('POST', '/me/passkeys', { password: typed.get('password') });
  const known = (options.excludeCredentials ?? []).map((/** @type {any} */ one) => ({ ...one, id: bytes(one.id) }));
  const user = { ...options.user, id: bytes(options.user.id) };
  const publicKey = { ...options, challenge: bytes(options.challenge), excludeCredentials: known, user };
  const credential = /** @type {PublicKeyCredential} */ (await navigator.credentials.create({ publicKey }));
  const made = /** @type {AuthenticatorAttestationResponse} */ (credential.response);
  const response = { attestationObject: text(made.attestationObject) };
  await ask('PUT', '/me/passkeys', { name: typed.get('name'), ceremony, credential: answered(credential, response) });
  location.assign('/desk/me');
}

/**
 * Does what a person asks for, and tells what went wrong.
 * @param {() => Promise<void>} deed
 */
async function attempt(deed) {
  const wrong = document.getElementById('passkey-wrong');
  if (wrong) wrong.hidden = true;
  try {
    await deed();
  } catch (error) {
    if (!wrong) throw error;
    // What browsers say of it is for developers; the person has cancelled, or waited too long.
    const cancelled = error instanceof DOMException && error.name === 'NotAllowedError';
    wrong.textContent = cancelled ? 'No passkey was given.' : error instanceof Error ? error.message : String(error);
    wrong.hidden = false;
  }
}

if ('PublicKeyCredential' in window) {
  const door = document.getElementById('by-passkey');
  door?.querySelector('button')?.addEventListener('click', () => attempt(signIn));
  if (door) door.hidden = false;

  const form = document.getElementById('add-passkey');
  if (form instanceof HTMLFormElement) {
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      attempt(() => add(form));
    });
    form.hidden = false;
  }
}
