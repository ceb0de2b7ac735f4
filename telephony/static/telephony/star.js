// The connections of one page of a call: with everybody if it is the page of the agent who has the call in hand, else
// with that page alone. Who that is, the desk says. On a change the old voice stays until the new one is heard.

import { Peer } from "./peer.js";

const OVERLAP_MS = 3000;

export class Star extends EventTarget {
  #peers = new Map(); // leg -> Peer
  #wanted = [];
  #ice = [];
  #overlap = 0;

  constructor(socket, trackFor) {
    super();
    this.socket = socket;
    this.trackFor = trackFor;
    socket.addEventListener("welcome", ({ detail }) => this.#welcome(detail));
    socket.addEventListener("star", ({ detail }) => this.#arrange(detail));
    for (const type of ["hello", "sdp", "ice"]) {
      socket.addEventListener(type, ({ detail }) => this.#peers.get(detail.from)?.take(detail));
    }
  }

  isConnected(leg) {
    return this.#peers.get(leg)?.isConnected ?? false;
  }

  close() {
    clearTimeout(this.#overlap);
    for (const leg of [...this.#peers.keys()]) this.#part(leg);
  }

  #welcome(detail) {
    this.#ice = detail.ice;
    for (const peer of this.#peers.values()) peer.greet();
    this.#arrange(detail);
  }

  #arrange(detail) {
    this.#wanted = detail.peers;
    for (const leg of detail.peers) if (!this.#peers.has(leg)) this.#meet(leg, !detail.isCentre);
    this.dispatchEvent(new CustomEvent("arranged", { detail }));
    clearTimeout(this.#overlap);
    this.#overlap = setTimeout(() => this.#partFromOthers(), OVERLAP_MS);
    this.#partWhenHeard();
  }

  #meet(leg, polite) {
    const peer = new Peer(this.socket, leg, { polite, ice: this.#ice, track: this.trackFor(leg) });
    this.#peers.set(leg, peer);
    peer.addEventListener("voice", ({ detail }) => this.#tell("voice", { leg, stream: detail.stream }));
    peer.addEventListener("media", ({ detail }) => {
      if (this.#wanted.includes(leg)) this.#tell("media", { leg, state: detail.state });
      this.#partWhenHeard();
    });
    peer.greet();
  }

  #partWhenHeard() {
    if (this.#wanted.every((leg) => this.isConnected(leg))) this.#partFromOthers();
  }

  #partFromOthers() {
    for (const leg of [...this.#peers.keys()]) if (!this.#wanted.includes(leg)) this.#part(leg);
  }

  #part(leg) {
    this.#peers.get(leg).close();
    this.#peers.delete(leg);
    this.#tell("gone", { leg });
  }

  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
