// The chair's page: the questions of the session as they are asked, whose turn it would be, hands, notes.

import '../ui/chair.js';
import '../ui/chair_turn.js';
import '../ui/connection_state.js';
import '../ui/hand_line.js';
import '../ui/notes.js';
import '../ui/picker.js';
import '../ui/seat_line.js';
import { following } from './following.js';
import { element, follow, start } from './start.js';

const session = await start('chair');
const chair = element('tablee-chair');
const connection = element('tablee-connection');
const showDay = following(session, 'chair');
chair.session = session;

follow(session, () => {
  chair.live = session.live;
  connection.state = session.connection;
  connection.refusal = session.refusal;
  showDay();
});
