// The base of every live element: rendered in the page itself, so that the page's styles and the reader's tools see it.
// What must not be here: state of a page.

import { LitElement } from 'lit';

export class LiveElement extends LitElement {
  /** The placeholder from the server gives way to the element. */
  createRenderRoot() {
    this.replaceChildren();
    return this;
  }

  /** Sends the page an event with what the person did. @param {string} name @param {unknown} detail */
  tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));
  }
}

/** @param {string} name @param {CustomElementConstructor} element */
export function define(name, element) {
  if (!customElements.get(name)) customElements.define(name, element);
}
