// What the watch page and the room page share: questions, mine, asking, the ring, the connection.
// What must not be here: the picture.

import { ask, similar } from '../net/commands.js';
import { ownDeeds } from '../net/own_questions.js';
import { News } from '../state/news.js';
import { announce } from '../ui/announce.js';
import { measureEdges } from '../ui/held_edges.js';
import { countInTitle } from '../ui/page_title.js';
import { t } from '../i18n.js';
import { atTable } from './at_table.js';
import { following } from './following.js';
import { element } from './start.js';
import '../ui/ask.js';
import '../ui/connection_state.js';
import '../ui/hand.js';
import '../ui/mine.js';
import '../ui/on_stage.js';
import '../ui/poll.js';
import '../ui/questions.js';
import '../ui/ring.js';
import '../ui/sessions.js';

/** @param {import('../net/live.js').LiveSession} session @param {'watch'|'room'} page @returns {() => void}  Shows the session as it is now. */
export function audience(session, page) {
  const showDay = following(session, page);
  const [questions, mine, stage, form, connection] = ['tablee-questions', 'tablee-mine', 'tablee-on-stage', 'tablee-ask', 'tablee-connection'].map(element);
  const ring = element('tablee-ring');
  const hand = element('tablee-hand');
  questions.session = session;
  hand.session = session;
  const poll = Object.assign(/** @type {any} */ (document.createElement('tablee-poll')), { session, hidden: true });
  element('.column__own').before(poll);
  commands(session, form, mine);
  const held = document.querySelector('.watch__held');
  measureEdges({ '--held-picture': held ? [held] : [], '--held-slot': [stage], '--held-foot': [element('.column__foot')] });
  const showSeat = atTable(session);
  const news = new News();
  const count = () => countInTitle(news.count(published(session.live), !document.hidden));
  document.addEventListener('visibilitychange', count);
  let floor = '';
  return () => {
    const { live } = session;
    showDay();
    showSeat();
    stage.live = live;
    questions.live = live;
    hand.live = live;
    poll.live = live;
    questions.presses = session.presses;
    connection.state = session.connection;
    connection.refusal = session.refusal;
    if (!live) return;
    count();
    mine.mine = live.mine ?? {};
    form.arrived(live.mine ?? {});
    form.floor = live.floor.state;
    form.slow = live.slow ?? 0;
    form.silenced = live.silenced ?? false;
    form.people = session.pass?.person.people ?? 0;
    ring.presence = live.presence;
    if (floor && floor !== live.floor.state) announce(t(`floor.${live.floor.state}`));
    floor = live.floor.state;
  };
}

/** @param {import('../state/types.js').Live|null} live */
function published(live) {
  return Object.values(live?.items ?? {}).filter((item) => item.status === 'published').map(({ id }) => id);
}

/** What one does oneself: asking, saying it otherwise, withdrawing. @param {import('../net/live.js').LiveSession} session @param {any} form @param {any} mine */
function commands(session, form, mine) {
  form.send = async (/** @type {any} */ question, /** @type {() => void} */ waiting) => {
    const item = await ask(session.api, session.session, { ...question, watched_at: form.watched?.() ?? null }, waiting);
    session.learn('mine', item);
    return item;
  };
  form.similar.find = async (/** @type {string} */ text) =>
    (await similar(session.api, session.session, text)).filter(({ id }) => !(id in (session.live?.mine ?? {})));
  form.similar.support = (/** @type {string} */ id) => session.vote(id, true);
  form.similar.supported = (/** @type {string} */ id) => session.votes(id).on;
  mine.deeds = ownDeeds(session.api, (kind, data) => session.learn(kind, data));
  const asked = new URLSearchParams(location.search).get('session');
  if (asked && asked !== session.session) readElsewhere(session, asked).then((elsewhere) => Object.assign(mine, { elsewhere }));
}

/**
 * What one asked in another session, when the programme has it no more.
 * @param {import('../net/live.js').LiveSession} session
 * @param {string} asked  Its id.
 * @returns {Promise<{title: string, mine: Record<string, import('../state/types.js').Item>}|null>}
 */
async function readElsewhere(session, asked) {
  try {
    const state = await session.api.get(`/api/qa/sessions/${encodeURIComponent(asked)}`);
    return state.session.removed ? { title: state.session.title, mine: state.mine ?? {} } : null;
  } catch {
    return null; // there never was such a session, or the line is down, which is said elsewhere
  }
}
