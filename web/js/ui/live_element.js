// The base of every live element: rendered in the page itself, so that the page's styles and the reader's tools see it.
// What must not be here: state of a page.

import { LitElement } from 'lit';
import { words } from '../i18n.js';

export class LiveElement extends LitElement {
  createRenderRoot() {
    return this;
  }

  /** Nothing is drawn before its words have come; until then what the server wrote stays, and so does the room it takes. */
  async scheduleUpdate() {
    await words;
    if (!this.hasUpdated) this.makeRoom();
    super.scheduleUpdate();
  }

  /** The placeholder from the server gives way. */
  makeRoom() {
    this.replaceChildren();
  }

  /** Sends the page an event with what the person did. @param {string} name @param {unknown} detail */
  tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));
  }
}

/** What the server wrote is already right: it stays until `ready` says that the element knows better. */
export class FollowingElement extends LiveElement {
  makeRoom() {}

  /** @returns {boolean} */
  ready() {
    return true;
  }

  shouldUpdate() {
    return this.ready();
  }

  willUpdate() {
    if (!this.hasUpdated) this.replaceChildren();
  }
}

/** @param {string} name @param {CustomElementConstructor} element */
export function define(name, element) {
  if (!customElements.get(name)) customElements.define(name, element);
}
