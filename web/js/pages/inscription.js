// The registration form, which is whole without it.
// What must not be here: how it is done.

import { followAnswers } from '../ui/asked.js';

followAnswers(document);
