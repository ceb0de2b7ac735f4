// Leaving a message: the microphone that is open anyway is recorded, sent once, and the call is over.

const KINDS = ["audio/webm;codecs=opus", "audio/ogg;codecs=opus", "audio/mp4"];
const CSRF = "X-CSRFToken";

export class CallMessage {
  #recorder = null;
  #sound = null;
  #startedAt = 0;

  constructor(root, { microphone, token, sent }) {
    this.root = root;
    this.part = root.querySelector("[data-call-message]");
    Object.assign(this, { microphone, token, sent });
    this.part?.querySelector("[data-call-record]").addEventListener("click", () => this.#press());
  }

  // The fragment that says where the call stands has been fetched: does it ask for a message?
  follow() {
    const standing = this.root.querySelector("[data-call-asks=message]");
    if (!this.part || this.#sound) return;
    this.longest = Number(standing?.dataset.callLongest ?? 0);
    this.part.hidden = !standing;
    if (!standing && this.#recorder?.state === "recording") this.#recorder.stop();
  }

  #press() {
    if (this.#sound) return this.#send();
    this.#recorder ? this.#recorder.stop() : this.#record();
  }

  #record() {
    const stream = this.microphone();
    if (!stream) return;
    const mimeType = KINDS.find((kind) => MediaRecorder.isTypeSupported(kind));
    const pieces = [];
    this.#recorder = new MediaRecorder(stream, { mimeType });
    this.#recorder.addEventListener("dataavailable", ({ data }) => pieces.push(data));
    this.#recorder.addEventListener("stop", () => {
      clearInterval(this.timer);
      this.seconds = Math.round((Date.now() - this.#startedAt) / 1000);
      this.#sound = new Blob(pieces, { type: mimeType });
      this.#send();
    });
    this.#recorder.start(1000);
    this.#startedAt = Date.now();
    this.timer = setInterval(() => this.#tick(), 250);
    this.#show("recording");
  }

  #tick() {
    const seconds = Math.floor((Date.now() - this.#startedAt) / 1000);
    const clock = this.part.querySelector("[data-record-time]");
    clock.hidden = false;
    clock.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    if (seconds >= this.longest) this.#recorder.stop();
  }

  async #send() {
    this.#show("sending");
    const body = new FormData();
    body.append("sound", this.#sound, "message");
    body.append("seconds", String(this.seconds));
    const answer = await fetch(this.part.dataset.callUrl, { method: "POST", body, headers: { [CSRF]: this.token() } }).catch(() => null);
    if (!answer?.ok) return this.#show("failed");
    this.part.hidden = true;
    this.sent();
  }

  #show(state) {
    for (const text of this.part.querySelectorAll("[data-record-when]")) text.hidden = text.dataset.recordWhen !== state;
  }
}
