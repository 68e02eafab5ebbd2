// Somebody who never registered: their name, and whether they may be photographed. What must not be here: requests.

import { html } from 'lit';
import { icon } from './icon.js';
import { LiveElement, define } from './live_element.js';
import { t } from '../i18n.js';

class DoorWalkIn extends LiveElement {
  render() {
    return html`<details class="door-more">
      <summary>${icon('person')}${t('door.walk_in')}</summary>
      <form class="door-more__form" @submit=${this.#send}>
        <label class="field__label" for="door-guest">${t('door.walk_in.name')}</label>
        <input class="field__input" id="door-guest" name="name" maxlength="120" autocomplete="off" required>
        <fieldset class="door-more__choices"><legend class="field__label">${t('door.walk_in.image')}</legend>
          ${['granted', 'refused'].map((choice) => html`<label class="choice"><input type="radio" name="image_rights" value=${choice} required><span>${t(`door.walk_in.${choice}`)}</span></label>`)}
        </fieldset>
        <button class="button button--primary">${t('door.walk_in.do')}</button>
      </form>
    </details>`;
  }

  /** @param {SubmitEvent} event */
  #send(event) {
    event.preventDefault();
    const form = /** @type {HTMLFormElement} */ (event.target);
    const fields = new FormData(form);
    this.tell('walk-in', { name: String(fields.get('name') ?? '').trim(), image_rights: String(fields.get('image_rights') ?? '') });
    form.reset();
    /** @type {HTMLDetailsElement} */ (form.closest('details')).open = false;
  }
}

define('tablee-door-walk-in', DoorWalkIn);
