// One media connection between the two pages of a call. A page that is loaded anew has a new id, and so a new
// connection; a signalling socket that merely came back finds the old connection still carrying the voice.

export class Peer extends EventTarget {
  #connection = null;
  #pair = "";
  #offering = false;
  #iceServers = [];

  constructor(socket, { polite, track }) {
    super();
    this.socket = socket;
    this.polite = polite;
    this.track = track;
    socket.addEventListener("welcome", ({ detail }) => this.#arrive(detail));
    socket.addEventListener("hello", ({ detail }) => this.#meet(detail));
    socket.addEventListener("sdp", ({ detail }) => this.#describe(detail));
    socket.addEventListener("ice", ({ detail }) => this.#candidate(detail));
  }

  close() {
    this.#connection?.close();
    this.#connection = null;
    this.#pair = "";
  }

  #arrive({ ice }) {
    this.#iceServers = ice;
    if (this.#connection?.connectionState === "connected") this.socket.send({ type: "connected" });
  }

  #meet({ page, reply }) {
    if (reply) this.socket.send({ type: "hello", page: this.socket.page, reply: false });
    this.#start(this.#pairWith(page));
  }

  #pairWith(page) {
    return [this.socket.page, page].sort().join("+");
  }

  #start(pair) {
    if (pair === this.#pair) return;
    this.close();
    this.#pair = pair;
    const connection = new RTCPeerConnection({ iceServers: this.#iceServers });
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
    this.socket.send({ type, pair: this.#pair, ...body });
  }
}
