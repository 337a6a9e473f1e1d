// What somebody does with passkeys on the desk: checks for checks.mjs. Each gives what is wrong, a line each.

const PASSWORD = 'a long sentence is good';

/** An authenticator inside the browser, which holds passkeys and has always just asked who it is. */
async function authenticator(page) {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('WebAuthn.enable');
  const options = {
    protocol: 'ctap2',
    transport: 'internal',
    hasResidentKey: true,
    hasUserVerification: true,
    isUserVerified: true,
    automaticPresenceSimulation: true,
  };
  const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', { options });
  return (method, more = {}) => cdp.send(`WebAuthn.${method}`, { authenticatorId, ...more });
}

/** The text of the alert once there is one. */
async function alertOf(page) {
  const alert = page.locator('#passkey-wrong');
  await alert.waitFor({ state: 'visible' });
  return alert.textContent();
}

export const passkeyChecks = {
  /**
   * A passkey is made, renamed and used; what was used once, or is forged, or comes from a copy, lets nobody in. The path is
   * that of a link that lets in somebody new.
   */
  async passkeys(visit, paths, seriousIn) {
    const wrong = [];
    const is = (what, found, expected) => {
      if (found !== expected) wrong.push(`${what}: ${JSON.stringify(found)} where ${JSON.stringify(expected)} was expected`);
    };
    // A page of its own: answers that refuse are what this check looks for. The policy of the desk stands.
    const first = await visit(paths[0], { bypassCSP: false });
    const page = await first.context().newPage();
    const tell = await authenticator(page);
    await page.goto(first.url());
    await page.fill('#name', 'Ana');
    await page.fill('#password', PASSWORD);
    await Promise.all([page.waitForURL('**/desk'), page.click('button')]);
    const origin = new URL(page.url()).origin;

    await page.goto(`${origin}/desk/me`);
    await page.fill('#passkey-name', 'Phone');
    await page.fill('#passkey-password', 'not my password at all');
    await page.click('#add-passkey button');
    is('a wrong password', await alertOf(page), 'This is not your password.');
    await page.fill('#passkey-password', PASSWORD);
    await page.click('#add-passkey button');
    await page.locator('li strong', { hasText: 'Phone' }).waitFor();
    // The policy of the desk would not let axe run.
    const storageState = await page.context().storageState();
    for (const path of ['/desk', '/desk/me']) wrong.push(...(await seriousIn(await visit(path, { storageState }))));
    wrong.push(...(await seriousIn(await visit('/desk/sign-in'))));
    const { credentials } = await tell('getCredentials');
    is('passkeys that the authenticator holds', credentials.length, 1);
    is('an authenticator finds it by itself', credentials[0]?.isResidentCredential, true);
    await page.fill('li input[name=name]', 'New phone');
    await Promise.all([page.waitForNavigation(), page.click('li button:text("Rename")')]);
    is('the new name', await page.locator('li strong').textContent(), 'New phone');

    const signOut = async () => {
      await page.goto(`${origin}/desk/me`);
      await Promise.all([page.waitForURL('**/sign-in'), page.click('button:text("Sign out")')]);
    };
    await signOut();
    const bodies = [];
    page.on('request', (request) => {
      if (request.method() === 'PUT' && request.url().endsWith('/session/passkey')) bodies.push(request.postData());
    });
    await Promise.all([page.waitForURL('**/desk'), page.click('#by-passkey button')]);
    is('who is let in', await page.locator('.me').textContent(), 'Ana');
    await signOut();

    // The same from outside the browser: once more, and as the answer to another question.
    const ask = async (method, body) => {
      const sent = { method, headers: { 'content-type': 'application/json' }, body };
      const answer = await fetch(`${origin}/api/v1/session/passkey`, sent);
      return { status: answer.status, told: await answer.json() };
    };
    const again = await ask('PUT', bodies[0]);
    is('an answer that is replayed', `${again.status} ${again.told.code}`, '404 ceremony_unknown');
    const forge = async (change) => {
      const { told } = await ask('POST');
      const body = { ...JSON.parse(bodies[0]), ceremony: told.ceremony };
      change(body.credential);
      const answer = await ask('PUT', JSON.stringify(body));
      return `${answer.status} ${answer.told.code}`;
    };
    is('an answer to another question', await forge(() => {}), '401 passkey_refused');
    is('an answer of another person', await forge((it) => { it.response.userHandle = 'AAAAAAAAAAAAAAAAAAAAAA'; }), '401 passkey_refused');
    is('an answer by another passkey', await forge((it) => { it.rawId = 'AAAA'; }), '401 passkey_refused');
    is('no answer at all', await forge((it) => { it.response.signature = 7; }), '422 passkey_odd');

    await tell('setUserVerified', { isUserVerified: false });
    await page.click('#by-passkey button');
    is('without asking who it is', await alertOf(page), 'No passkey was given.');
    await tell('setUserVerified', { isUserVerified: true });

    // A copy that was made before the passkey was used last.
    const held = (await tell('getCredentials')).credentials[0];
    await tell('removeCredential', { credentialId: held.credentialId });
    await tell('addCredential', { credential: { ...held, signCount: 0 } });
    await page.click('#by-passkey button');
    const said = await alertOf(page);
    if (!said.includes('was refused')) wrong.push(`a copy is told "${said}"`);
    await tell('removeCredential', { credentialId: held.credentialId });
    await tell('addCredential', { credential: { ...held, signCount: held.signCount + 10 } });
    await Promise.all([page.waitForURL('**/desk'), page.click('#by-passkey button')]);

    // A passkey in place of the password, before another one is made: an answer that was kept from signing in by it.
    await signOut();
    let proof = null;
    await page.route('**/session/passkey', (route) => {
      if (route.request().method() !== 'PUT') return route.continue();
      proof = JSON.parse(route.request().postData());
      return route.abort();
    });
    await page.click('#by-passkey button');
    await alertOf(page);
    await page.fill('#address', 'ana@house.example');
    await page.fill('#password', PASSWORD);
    await Promise.all([page.waitForURL('**/desk'), page.click('form button')]);
    const begin = () =>
      page.evaluate(async (passkey) => {
        const sent = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ passkey }) };
        const answer = await fetch('/api/v1/me/passkeys', sent);
        return { status: answer.status, told: await answer.json() };
      }, proof);
    const begun = await begin();
    is('a passkey in place of the password', begun.status, 200);
    is('what is known already', begun.told.options?.excludeCredentials?.length, 1);
    is('the same once more', (await begin()).told.code, 'ceremony_unknown');
    return wrong;
  },
};
