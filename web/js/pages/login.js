// Signing in with a passkey: the browser is asked, and its answer leaves with the form. Codes need nothing of this.
// What must not be here: whether the answer is true.

for (const place of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('[data-passkey]'))) {
  const button = place.querySelector('button');
  const form = place.closest('form');
  const options = JSON.parse(place.dataset.options ?? 'null');
  if (!button || !form || !options || !window.PublicKeyCredential) continue;
  place.hidden = false;
  button.addEventListener('click', async () => {
    if (!(/** @type {HTMLInputElement | null} */ (form.querySelector('#name'))?.reportValidity() ?? true)) return;
    button.disabled = true;
    try {
      const found = place.dataset.passkey === 'create' ? await made(options) : await shown(options);
      /** @type {HTMLInputElement} */ (place.querySelector('[name=passkey]')).value = JSON.stringify(found);
      form.submit();
    } catch {
      // refused by its holder, or by the device: said below, and the code is there as well
      button.disabled = false;
      const failed = /** @type {HTMLElement} */ (place.querySelector('[data-failed]'));
      failed.textContent = failed.dataset.failed ?? '';
      failed.hidden = false;
    }
  });
}

/** @param {any} options PublicKeyCredentialCreationOptionsJSON */
async function made(options) {
  const publicKey = {
    ...options,
    challenge: bytes(options.challenge),
    user: { ...options.user, id: bytes(options.user.id) },
    excludeCredentials: named(options.excludeCredentials),
  };
  const found = /** @type {PublicKeyCredential} */ (await navigator.credentials.create({ publicKey }));
  const response = /** @type {AuthenticatorAttestationResponse} */ (found.response);
  return answer(found, {
    clientDataJSON: base64url(response.clientDataJSON),
    attestationObject: base64url(response.attestationObject),
  });
}

/** @param {any} options PublicKeyCredentialRequestOptionsJSON */
async function shown(options) {
  const publicKey = {
    ...options,
    challenge: bytes(options.challenge),
    allowCredentials: named(options.allowCredentials),
  };
  const found = /** @type {PublicKeyCredential} */ (await navigator.credentials.get({ publicKey }));
  const response = /** @type {AuthenticatorAssertionResponse} */ (found.response);
  return answer(found, {
    clientDataJSON: base64url(response.clientDataJSON),
    authenticatorData: base64url(response.authenticatorData),
    signature: base64url(response.signature),
  });
}

/** @param {PublicKeyCredential} found @param {Record<string, string>} response */
function answer(found, response) {
  return { id: found.id, rawId: found.id, type: found.type, response };
}

/** @param {any[] | undefined} list */
function named(list) {
  return (list ?? []).map((one) => ({ ...one, id: bytes(one.id) }));
}

/** base64url → bytes. @param {string} given */
function bytes(given) {
  const plain = atob(given.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
}

/** @param {ArrayBuffer} given */
function base64url(given) {
  const plain = String.fromCharCode(...new Uint8Array(given));
  return btoa(plain).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/u, '');
}
