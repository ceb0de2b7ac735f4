// The customer's end of the line: microphone, signalling, the desk's voice, and music while waiting.

import { CallSocket } from "./call_socket.js";
import { holdMusic } from "./hold_music.js";
import { closeMicrophone, watchLevel } from "./microphone.js";
import { Peer } from "./peer.js";

const MUSIC_LOUDNESS = 0.5;

export class CustomerLine extends EventTarget {
  #audio = new AudioContext();
  #stopLevel;
  #music = null;

  constructor(microphone, token, { element, onLevel }) {
    super();
    this.microphone = microphone;
    this.element = element;
    this.socket = new CallSocket(token);
    this.peer = new Peer(this.socket, { polite: true, track: this.track });
    this.#audio.resume();
    this.#stopLevel = watchLevel(this.#audio, microphone, (level) => onLevel(level, this.muted));
    this.#pass("welcome", (detail) => detail.state);
    this.#pass("state", (detail) => detail.state);
    this.#pass("over", () => "ended");
    this.peer.addEventListener("voice", ({ detail }) => this.#play(detail.stream));
    this.peer.addEventListener("media", ({ detail }) => this.#report({ connected: "talking", disconnected: "lost", failed: "lost" }[detail.state]));
  }

  get track() {
    return this.microphone.getAudioTracks()[0];
  }

  get muted() {
    return !this.track.enabled;
  }

  mute(on) {
    this.track.enabled = !on;
  }

  async music(on) {
    if (!this.#music && on) {
      this.#music = new GainNode(this.#audio, { gain: 0 });
      this.#music.connect(this.#audio.destination);
      (await holdMusic(this.#audio)).connect(this.#music);
    }
    this.#music?.gain.setTargetAtTime(on ? MUSIC_LOUDNESS : 0, this.#audio.currentTime, 0.2);
  }

  // Two notes that say: it is your turn.
  chime() {
    [659.25, 880].forEach((frequency, index) => {
      const at = this.#audio.currentTime + index * 0.18;
      const tone = new OscillatorNode(this.#audio, { frequency });
      const loudness = new GainNode(this.#audio, { gain: 0.25 });
      loudness.gain.setTargetAtTime(0, at + 0.1, 0.08);
      tone.connect(loudness).connect(this.#audio.destination);
      tone.start(at);
      tone.stop(at + 0.6);
    });
  }

  hangUp() {
    this.socket.send({ type: "bye" });
  }

  close() {
    this.#stopLevel();
    this.peer.close();
    this.socket.close();
    this.element.srcObject = null;
    this.#audio.close();
    closeMicrophone(this.microphone);
  }

  #pass(type, read) {
    this.socket.addEventListener(type, ({ detail }) => this.#report(read(detail)));
  }

  #report(state) {
    if (state) this.dispatchEvent(new CustomEvent("state", { detail: { state } }));
  }

  #play(stream) {
    this.element.srcObject = stream;
    this.element.play().catch(() => {});
  }
}
