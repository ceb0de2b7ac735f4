// The recording that this page makes of its call, as long as the desk wants one: slices of two seconds, sent as they come.

import { sendPart } from "./recording_parts.js";

const KINDS = ["audio/webm;codecs=opus", "audio/ogg;codecs=opus", "audio/mp4"];
const SLICE_MS = 2000;
const BITS_PER_SECOND = 48_000;

export class Recorder {
  #mixer;
  #tape = null; // { id, machine } of the segment being recorded

  constructor(mixer) {
    this.#mixer = mixer;
  }

  // What the desk wants: { id, paused }, or nothing.
  follow(tape) {
    if (tape?.id !== this.#tape?.id) this.stop();
    if (!tape) return;
    if (!this.#tape) this.#start(tape.id);
    this.silence(tape.paused);
  }

  silence(on) {
    if (this.#tape) this.#mixer.silenceTape(on);
  }

  stop() {
    this.#tape?.machine.stop();
    if (this.#tape) this.#mixer.endTape();
    this.#tape = null;
  }

  #start(id) {
    const mimeType = KINDS.find((kind) => MediaRecorder.isTypeSupported(kind));
    const machine = new MediaRecorder(this.#mixer.tape(), { mimeType, audioBitsPerSecond: BITS_PER_SECOND });
    const startedAt = performance.now();
    let number = 0;
    machine.addEventListener("dataavailable", ({ data }) => {
      if (!data.size) return;
      const elapsed = Math.round(performance.now() - startedAt);
      sendPart({ recording: id, number: number++, data, kind: mimeType, elapsed, isLast: machine.state === "inactive" });
    });
    machine.start(SLICE_MS);
    this.#tape = { id, machine };
  }
}
