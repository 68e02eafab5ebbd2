// A form that is whole while somebody is at it, else one line. It does not fold under a press: what is pressed would move away.
// What must not be here: what the form shows.

export class Fold {
  /** @param {HTMLElement} form @param {(open: boolean) => void} turned */
  constructor(form, turned) {
    this.form = form;
    this.turned = turned;
    this.pressing = false;
    form.addEventListener('focusin', () => turned(true));
    form.addEventListener('focusout', () => setTimeout(() => this.#left()));
    form.addEventListener('pointerdown', () => {
      this.pressing = true;
    });
    for (const kind of ['pointerup', 'pointercancel']) {
      document.addEventListener(kind, () => {
        if (!this.pressing) return;
        this.pressing = false;
        setTimeout(() => this.#left()); // after the click that follows
      });
    }
  }

  #left() {
    if (!this.pressing && !this.form.contains(document.activeElement)) this.turned(false);
  }
}
