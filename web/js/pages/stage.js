// The screen in the room.

import '../ui/ring.js';
import '../ui/screen.js';
import { element, follow, start } from './start.js';

const session = await start('display');
const screen = element('tablee-screen');

follow(session, () => {
  screen.live = session.live;
  screen.connection = session.connection;
  screen.refusal = session.refusal;
});
