// The agent's mixing desk: what the customer hears is made here, so hold and mute need no new negotiation.

import { holdMusic } from "./hold_music.js";

const RAMP_S = 0.01;

export class Mixer {
  #context;
  #microphone;
  #music;
  #speaker;
  #toCustomer;
  #customer = null;
  #element = null;
  #muted = false;
  #held = false;

  static async create(context, microphone) {
    const mixer = new Mixer(context, microphone);
    (await holdMusic(context)).connect(mixer.#music);
    return mixer;
  }

  constructor(context, microphone) {
    this.#context = context;
    this.#toCustomer = context.createMediaStreamDestination();
    this.#microphone = new GainNode(context, { gain: 1 });
    this.#music = new GainNode(context, { gain: 0 });
    this.#speaker = new GainNode(context, { gain: 1 });
    context.createMediaStreamSource(microphone).connect(this.#microphone).connect(this.#toCustomer);
    this.#music.connect(this.#toCustomer);
    this.#speaker.connect(context.destination);
  }

  get track() {
    return this.#toCustomer.stream.getAudioTracks()[0];
  }

  get muted() {
    return this.#muted;
  }

  hear(stream) {
    this.#customer?.disconnect();
    this.#element?.remove();
    // Chromium feeds a remote stream to the audio graph only while an element plays it too.
    this.#element = Object.assign(document.createElement("audio"), { srcObject: stream, muted: true, hidden: true });
    this.#element.dataset.voice = "customer";
    document.body.append(this.#element);
    this.#element.play().catch(() => {});
    this.#customer = this.#context.createMediaStreamSource(stream);
    this.#customer.connect(this.#speaker);
  }

  hold(on) {
    this.#held = on;
    this.#apply();
  }

  mute(on) {
    this.#muted = on;
    this.#apply();
  }

  close() {
    this.#customer?.disconnect();
    this.#element?.remove();
    this.#speaker.disconnect();
    this.#microphone.disconnect();
    this.#music.disconnect();
  }

  #apply() {
    this.#fade(this.#microphone, this.#held || this.#muted ? 0 : 1);
    this.#fade(this.#music, this.#held ? 1 : 0);
    this.#fade(this.#speaker, this.#held ? 0 : 1);
  }

  #fade(node, level) {
    node.gain.setTargetAtTime(level, this.#context.currentTime, RAMP_S);
  }
}
