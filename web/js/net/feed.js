// The live feed's client: one WebSocket at a time, resumed where it stopped, with the state of the connection always known.
// What must not be here: what events mean (state/feed.js), words, the page. Socket, clock and chance are given.

import { SOONEST, pause } from './retry.js';

/** @typedef {'connecting'|'live'|'late'|'offline'|'refused'} ConnectionState */

/** Silence of this many heartbeats means late; of CUT heartbeats, a dead connection. */
const LATE = 1.5;
const CUT = 2.25;
/** Heartbeat until the server announces its own, in s. */
const HEARTBEAT = 20;
/** A lost connection is only "late" for this long, in ms; then it is "offline". */
const GRACE = 4_000;
/** No connection may take longer to open and say welcome, in ms. */
const OPENING = 10_000;
/** Close codes after which coming back by itself is of no use. */
const FINAL = new Set([4400, 4403, 4404, 4409]);

/**
 * @typedef {object} Deps
 * @property {() => Promise<{pass: string, feed_url: string}>} pass  Rejects with SessionEnded when there is no coming back.
 * @property {() => Promise<unknown>} renew
 * @property {(url: string) => WebSocket} socket
 * @property {{set: (fn: () => void, ms: number) => any, clear: (id: any) => void}} timers
 * @property {() => number} random
 * @property {(frame: any) => void} onFrame  'snapshot' and 'event' frames, in order.
 * @property {(state: ConnectionState, refusal: {code: string, sentences?: Record<string, string>}|null) => void} onConnection
 */

export class Feed {
  /** @param {{session: string, view: string}} place @param {Deps} deps */
  constructor(place, deps) {
    this.place = place;
    this.deps = deps;
    /** @type {ConnectionState} */
    this.connection = 'connecting';
    /** @type {WebSocket|null} */
    this.socket = null;
    /** @type {string|null} */
    this.epoch = null;
    /** @type {number|null} */
    this.seq = null;
    this.tries = 0;
    this.heartbeat = HEARTBEAT;
    this.denied = 0;
    /** @type {number|null} */
    this.retryAfter = null;
    /** @type {{code: string, sentences?: Record<string, string>}|null} */
    this.refusal = null;
    /** @type {Record<string, any>} */
    this.timers = {};
    this.stopped = false;
    this.opening = false;
  }

  /** Connects, or connects again at once: the device is back, the page is looked at, the person asked. */
  async open() {
    if (this.socket || this.opening || this.stopped) return;
    this.#unset('retry');
    this.opening = true;
    try {
      const { pass, feed_url } = await this.deps.pass();
      if (!this.stopped) this.#connect(feed_url, pass);
    } catch (failure) {
      if (failure instanceof TypeError || failure instanceof DOMException) this.#lost();
      else this.#refused({ code: 'session.ended' });
    } finally {
      this.opening = false;
    }
  }

  /** Hands a new pass over before the old one ends. @param {string} pass */
  renewed(pass) {
    this.#send({ op: 'renew', pass });
  }

  stop() {
    this.stopped = true;
    Object.keys(this.timers).forEach((name) => this.#unset(name));
    this.#drop();
  }

  /** @param {string} url @param {string} pass */
  #connect(url, pass) {
    const socket = this.deps.socket(url);
    this.socket = socket;
    this.#set('watch', OPENING, () => this.#lost());
    socket.onopen = () => this.#send({ op: 'hello', v: 1, pass, ...this.place, epoch: this.epoch, seq: this.seq });
    socket.onmessage = (message) => socket === this.socket && this.#take(JSON.parse(String(message.data)));
    socket.onclose = (closing) => socket === this.socket && this.#closed(closing.code);
  }

  /** @param {any} frame */
  #take(frame) {
    if (this.connection === 'late' && frame.op !== 'error' && frame.op !== 'bye') this.#say('live');
    if (frame.op === 'welcome') this.#welcome(frame);
    else if (frame.op === 'snapshot') {
      this.epoch = frame.epoch;
      this.seq = frame.seq;
      this.deps.onFrame(frame);
    } else if (frame.op === 'event') {
      // What concerns one person carries the number that its view had reached: the same number may come more than once.
      if (this.seq !== null && frame.seq < this.seq) return this.#listen();
      this.seq = frame.seq;
      this.deps.onFrame(frame);
    } else if (frame.op === 'ping') this.#send({ op: 'pong' });
    else if (frame.op === 'error') this.refusal = { code: frame.code, sentences: frame.sentences };
    else if (frame.op === 'bye') this.retryAfter = Number(frame.retry_after_ms) || 0;
    return this.#listen();
  }

  /** @param {{epoch: string, heartbeat?: number}} frame */
  #welcome(frame) {
    this.epoch = frame.epoch;
    this.heartbeat = frame.heartbeat ?? HEARTBEAT;
    this.tries = 0;
    this.denied = 0;
    this.refusal = null;
    this.#unset('grace');
    this.#say('live');
  }

  /** Any frame proves that the connection lives; silence is first shown, then ends in a new connection. */
  #listen() {
    this.#set('watch', this.heartbeat * LATE * 1000, () => {
      this.#say('late');
      this.#set('watch', this.heartbeat * (CUT - LATE) * 1000, () => this.#lost());
    });
  }

  /** @param {number} code */
  #closed(code) {
    this.socket = null;
    if (FINAL.has(code)) return this.#refused(this.refusal ?? { code: `feed.${code}` });
    if (code === 4401) {
      this.denied += 1;
      if (this.denied > 2) return this.#refused(this.refusal ?? { code: 'session.ended' });
      this.deps.renew().then(() => this.open(), () => this.#lost());
      return undefined;
    }
    return this.#lost();
  }

  #lost() {
    this.#drop();
    if (this.stopped) return;
    this.#unset('watch');
    if (this.connection === 'live' || this.connection === 'late' || this.connection === 'connecting') {
      if (this.connection === 'live') this.#say('late');
      if (!this.timers.grace) this.#set('grace', GRACE, () => this.#say('offline'));
    }
    const wait = pause(this.tries, this.deps.random()) + (this.retryAfter ?? 0);
    this.retryAfter = null;
    this.tries += 1;
    this.#set('retry', Math.max(wait, SOONEST), () => this.open());
  }

  /** @param {{code: string, sentences?: Record<string, string>}} refusal */
  #refused(refusal) {
    this.refusal = refusal;
    Object.keys(this.timers).forEach((name) => this.#unset(name));
    this.#say('refused');
  }

  #drop() {
    const { socket } = this;
    this.socket = null;
    socket?.close();
  }

  /** @param {ConnectionState} state */
  #say(state) {
    if (state === this.connection && state !== 'refused') return;
    this.connection = state;
    this.deps.onConnection(state, this.refusal);
  }

  /** @param {object} frame */
  #send(frame) {
    if (this.socket?.readyState === 1) this.socket.send(JSON.stringify(frame));
  }

  /** @param {string} name @param {number} ms @param {() => void} fn */
  #set(name, ms, fn) {
    this.#unset(name);
    this.timers[name] = this.deps.timers.set(() => {
      delete this.timers[name];
      fn();
    }, ms);
  }

  /** @param {string} name */
  #unset(name) {
    if (name in this.timers) this.deps.timers.clear(this.timers[name]);
    delete this.timers[name];
  }
}
