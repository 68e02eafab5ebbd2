// How many things came while nobody looked. Pure. What must not be here: the page, what the things are.

export class News {
  constructor() {
    /** What had been seen when the page was last looked at; null: it is looked at. @type {Set<string>|null} */
    this.seen = null;
  }

  /**
   * @param {string[]} ids  What is there now.
   * @param {boolean} looked  Whether somebody looks at the page.
   * @returns {number}  How many of them are new.
   */
  count(ids, looked) {
    if (looked) this.seen = null;
    else this.seen ??= new Set(ids);
    const { seen } = this;
    return seen ? ids.filter((id) => !seen.has(id)).length : 0;
  }
}
