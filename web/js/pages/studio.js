// The studio of a stage: its programme is made here, and follows the session that is on there. What must not be here: devices, pictures (ui/studio.js).

import { factsOf, followed } from '../state/facts.js';
import { asked } from '../state/studio.js';
import '../ui/connection_state.js';
import '../ui/studio.js';
import { senderOf, watchStage } from './seen.js';
import { element, follow, place, start } from './start.js';

const session = await start('studio');
const studio = element('tablee-studio');
const connection = element('tablee-connection');
const here = place().dataset;
const seen = watchStage(session.api, new URLSearchParams(location.search).get('stage') ?? here.stage ?? '');
Object.assign(studio, senderOf(session.api, () => seen.stage), { event: here.event ?? '', session });
session.addEventListener('signal', (event) => studio.hear(/** @type {CustomEvent} */ (event).detail));

function show() {
  studio.live = session.live;
  connection.state = session.connection;
  connection.refusal = session.refusal;
  const facts = factsOf(session.live);
  const next = facts ? followed(facts, asked(session.live) !== null) : session.session;
  if (next !== session.session) session.moveTo(next);
}

// without a session there is nothing to follow, and a programme all the same
if (session.session) follow(session, show);
