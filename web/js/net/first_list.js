// The list of what a stage offers, asked for while the player still comes over the line: on a thin one a whole round trip less until the
// picture. What must not be here: lists that change while it plays.

/** @typedef {import('hls.js').PlaylistLoaderContext} Context */
/** @typedef {import('hls.js').LoaderConfiguration} Configuration */
/** @typedef {import('hls.js').LoaderCallbacks<Context>} Callbacks */
/** @typedef {new (config: import('hls.js').HlsConfig) => import('hls.js').Loader<Context>} Loader */

/** @type {{url: string, text: Promise<string|null>}|null} */
let early = null;

/** @param {string} url  Asked for once, and only for the next player. */
export function askEarly(url) {
  early = { url, text: fetch(url).then((answer) => (answer.ok ? answer.text() : null)).catch(() => null) };
}

/** @param {string} url @returns {Promise<string|null>|null}  Null when it was not asked for; its text is null when it did not come. */
function take(url) {
  const found = early?.url === url ? early.text : null;
  early = null;
  return found;
}

/** hls.js's own loader of lists, which takes what was asked for early; what did not come is asked for again. @param {import('./hls_class.js').HlsClass} Hls */
export function listLoader(Hls) {
  const Own = /** @type {Loader} */ (/** @type {unknown} */ (Hls.DefaultConfig.loader));
  return class extends Own {
    destroyed = false;

    /** @param {Context} context @param {Configuration} config @param {Callbacks} callbacks */
    load(context, config, callbacks) {
      const text = context.type === 'manifest' ? take(context.url) : null;
      if (!text) return super.load(context, config, callbacks);
      text.then((data) => {
        if (this.destroyed) return;
        if (data === null) return super.load(context, config, callbacks);
        callbacks.onSuccess({ url: new URL(context.url, location.href).href, data, code: 200 }, this.stats, context, null);
      });
    }

    destroy() {
      this.destroyed = true;
      super.destroy();
    }
  };
}
