// Links to the table, on the studio's page: one for each speaker or interpreter who is expected, made, copied, revoked.
// What must not be here: the seats themselves, what a link opens (seat.js).

import { html, nothing } from 'lit';
import { makeLink, readLinks, revokeLink } from '../net/table.js';
import { announce } from './announce.js';
import { attempt } from './attempt.js';
import { LiveElement, define } from './live_element.js';
import { t } from '../i18n.js';

/** @typedef {import('../net/table.js').TableLink} TableLink */

const MOST_NAME = 80;

class TableLinks extends LiveElement {
  static properties = { live: { attribute: false }, session: { attribute: false }, links: { state: true }, made: { state: true }, words: { state: true } };

  constructor() {
    super();
    /** @type {import('../state/types.js').Live|null} */
    this.live = null;
    /** @type {import('../net/live.js').LiveSession|null} */
    this.session = null;
    /** @type {TableLink[]} */
    this.links = [];
    /** The one that was just made: its address is told once. @type {TableLink|null} */
    this.made = null;
    this.words = '';
    /** The session whose links are shown. */
    this.of = '';
  }

  render() {
    return html`<details class="studio__more" @toggle=${() => this.#read()}><summary>${t('studio.links')}</summary><div class="stack stack--tight">
      <p class="small quiet">${t('studio.links.text')}</p>
      ${this.words ? html`<p class="field__error" role="alert">${this.words}</p>` : nothing}
      <form class="stack stack--tight" @submit=${(/** @type {SubmitEvent} */ event) => this.#make(event)}>
        <label class="field"><span class="field__label">${t('studio.links.name')}</span><input class="field__input" type="text" name="name" list="studio-people" autocomplete="off" required maxlength=${MOST_NAME}></label>
        <label class="field"><span class="field__label">${t('studio.links.kind')}</span><select class="field__input" name="kind">${['speaker', 'signer', 'voice_interpreter'].map((kind) => html`<option value=${kind}>${t(`studio.links.kind.${kind}`)}</option>`)}</select></label>
        <div><button class="button">${t('studio.links.make')}</button></div></form>
      ${this.made ? html`<label class="field"><span class="field__label">${t('studio.links.made', { name: this.made.name })}</span><input class="field__input" type="text" readonly .value=${this.#address(this.made)} @focus=${(/** @type {Event} */ event) => /** @type {HTMLInputElement} */ (event.target).select()}></label>
        <div><button type="button" class="button button--small" @click=${() => this.#copy()}>${t('studio.links.copy')}</button></div>` : nothing}
      <ul class="plain stack stack--tight">${this.links.map((link) => html`<li class="seat-line__one"><span><strong dir="auto">${link.name}</strong> <span class="small quiet">${t(`studio.links.kind.${link.kind}`)} · ${t(link.used ? 'studio.links.used' : 'studio.links.unused')}</span></span>
        <button type="button" class="button button--small" aria-label=${t('studio.links.revoke.whose', { name: link.name })} @click=${() => this.#revoke(link)}>${t('studio.links.revoke')}</button></li>`)}</ul></div></details>`;
  }

  /** @param {TableLink} link */
  #address({ token = '' }) {
    return String(new URL(`/watch?${new URLSearchParams({ session: this.session?.session ?? '', table: token })}`, location.origin));
  }

  #read() {
    const { session } = this;
    if (!session?.session || this.querySelector('details')?.open === false) return Promise.resolve();
    return attempt(this, async () => { this.links = await readLinks(session.api, session.session); });
  }

  /** @param {SubmitEvent} event */
  async #make(event) {
    event.preventDefault();
    const form = /** @type {HTMLFormElement} */ (event.target), data = new FormData(form), { session } = this;
    if (!session) return;
    await attempt(this, async () => {
      this.made = await makeLink(session.api, session.session, { name: String(data.get('name')).trim(), kind: String(data.get('kind')) });
      form.reset();
    });
    await this.#read();
  }

  async #copy() {
    if (!this.made) return;
    await navigator.clipboard?.writeText(this.#address(this.made)).then(() => announce(t('studio.links.copied')), () => {}); // it can be copied by hand
  }

  /** @param {TableLink} link */
  async #revoke(link) {
    const { session } = this;
    if (!session) return;
    if (await attempt(this, () => revokeLink(session.api, link.id))) this.made = this.made?.id === link.id ? null : this.made;
    await this.#read();
  }
}

define('tablee-table-links', TableLinks);
