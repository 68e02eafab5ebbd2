// One session as a page lives it: the feed folded into a state, the connection, votes pressed, commands. One owner of all of it.
// What must not be here: elements, words.

import { pressed, shown } from '../state/votes.js';
import { reduce } from '../state/feed.js';
import { Api } from './api.js';
import { countHands, vote } from './commands.js';
import { Feed } from './feed.js';
import { PassKeeper } from './pass.js';

/** @typedef {import('../state/types.js').Live} Live */

/** A pressed vote is shown as pressed this long after its answer, while the count is on its way, in ms. */
const SETTLING = 2_000;

/** Fires 'change' whenever any of its state has changed (at most once per frame of the screen), 'signal' with what the other end of a call says. */
export class LiveSession extends EventTarget {
  /** @param {{session: string, view: import('../state/tables.js').View, lang: string}} place */
  constructor({ session, view, lang }) {
    super();
    this.session = session;
    this.view = view;
    this.lang = lang;
    /** @type {Live|null} */
    this.live = null;
    /** @type {import('./feed.js').ConnectionState} */
    this.connection = 'connecting';
    /** @type {{code: string, sentences?: Record<string, string>}|null} */
    this.refusal = null;
    /** @type {import('../state/votes.js').Presses} */
    this.presses = new Map();
    /** @type {import('./pass.js').Pass|null} */
    this.pass = null;
    this.planned = false;
    const send = globalThis.fetch.bind(globalThis);
    this.passes = new PassKeeper({
      fetch: send,
      renewed: (pass) => {
        this.pass = pass;
        this.feed.renewed(pass.pass);
        this.changed();
      },
      ended: () => this.#connection('refused', { code: 'session.ended' }),
    });
    this.api = new Api({ fetch: send, passes: this.passes, lang });
    this.feed = this.#feed();
  }

  /** @returns {Feed} */
  #feed() {
    /** @type {Feed} */
    const feed = new Feed({ session: this.session, view: this.view }, {
      pass: () => this.passes.current(),
      renew: () => this.passes.renew(),
      socket: (url) => new WebSocket(url),
      timers: { set: (fn, ms) => setTimeout(fn, ms), clear: (id) => clearTimeout(id) },
      random: Math.random,
      onFrame: (frame) => feed === this.feed && this.#frame(frame),
      onConnection: (state, refusal) => feed === this.feed && this.#connection(state, refusal),
    });
    return feed;
  }

  /** Follows another session from now on; what is shown stays until that one has answered. @param {string} session */
  moveTo(session) {
    this.feed.stop();
    this.session = session;
    this.presses = new Map();
    this.feed = this.#feed();
    this.feed.open();
  }

  open() {
    globalThis.addEventListener('online', () => this.feed.open());
    document.addEventListener('visibilitychange', () => document.hidden || this.feed.open());
    this.feed.open();
    return this;
  }

  /** @param {any} frame */
  #frame(frame) {
    if (frame.op === 'snapshot') this.live = frame.state;
    else if (frame.kind === 'signal') return void this.dispatchEvent(new CustomEvent('signal', { detail: frame.data }));
    else if (this.live) this.live = reduce(this.live, frame);
    return this.changed();
  }

  /** The answer to one's own command may come before the feed's word. @param {'item'|'mine'|'floor'|'poll'|'my_answer'|'note'|'my_hand'|'mine_gone'|'seat'|'my_seat'} kind @param {any} data */
  learn(kind, data) {
    if (this.live && data) this.live = reduce(this.live, { kind, data });
    this.changed();
  }

  /** @param {import('./feed.js').ConnectionState} state @param {LiveSession['refusal']} refusal */
  #connection(state, refusal) {
    this.connection = state;
    this.refusal = refusal;
    this.changed();
  }

  changed() {
    if (this.planned) return;
    this.planned = true;
    queueMicrotask(() => {
      this.planned = false;
      this.dispatchEvent(new Event('change'));
    });
  }

  /** What the page shows of a question's votes. @param {string} id */
  votes(id) {
    return this.live ? shown(this.live, this.presses, id) : { on: false, votes: 0 };
  }

  /** Presses or takes back a vote. Rejects with the reason, after putting the button back. @param {string} id @param {boolean} on */
  async vote(id, on) {
    const press = { on, base: this.live?.items[id]?.votes ?? 0 };
    this.#press(id, press);
    try {
      await vote(this.api, id, on);
      setTimeout(() => this.presses.get(id) === press && this.#press(id, null), SETTLING);
    } catch (failure) {
      if (this.presses.get(id) === press) this.#press(id, null);
      throw failure;
    }
  }

  /** The hands that a host counted in their hall, instead of their own vote. @param {string} id @param {number} hands */
  async count(id, hands) {
    this.counted(await countHands(this.api, id, hands));
  }

  /** What the service answered to such a count. @param {Awaited<ReturnType<typeof countHands>>} answer */
  counted({ id, votes, by_door, hands }) {
    if (this.live) this.live = reduce(this.live, { kind: 'votes', data: { counts: { [id]: votes }, by_door: { [id]: by_door } } });
    if (this.live) this.live = reduce(this.live, { kind: 'voted', data: { id, on: hands > 0, hands } });
    this.changed();
  }

  /** @param {string} id @param {import('../state/votes.js').Press|null} press */
  #press(id, press) {
    this.presses = pressed(this.presses, id, press);
    this.changed();
  }
}
