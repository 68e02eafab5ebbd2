// A refusal with its sentence in the page's language (RFC 9457 problem details, with both languages).
// What must not be here: fetch, the page.

import { t, language } from '../i18n.js';
import { SessionEnded } from './pass.js';

/**
 * @typedef {object} Document
 * @property {number} [status]
 * @property {string} [code]
 * @property {string} [detail]
 * @property {Record<string, string>} [sentences]
 * @property {{path: string, code: string, detail?: string, sentences?: Record<string, string>}[]} [fields]
 * @property {any} [current]
 * @property {number} [retry_after]
 */

/** What the platform answered instead of doing it; `message` may be shown to a person. */
export class Problem extends Error {
  /** @param {Document} document */
  constructor(document) {
    super(sentence(document));
    this.status = document.status ?? 0;
    this.code = document.code ?? 'unknown';
    this.current = document.current ?? null;
    this.fields = document.fields ?? [];
    this.retryAfter = document.retry_after ?? null;
  }
}

/** Nothing came back, or nothing that could be read; the command may or may not have been done. */
export class Unreachable extends Error {
  constructor() {
    super(t('net.unreachable'));
  }
}

/** Why it was not done, for a person: never the text of an error that was written for nobody. @param {unknown} failure */
export function why(failure) {
  if (failure instanceof SessionEnded) return t('connection.ended');
  return failure instanceof Problem || failure instanceof Unreachable ? failure.message : t('net.refused');
}

/** @param {Document} document */
function sentence(document) {
  const whole = document.sentences?.[language()] ?? document.detail ?? t('net.refused');
  const field = document.fields?.[0];
  const more = field && (field.sentences?.[language()] ?? field.detail);
  return more && more !== whole ? `${whole} ${more}` : whole;
}

/** @param {Response} answer @returns {Promise<Problem>} */
export async function readProblem(answer) {
  try {
    const document = await answer.json();
    return new Problem({ ...document, status: answer.status });
  } catch {
    return new Problem({ status: answer.status });
  }
}
