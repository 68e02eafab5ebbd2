// One try of what a person asked for: whether it was done, and the words about it where the element shows them.
// What must not be here: what is tried.

import { why } from '../net/problem.js';

/** @param {{words: string}} element @param {() => Promise<unknown>} how @returns {Promise<boolean>} */
export async function attempt(element, how) {
  try {
    await how();
    element.words = '';
    return true;
  } catch (failure) {
    element.words = why(failure);
    return false;
  }
}
