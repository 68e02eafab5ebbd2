// The page of who sits in the room, on a phone: the question on stage, the others, asking. No picture: it is before their eyes.

import { audience } from './audience.js';
import { follow, start } from './start.js';

const session = await start('public');
follow(session, audience(session, 'room'));
