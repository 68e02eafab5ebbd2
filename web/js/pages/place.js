// One's own place: the reader's own hour beside the event's, and what became of one's questions.
// What must not be here: how it is done.

import { Api } from '../net/api.js';
import { PassKeeper } from '../net/pass.js';
import { followAnswers } from '../ui/asked.js';
import { addOwnHours } from '../ui/hours.js';
import '../ui/my_questions.js';
import { learnWords } from './start.js';

addOwnHours(document);
followAnswers(document);
const asked = /** @type {any} */ (document.querySelector('tablee-my-questions'));
if (asked) showAsked();

async function showAsked() {
  const send = globalThis.fetch.bind(globalThis);
  asked.api = new Api({ fetch: send, passes: new PassKeeper({ fetch: send }), lang: document.documentElement.lang || 'fr' });
  try {
    await Promise.all([learnWords(), asked.look()]);
  } catch {
    // the place is whole without it; the pages of the sessions say when the line is down
  }
}

document.addEventListener('visibilitychange', () => document.hidden || asked?.sessions && asked.look().catch(() => {}));
