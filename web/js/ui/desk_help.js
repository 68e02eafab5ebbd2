// The keys of the desk in words, and the switch for those that are letters: whoever speaks to their machine turns them off (WCAG 2.1.4).
// What must not be here: what a key does.

import { LETTERED } from '../state/keys.js';
import { showHelp } from './dialogs.js';
import { keep, kept } from './kept.js';
import { t } from '../i18n.js';

const LETTERS = 'letters';

export const lettersAreKeys = () => kept(LETTERS) !== 'off';

export async function help() {
  const commands = LETTERED.map((word) => /** @type {[string, string]} */ ([[...t(`key.${word}`)].join(' '), t(`command.${word}`)]));
  const moves = [['Alt ↑ ↓', 'order'], ['j ↓', 'down'], ['k ↑', 'up'], ['← →', 'beside'], ['⇧↓ ⇧↑', 'gather'], ['Esc', 'drop'], ['/', 'find'], ['?', 'help']];
  const on = await showHelp([...commands, ...moves.map(([key, word]) => /** @type {[string, string]} */ ([key, t(`command.${word}`)]))], lettersAreKeys());
  if (on !== null) keep(LETTERS, on ? 'on' : 'off');
}
