// A staff page's mixing desk. Every voice that comes in and every ear that listens is a node; between each two stands
// a gain that the desk's arrangement opens or closes. So hold, whisper or merge need no new negotiation.

import { holdMusic } from "./hold_music.js";

const RAMP_S = 0.01;
const OWN = "own"; // this page's microphone and its speaker
const MUSIC = "music";
const SIDES = ["left", "right"]; // of a recording

export class Mixer {
  #context;
  #sources = new Map(); // leg -> { node, element }
  #ears = new Map(); // leg -> node
  #gains = new Map(); // "source>ear" -> GainNode
  #arrangement = { leg: null, hears: {}, music: [] };
  #muted = false;

  constructor(context, microphone) {
    this.#context = context;
    this.#addSource(OWN, { node: context.createMediaStreamSource(microphone) });
    const speaker = context.createMediaStreamDestination();
    this.#addEar(OWN, speaker);
    this.speaker = play(speaker.stream, { muted: false });
    // Nobody has to wait for the music but who is put on hold in the first moments.
    holdMusic(context).then((node) => this.#addSource(MUSIC, { node }));
  }

  get muted() {
    return this.#muted;
  }

  // What this page sends to the page of `leg`.
  trackFor(leg) {
    if (!this.#ears.has(leg)) this.#addEar(leg, this.#context.createMediaStreamDestination());
    return this.#ears.get(leg).stream.getAudioTracks()[0];
  }

  hear(leg, stream) {
    this.#removeSource(leg);
    // Chromium feeds a remote stream to the audio graph only while an element plays it too.
    this.#addSource(leg, { node: this.#context.createMediaStreamSource(stream), element: play(stream, { muted: true }) });
  }

  forget(leg) {
    this.#removeSource(leg);
    this.#ears.delete(leg);
    for (const name of [...this.#gains.keys()]) if (name.endsWith(`>${leg}`)) this.#gains.delete(name);
  }

  // Who is not in the arrangement any more keeps what it had until it is forgotten: it may be the bridge to the new.
  arrange(arrangement) {
    this.#arrangement = arrangement;
    this.#apply();
  }

  // Everybody else hears everybody else, this page neither hears nor is heard.
  bridge() {
    const legs = [...this.#ears.keys()].filter((leg) => leg !== OWN);
    const hears = Object.fromEntries(legs.map((leg) => [leg, legs.filter((other) => other !== leg)]));
    this.arrange({ leg: this.#arrangement.leg, hears: { ...hears, [this.#arrangement.leg]: [] }, music: [] });
  }

  // What is recorded: two ears like any other, side by side in one stream.
  tape() {
    const merger = new ChannelMergerNode(this.#context, { numberOfInputs: SIDES.length });
    const out = new MediaStreamAudioDestinationNode(this.#context, { channelCount: SIDES.length });
    SIDES.forEach((side, channel) => {
      const ear = new GainNode(this.#context);
      ear.connect(merger, 0, channel);
      this.#addEar(side, ear);
    });
    merger.connect(out);
    return out.stream;
  }

  // The recording goes on, but nothing is heard in it.
  silenceTape(on) {
    for (const side of SIDES) this.#ears.get(side)?.gain.setValueAtTime(Number(!on), this.#context.currentTime);
  }

  endTape() {
    SIDES.forEach((side) => this.forget(side));
  }

  mute(on) {
    this.#muted = on;
    this.#apply();
  }

  close() {
    for (const leg of [...this.#sources.keys()]) this.#removeSource(leg);
    this.speaker.remove();
  }

  #addSource(leg, source) {
    this.#sources.set(leg, source);
    for (const ear of this.#ears.keys()) this.#link(leg, ear);
  }

  #addEar(leg, node) {
    this.#ears.set(leg, node);
    for (const source of this.#sources.keys()) this.#link(source, leg);
  }

  #link(source, ear) {
    if (source === ear) return;
    const gain = new GainNode(this.#context, { gain: this.#level(source, ear) ?? 0 });
    this.#sources.get(source).node.connect(gain).connect(this.#ears.get(ear));
    this.#gains.set(`${source}>${ear}`, gain);
  }

  #removeSource(leg) {
    const source = this.#sources.get(leg);
    source?.node.disconnect();
    source?.element?.remove();
    this.#sources.delete(leg);
    for (const name of [...this.#gains.keys()]) if (name.startsWith(`${leg}>`)) this.#gains.delete(name);
  }

  #apply() {
    for (const source of this.#sources.keys()) {
      for (const ear of this.#ears.keys()) {
        const level = this.#level(source, ear);
        if (level !== undefined) this.#gains.get(`${source}>${ear}`)?.gain.setTargetAtTime(level, this.#context.currentTime, RAMP_S);
      }
    }
  }

  // 1 or 0, undefined where the arrangement does not speak of both.
  #level(source, ear) {
    const { hears, music } = this.#arrangement;
    const [from, to] = [this.#legOf(source), this.#legOf(ear)];
    if (!hears[to]) return undefined;
    if (source === MUSIC) return Number(music.includes(to));
    if (!hears[from]) return undefined;
    return Number(hears[to].includes(from) && !(source === OWN && this.#muted));
  }

  #legOf(name) {
    return name === OWN ? this.#arrangement.leg : name;
  }
}

function play(stream, { muted }) {
  const element = Object.assign(document.createElement("audio"), { srcObject: stream, muted, hidden: true });
  document.body.append(element);
  element.play().catch(() => {});
  return element;
}
