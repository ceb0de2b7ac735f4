// One media connection between two pages of a call. A page that is loaded anew has a new id, and so a new
// connection; a signalling socket that merely came back finds the old connection still carrying the voice.

export class Peer extends EventTarget {
  #connection = null;
  #pair = "";
  #offering = false;

  constructor(socket, leg, { polite, ice, track }) {
    super();
    this.socket = socket;
    this.leg = leg;
    this.polite = polite;
    this.ice = ice;
    this.track = track;
  }

  get isConnected() {
    return this.#connection?.connectionState === "connected";
  }

  // Also said by a page whose socket came back: the other side learns that it is still the same page.
  greet() {
    this.#send("hello", { page: this.socket.page, reply: true });
    if (this.isConnected) this.socket.send({ type: "connected" });
  }

  take(note) {
    if (note.type === "hello") this.#meet(note);
    else if (note.type === "sdp") this.#describe(note);
    else this.#candidate(note);
  }

  close() {
    this.#connection?.close();
    this.#connection = null;
    this.#pair = "";
  }

  #meet({ page, reply }) {
    if (reply) this.#send("hello", { page: this.socket.page, reply: false });
    this.#start(this.#pairWith(page));
  }

  #pairWith(page) {
    return [this.socket.page, page].sort().join("+");
  }

  #start(pair) {
    if (pair === this.#pair) return;
    this.close();
    this.#pair = pair;
    const connection = new RTCPeerConnection({ iceServers: this.ice });
    this.#connection = connection;
    connection.addEventListener("icecandidate", ({ candidate }) => candidate && this.#signal("ice", { candidate }));
    connection.addEventListener("negotiationneeded", () => this.#offer(connection));
    connection.addEventListener("connectionstatechange", () => this.#report(connection));
    connection.addEventListener("track", ({ track, streams }) => {
      const stream = streams[0] ?? new MediaStream([track]);
      this.dispatchEvent(new CustomEvent("voice", { detail: { stream } }));
    });
    connection.addTrack(this.track, new MediaStream([this.track]));
  }

  async #offer(connection) {
    if (this.polite && !connection.remoteDescription) return; // the agent's page makes the first offer
    this.#offering = true;
    try {
      await connection.setLocalDescription();
      this.#signal("sdp", { description: connection.localDescription });
    } finally {
      this.#offering = false;
    }
  }

  async #describe({ pair, description }) {
    if (!pair.includes(this.socket.page)) return;
    this.#start(pair);
    const connection = this.#connection;
    // An answer to an offer that was withdrawn, or to another page of the same person.
    if (description.type === "answer" && connection.signalingState !== "have-local-offer") return;
    const collides = description.type === "offer" && (this.#offering || connection.signalingState !== "stable");
    if (collides && !this.polite) return;
    await connection.setRemoteDescription(description);
    if (description.type !== "offer") return;
    await connection.setLocalDescription();
    this.#signal("sdp", { description: connection.localDescription });
  }

  async #candidate({ pair, candidate }) {
    if (pair !== this.#pair) return;
    try {
      await this.#connection.addIceCandidate(candidate);
    } catch (error) {
      // A candidate of an offer that lost the collision has no description to belong to.
      if (this.#connection?.signalingState === "stable") console.warn("candidate refused", error);
    }
  }

  #report(connection) {
    if (connection !== this.#connection) return;
    const state = connection.connectionState;
    if (state === "connected") this.socket.send({ type: "connected" });
    if (state === "failed" && !this.polite) connection.restartIce();
    this.dispatchEvent(new CustomEvent("media", { detail: { state } }));
  }

  #signal(type, body) {
    this.#send(type, { pair: this.#pair, ...body });
  }

  #send(type, body) {
    this.socket.send({ type, to: this.leg, ...body });
  }
}
