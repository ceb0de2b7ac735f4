// What the customer's call page shows: one state by `data-call-state`, the microphone's proof, the wish in one line.

import { csrfToken } from "./csrf.js";

const LEVEL_FLOOR = 0.03; // quieter than this is the room, not a voice
const SAVE_AFTER_MS = 600;

export class CallPage {
  #saving = 0;

  constructor(root) {
    this.root = root;
    const line = root.querySelector("[data-call-line]");
    line?.addEventListener("input", () => this.#saveLine(line));
  }

  get state() {
    return this.root.dataset.callState;
  }

  show(state) {
    this.root.dataset.callState = state;
  }

  // The place that stands in the fragment fetched last: ready, waiting, talking, held or ended.
  get phase() {
    return this.root.querySelector("[data-call-phase]")?.dataset.callPhase;
  }

  showProblem(text) {
    if (text) this.root.querySelector("[data-call-problem]").textContent = text;
    this.show("refused");
  }

  showLevel(level, muted) {
    const state = muted ? "muted" : level > LEVEL_FLOOR || this.heard ? "heard" : "silent";
    this.heard ||= state === "heard";
    this.root.querySelectorAll("[data-call-mic]").forEach((text) => (text.hidden = text.dataset.callMic !== state));
    const bars = [...this.root.querySelectorAll("[data-call-level] rect")];
    bars.forEach((bar, index) => {
      const height = muted ? 2 : 4 + 14 * Math.max(0, Math.min(1, level * bars.length - index));
      bar.setAttribute("height", String(height));
      bar.setAttribute("y", String((18 - height) / 2));
    });
  }

  async post(url, fields) {
    const body = new URLSearchParams(fields);
    return fetch(url, { method: "POST", body, headers: { "X-CSRFToken": csrfToken() } }).catch(() => null);
  }

  #saveLine(field) {
    clearTimeout(this.#saving);
    if (this.state !== "waiting") return; // before the call it travels with the call itself
    this.#saving = setTimeout(() => this.post(this.root.dataset.lineUrl, { line: field.value }), SAVE_AFTER_MS);
  }
}
