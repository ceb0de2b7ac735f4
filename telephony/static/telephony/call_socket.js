// The signalling socket of one leg of one call. It comes back by itself until the server says that the call is over.

const RETRY_FIRST_MS = 300;
const RETRY_LONGEST_MS = 3000;
const OVER = 4410; // the call, or this part in it, has ended
const HANDED_OVER = 4411; // others go on and may not hear each other yet
const REFUSED = 4403; // the token is wrong or too old

export class CallSocket extends EventTarget {
  #socket = null;
  #closed = false;
  #retryIn = RETRY_FIRST_MS;

  constructor(token) {
    super();
    this.token = token;
    this.page = crypto.randomUUID();
    this.#connect();
  }

  send(message) {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }

  close() {
    this.#closed = true;
    this.#socket?.close(1000);
  }

  #connect() {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const socket = new WebSocket(`${scheme}://${location.host}/ws/call/?${new URLSearchParams({ token: this.token, page: this.page })}`);
    socket.addEventListener("open", () => {
      this.#retryIn = RETRY_FIRST_MS;
    });
    socket.addEventListener("message", ({ data }) => {
      const message = JSON.parse(data);
      if (message.type === "welcome") this.token = message.pass; // the first token may be used only once
      this.dispatchEvent(new CustomEvent(message.type, { detail: message }));
    });
    socket.addEventListener("close", ({ code }) => this.#onClose(code));
    this.#socket = socket;
  }

  #onClose(code) {
    if (this.#closed) return;
    if (code === OVER || code === HANDED_OVER || code === REFUSED) {
      this.#closed = true;
      this.dispatchEvent(new CustomEvent("over", { detail: { refused: code === REFUSED, handsOver: code === HANDED_OVER } }));
      return;
    }
    this.dispatchEvent(new CustomEvent("away"));
    setTimeout(() => this.#closed || this.#connect(), this.#retryIn * (0.7 + 0.6 * Math.random()));
    this.#retryIn = Math.min(RETRY_LONGEST_MS, this.#retryIn * 2);
  }
}
