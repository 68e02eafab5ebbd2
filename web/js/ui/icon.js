// A drawing of the sprite, in the colour of the text beside it; never alone: the word is for ears at least.

import { html } from 'lit';
import { asset } from '../net/assets.js';

/** @param {string} name  In icons/sprite.svg. */
export const icon = (name) => html`<svg class="icon" aria-hidden="true"><use href="${asset('icons/sprite.svg').pathname}#${name}"></use></svg>`;
