// The moderators' page: the desk, the floor, who is there.

import { changeFloor } from '../net/commands.js';
import '../ui/desk.js';
import '../ui/floor.js';
import '../ui/connection_state.js';
import '../ui/ring.js';
import { following } from './following.js';
import { element, follow, start } from './start.js';

const session = await start('moderator');
const desk = element('tablee-desk');
const floor = element('tablee-floor');
const connection = element('tablee-connection');
const ring = element('tablee-ring');
const showDay = following(session, 'moderate');
desk.session = session;
floor.change = async (/** @type {'open'|'paused'|'closed'} */ state) => {
  if (session.live) session.learn('floor', await changeFloor(session.api, session.session, session.live.floor, state));
};

follow(session, () => {
  desk.live = session.live;
  connection.state = session.connection;
  connection.refusal = session.refusal;
  floor.floor = session.live?.floor ?? null;
  ring.presence = session.live?.presence ?? null;
  showDay();
});
