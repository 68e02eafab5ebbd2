// What the watch page and the room page share: questions, mine, asking, the ring, the connection.
// What must not be here: the picture.

import { ask, move } from '../net/commands.js';
import { announce } from '../ui/announce.js';
import { t } from '../i18n.js';
import { following } from './following.js';
import { element } from './start.js';
import '../ui/ask.js';
import '../ui/connection_state.js';
import '../ui/mine.js';
import '../ui/on_stage.js';
import '../ui/questions.js';
import '../ui/ring.js';

/** @param {import('../net/live.js').LiveSession} session @param {'watch'|'room'} page @returns {() => void}  Shows the session as it is now. */
export function audience(session, page) {
  const showDay = following(session, page);
  const way = element('tablee-way');
  const questions = element('tablee-questions');
  const mine = element('tablee-mine');
  const stage = element('tablee-on-stage');
  const form = element('tablee-ask');
  const connection = element('tablee-connection');
  const ring = element('tablee-ring');
  questions.session = session;
  form.send = async (/** @type {any} */ question, /** @type {() => void} */ waiting) => {
    const item = await ask(session.api, session.session, question, waiting);
    session.learn('mine', item);
    return item;
  };
  mine.addEventListener('withdraw', async (/** @type {CustomEvent} */ event) => {
    try {
      session.learn('mine', await move(session.api, event.detail, 'withdraw'));
      announce(t('mine.withdrawn'));
    } catch (failure) {
      mine.refused = { id: event.detail.id, words: failure instanceof Error ? failure.message : t('net.refused') };
    }
  });
  const asked = new URLSearchParams(location.search).get('session');
  if (asked && asked !== session.session) readElsewhere(session, asked).then((elsewhere) => Object.assign(mine, { elsewhere }));
  let floor = '';
  return () => {
    const { live } = session;
    keepStill(questions, [way, stage, mine, questions]);
    showDay();
    stage.live = live;
    questions.live = live;
    questions.presses = session.presses;
    connection.state = session.connection;
    connection.refusal = session.refusal;
    if (!live) return;
    mine.mine = live.mine ?? {};
    form.arrived(live.mine ?? {});
    form.floor = live.floor.state;
    ring.presence = live.presence;
    if (floor && floor !== live.floor.state) announce(t(`floor.${live.floor.state}`));
    floor = live.floor.state;
  };
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

/**
 * What appears above the list must not push it away from under a finger: the page is scrolled by as much as the list was moved.
 * @param {any} questions
 * @param {any[]} above
 */
function keepStill(questions, above) {
  const top = () => questions.querySelector('.questions__list')?.getBoundingClientRect().top ?? 0;
  const before = top();
  if (!questions.lock.locked() && before >= 0) return;
  queueMicrotask(() => Promise.all(above.map((one) => one.updateComplete)).then(() => {
    scrollBy({ top: top() - before, behavior: 'instant' });
  }));
}
