// The page of who follows from afar: the stage's picture and sound, the questions, asking.

import '../ui/player.js';
import { audience } from './audience.js';
import { element, follow, start } from './start.js';

const session = await start('public');
const show = audience(session, 'watch');
const player = element('tablee-player');
player.renew = () => session.passes.renew();

// On a phone the questions come first: who is at the table is one press away.
if (matchMedia('(max-width: 59.99rem)').matches) element('.watch__more').open = false;

follow(session, () => {
  if (session.pass) player.src = session.pass.hls_url;
  player.stream = session.live?.stream ?? null;
  show();
});
