// The organiser's questions of a form: one that depends on an answer, or on a door, is there while it is asked. The server decides
// anew, so that nothing depends on this.
// What must not be here: what may be answered.

/** @param {Document | HTMLElement} root */
export function followAnswers(root) {
  const questions = /** @type {HTMLElement[]} */ ([...root.querySelectorAll('[data-question]')]);
  const form = questions[0]?.closest('form');
  if (!form) return;
  for (const line of form.querySelectorAll('.question__when')) line.setAttribute('hidden', '');
  const look = () => {
    /** @type {Set<string>} */
    const away = new Set();
    for (const one of questions) {
      one.hidden = !isAsked(one.dataset, new FormData(form), away);
      if (one.hidden) away.add(`answers.${one.dataset.question}`);
    }
  };
  form.addEventListener('change', look);
  look();
}

/**
 * @param {DOMStringMap} question `after`: the field it depends on, `given`: the answers as JSON, `doors`: of whom it is asked
 * @param {{get: (name: string) => unknown, getAll: (name: string) => unknown[]}} said
 * @param {Set<string>} away fields of questions that are not asked themselves
 */
export function isAsked(question, said, away) {
  if (question.doors && !question.doors.split(' ').includes(String(said.get('door')))) return false;
  if (!question.after) return true;
  const given = JSON.parse(question.given ?? '[]');
  return !away.has(question.after) && said.getAll(question.after).some((one) => given.includes(one));
}
