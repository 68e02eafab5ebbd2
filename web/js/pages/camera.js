// This device as the camera of a stage: what is sent, and what viewers get of it. What must not be here: devices (ui/camera.js).

import { Api } from '../net/api.js';
import { PassKeeper } from '../net/pass.js';
import '../ui/camera.js';
import { senderOf, watchStage } from './seen.js';
import { element, learnWords } from './start.js';

const lang = await learnWords();
const send = globalThis.fetch.bind(globalThis);
const api = new Api({ fetch: send, passes: new PassKeeper({ fetch: send }), lang });
const seen = watchStage(api, new URLSearchParams(location.search).get('stage') ?? '');
Object.assign(element('tablee-camera'), senderOf(api, () => seen.stage));
