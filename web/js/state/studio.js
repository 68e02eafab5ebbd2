// What a studio shows and says of what it knows: its cards from the facts of the session, its keys. Values in, values out.
// What must not be here: the page, words of its own.

import { layoutOf } from './layouts.js';

/** @typedef {import('./types.js').Item} Item */
/** @typedef {{above: string, text: string, below: string}} Card */

/** Key → what it does, besides the digits of the layouts. @type {Record<string, string>} */
const KEYS = { m: 'mute', n: 'lower', t: 'take', o: 'off_air', x: 'hush' };

/**
 * What a key means: a layout, a command, or nothing, as where somebody is typing.
 * @param {{key: string, ctrlKey: boolean, metaKey: boolean, altKey: boolean, repeat: boolean}} event
 * @param {string} tag  Of the element that has the keyboard.
 * @returns {{layout: import('./layouts.js').Layout}|{command: string}|null}
 */
export function meaning(event, tag) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || ['INPUT', 'TEXTAREA', 'SELECT'].includes(tag)) return null;
  const layout = layoutOf(event.key);
  const command = KEYS[event.key.toLowerCase()];
  return layout ? { layout } : command ? { command } : null;
}

/** The question that is being asked. @param {import('./types.js').Live|null} live @returns {Item|null} */
export function asked(live) {
  return Object.values(live?.items ?? {}).find(({ status }) => status === 'on_stage') ?? null;
}

/**
 * The titles of who has this name in the programme; '' for anybody else.
 * @param {import('./types.js').SessionFacts|null} facts @param {string} name
 */
export function titlesOf(facts, name) {
  return facts?.participants.find((one) => one.name === name.trim())?.titles.join(', ') ?? '';
}
