// The customer's end of the line: microphone, signalling, the desk's voice, and music while waiting.

import { CallSocket } from "./call_socket.js";
import { holdMusic } from "./hold_music.js";
import { playKeys } from "./key_tones.js";
import { closeMicrophone, watchLevel } from "./microphone.js";
import { Star } from "./star.js";

const MUSIC_LOUDNESS = 0.5;

export class CustomerLine extends EventTarget {
  #audio = new AudioContext();
  #stopLevel;
  #music = null;
  #voices = new Map(); // leg -> stream

  constructor(microphone, token, { element, onLevel }) {
    super();
    this.microphone = microphone;
    this.element = element;
    this.socket = new CallSocket(token);
    this.star = new Star(this.socket, () => this.track);
    this.#audio.resume();
    this.#stopLevel = watchLevel(this.#audio, microphone, (level) => onLevel(level, this.muted));
    this.socket.addEventListener("welcome", ({ detail }) => detail.peers.length || this.#report(detail.state));
    this.socket.addEventListener("over", () => this.#report("ended"));
    this.star.addEventListener("arranged", ({ detail }) => this.#follow(detail));
    this.star.addEventListener("voice", ({ detail }) => this.#voices.set(detail.leg, detail.stream));
    this.star.addEventListener("gone", ({ detail }) => this.#voices.delete(detail.leg));
    this.star.addEventListener("media", ({ detail }) => this.#media(detail));
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

  // The answer to a question of the call flow, heard as key tones.
  enter(turn, digits) {
    playKeys(this.#audio, digits);
    this.socket.send({ type: "digits", turn, digits });
  }

  hangUp() {
    this.socket.send({ type: "bye" });
  }

  close() {
    this.#stopLevel();
    this.star.close();
    this.socket.close();
    this.element.srcObject = null;
    this.#audio.close();
    closeMicrophone(this.microphone);
  }

  // Talking is what is heard, so it waits for the voice; waiting and being on hold are what the desk says.
  #follow({ peers, held }) {
    this.held = held;
    if (!peers.length) this.#report("queued");
    else if (held) this.#report("held");
    else if (peers.some((leg) => this.star.isConnected(leg))) this.#report("talking");
  }

  #media({ leg, state }) {
    if (state === "connected") this.#play(this.#voices.get(leg));
    this.#report({ connected: this.held ? "held" : "talking", disconnected: "lost", failed: "lost" }[state]);
  }

  #report(state) {
    if (state) this.dispatchEvent(new CustomEvent("state", { detail: { state } }));
  }

  #play(stream) {
    this.element.srcObject = stream;
    this.element.play().catch(() => {});
  }
}
