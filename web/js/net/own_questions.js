// What the author of a question asks of the service: other words, withdrawing, a second look, erasing, its story.
// What must not be here: fetch, the page.

import { erase, history, move } from './commands.js';

/** @typedef {import('../state/types.js').Item} Item */
/** @typedef {import('./api.js').Api} Api */

/**
 * @param {Api} api
 * @param {(kind: 'mine'|'mine_gone', data: any) => void} learn  What it is now, or that it is gone.
 * @returns {import('../ui/mine_ways.js').Deeds}
 */
export function ownDeeds(api, learn) {
  return {
    change: async (item, text, command) => learn('mine', await move(api, item, command, { text })),
    act: async (item, command) => {
      if (command !== 'erase') return learn('mine', await move(api, item, command));
      await erase(api, item);
      return learn('mine_gone', { id: item.id });
    },
    history: (id) => history(api, id),
  };
}
