// One's own place: the reader's own hour beside the event's.
// What must not be here: how it is done.

import { addOwnHours } from '../ui/hours.js';

addOwnHours(document);
