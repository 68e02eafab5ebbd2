// What a person is typing, kept until the platform has accepted it: over a reload, a lost line, a refusal.
// What must not be here: the form, requests.

/** @typedef {{id: string, text: string, sent: string|null, anonymous: boolean, hall?: boolean, name?: string}} Kept  `sent`: the text tried under this id. */

export class Draft {
  /**
   * @param {Pick<Storage, 'getItem'|'setItem'|'removeItem'>} storage
   * @param {string} session
   * @param {() => string} newId
   */
  constructor(storage, session, newId) {
    this.storage = storage;
    this.key = `tablee.draft.${session}`;
    this.newId = newId;
    this.kept = this.#read();
  }

  /** @returns {Kept} */
  #read() {
    try {
      const kept = JSON.parse(this.storage.getItem(this.key) ?? 'null');
      if (kept && typeof kept.text === 'string' && typeof kept.id === 'string') return kept;
    } catch {
      // Unreadable or forbidden storage: the draft then lives as long as the page.
    }
    return { id: this.newId(), text: '', sent: null, anonymous: false };
  }

  /** @param {Partial<Kept>} change */
  #write(change) {
    this.kept = { ...this.kept, ...change };
    try {
      this.storage.setItem(this.key, JSON.stringify(this.kept));
    } catch {
      // Full or forbidden storage: see above.
    }
  }

  /** @param {string} text */
  type(text) {
    this.#write({ text });
  }

  /** @param {boolean} anonymous */
  hide(anonymous) {
    this.#write({ anonymous });
  }

  /** Asked for somebody in one's hall, by name or without. @param {{hall?: boolean, name?: string}} change */
  forHall(change) {
    this.#write(change);
  }

  /**
   * The question to send. The same text keeps its id, so that sending it twice asks it once; another text is another question.
   * @param {string} language
   */
  toSend(language) {
    const text = this.kept.text.trim();
    if (this.kept.sent !== null && this.kept.sent !== text) this.#write({ id: this.newId() });
    this.#write({ sent: text });
    const { id, anonymous, hall, name } = this.kept;
    return { id, text, language, anonymous, ...(hall ? { hall: { name: (name ?? '').trim() } } : {}) };
  }

  /** The platform has it: forget it, unless something else was typed meanwhile. @param {string} id @returns {boolean} */
  accepted(id) {
    if (id !== this.kept.id || this.kept.sent === null) return false;
    const clean = this.kept.text.trim() === this.kept.sent;
    this.kept = { id: this.newId(), text: clean ? '' : this.kept.text, sent: null, anonymous: this.kept.anonymous, ...(this.kept.hall ? { hall: true } : {}) };
    this.#write({});
    return clean;
  }
}
