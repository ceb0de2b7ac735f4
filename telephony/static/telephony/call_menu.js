// The menu of a call flow on the customer's call page: keys and numbers go to the desk, each with its tone.

const KEY = /^[0-9*#]$/;

export class CallMenu {
  #answered = -1; // the turn that was answered last: a second press of the same question is no second answer

  constructor(root, send) {
    this.root = root;
    this.send = send;
    this.form = root.querySelector("[data-call-number]");
    root.addEventListener("click", ({ target }) => this.#enter(target.closest("[data-call-digits]")?.dataset.callDigits));
    this.form?.addEventListener("submit", (event) => this.#enterNumber(event));
    document.addEventListener("keydown", (event) => this.#onKey(event));
  }

  // The fragment that says where the call stands has been fetched: does it ask for a number?
  follow() {
    const standing = this.#standing;
    const asks = standing?.dataset.callAsks === "number";
    if (!this.form || this.form.hidden === !asks) return;
    this.form.hidden = !asks;
    const field = this.form.elements.digits;
    field.value = "";
    if (asks) {
      field.maxLength = Number(standing.dataset.callLongest);
      field.focus();
    }
  }

  get #standing() {
    return this.root.querySelector("[data-call-turn]");
  }

  #enter(digits) {
    const turn = Number(this.#standing?.dataset.callTurn ?? -1);
    if (!digits || turn < 0 || turn === this.#answered) return;
    this.#answered = turn;
    this.send(turn, digits);
  }

  #enterNumber(event) {
    event.preventDefault();
    this.#enter(this.form.elements.digits.value.replace(/\D/g, ""));
  }

  #onKey(event) {
    const typing = event.target.closest?.("input, textarea, select") || event.ctrlKey || event.metaKey || event.altKey;
    const offered = this.#standing && !this.#standing.dataset.callAsks;
    if (!typing && offered && KEY.test(event.key)) this.#enter(event.key);
  }
}
