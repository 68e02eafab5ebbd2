// What the host of a hall did, as requests; each may arrive twice and counts once. What must not be here: when they are sent (outbox_sender.js).

import { ask, countHands } from './commands.js';
import { countHall } from './poll_commands.js';

/** @typedef {import('../state/outbox.js').Entry} Entry */

/** A question that waited longer than this is asked with the time at which it was written, in ms: the clocks agree within about a second. */
const LATE = 3_000;

/**
 * Sends one thing and teaches the page what came of it.
 * @param {import('./live.js').LiveSession} session  The page's own: what concerns another session teaches it nothing.
 * @param {import('./api.js').Api} api
 * @param {Entry} entry
 */
export async function carryOut(session, api, { at, deed }) {
  if ('nonce' in deed) return; // of a desk at the door, which has an outbox of its own
  if (deed.kind === 'people') {
    await api.send('PATCH', '/api/registration/me', { headcount: deed.people });
    await session.passes.renew().catch(() => {}); // the services hear of it anyway
    return;
  }
  const here = deed.session === session.session;
  if (deed.kind === 'count') {
    const answer = await countHands(api, deed.question, deed.hands);
    if (here) session.counted(answer);
  } else if (deed.kind === 'poll') {
    const answer = await countHall(api, deed.poll, deed.counts, deed.people);
    if (here) session.learn('my_answer', answer);
  } else {
    const late = Date.now() + (session.passes.skew ?? 0) - at > LATE;
    const hall = { name: deed.name, asked_at: late ? new Date(at).toISOString() : null };
    const item = await ask(api, deed.session, { id: deed.id, text: deed.text, language: deed.language, anonymous: false, hall });
    if (here) session.learn('mine', item);
  }
}
