// Where files lie beside the scripts: the server says it in the page, for scripts may be joined into fewer files.

/** @param {string} path  Inside web/, e.g. `locales/fr/live.json`. */
export const asset = (path) => new URL(`${document.documentElement.dataset.assets ?? '/'}${path}`, location.href);
