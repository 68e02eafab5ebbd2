// How many questions each registrant asked, which another service knows than the one that made this page. Without it the list is whole.

import { Api, Problem, Unreachable } from '../net/api.js';
import { PassKeeper, SessionEnded } from '../net/pass.js';
import { setLocale, tn } from '../i18n.js';

/** @type {NodeListOf<HTMLElement>} */
const places = document.querySelectorAll('[data-person]');

async function count() {
  const lang = document.documentElement.lang;
  await setLocale(lang);
  const fetch = globalThis.fetch.bind(globalThis);
  const api = new Api({ fetch, passes: new PassKeeper({ fetch }), lang });
  const asked = new URLSearchParams([...places].map((place) => ['person', place.dataset.person ?? '']));
  const { questions } = await api.get(`/api/qa/people?${asked}`);
  for (const place of places) place.textContent = tn('people.questions', questions[place.dataset.person ?? ''] ?? 0);
}

try {
  if (places.length) await count();
} catch (failure) {
  if (!(failure instanceof Problem || failure instanceof Unreachable || failure instanceof SessionEnded)) throw failure;
}
