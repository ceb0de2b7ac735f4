// One chat on a page, whichever side it is: lines are kept until the desk has them, and sent again with the same id.

import { post } from "./request.js";

const AGAIN = 2_000;
const TYPING_EVERY = 4_000;
const TYPING_SHOWN = 6_000;
const rooms = new Map(); // element -> room
const all = () => [...document.querySelectorAll("[data-chat]")];
const newId = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

class Room {
  constructor(element) {
    this.element = element;
    this.key = `chat:${element.dataset.chatSide}:${element.dataset.chat}`;
    this.part = (name) => element.querySelector(`[data-chat-${name}]`);
    this.unsent = JSON.parse(sessionStorage.getItem(this.key) ?? "[]");
    this.marked = "";
    this.typedAt = -TYPING_EVERY;
    const text = this.part("text");
    if (text && !text.value) text.value = sessionStorage.getItem(`${this.key}:draft`) ?? "";
    for (const line of this.unsent) this.show(line);
    this.pump();
    this.follow();
  }

  remember() {
    const kept = this.unsent.map(({ id, body }) => ({ id, body }));
    kept.length ? sessionStorage.setItem(this.key, JSON.stringify(kept)) : sessionStorage.removeItem(this.key);
  }

  show({ id, body }) {
    const bubble = this.part("bubble").content.firstElementChild.cloneNode(true);
    bubble.dataset.unsent = id;
    bubble.querySelector("[data-text]").textContent = body;
    this.part("unsent").append(bubble);
    this.toEnd();
  }

  toEnd() {
    const scroll = this.part("scroll");
    scroll.scrollTop = scroll.scrollHeight;
  }

  say() {
    const text = this.part("text");
    const files = [...this.part("files").files];
    const body = text.value.trim() || (files.length ? this.part("bubble").dataset.defaultBody : "");
    if (!body) return;
    const line = { id: newId(), body, files };
    this.unsent.push(line);
    this.remember();
    this.show(line);
    text.value = this.part("files").value = "";
    sessionStorage.removeItem(`${this.key}:draft`);
    this.chosen();
    this.complain("");
    this.pump();
  }

  // One after the other, so that they stand in the order in which they were written.
  async pump() {
    if (this.busy) return;
    this.busy = true;
    while (this.unsent.length && this.element.isConnected) {
      const [line] = this.unsent;
      const answer = await this.send(line);
      if (!answer || answer.status >= 500) {
        this.complain(this.part("bubble").dataset.lost);
        await new Promise((resolve) => setTimeout(resolve, AGAIN));
        continue;
      }
      this.unsent.shift();
      this.remember();
      this.complain("");
      if (!answer.ok) await this.giveBack(line, answer);
    }
    this.busy = false;
  }

  send({ id, body, files }) {
    const form = new FormData();
    form.append("body", body);
    form.append("once", id);
    for (const file of files ?? []) form.append("files", file);
    return post(this.element.dataset.say, {}, { body: form }).catch(() => null);
  }

  // What the desk does not take is said, and stands in the field again.
  async giveBack({ id, body }, answer) {
    this.bubble(id)?.remove();
    const text = this.part("text");
    text.value = text.value ? `${body}\n${text.value}` : body;
    this.complain((await answer.text()).slice(0, 300));
  }

  bubble(id) {
    return this.part("unsent").querySelector(`[data-unsent="${id}"]`);
  }

  complain(words) {
    const place = this.part("error");
    place.textContent = words;
    place.hidden = !words;
  }

  chosen() {
    const names = [...this.part("files").files].map((file) => file.name).join(", ");
    this.part("chosen").textContent = names;
    this.part("chosen").hidden = !names;
  }

  typed() {
    sessionStorage.setItem(`${this.key}:draft`, this.part("text").value);
    if (performance.now() - this.typedAt < TYPING_EVERY || !this.part("text").value.trim()) return;
    this.typedAt = performance.now();
    post(this.element.dataset.typing).catch(() => null);
  }

  otherTypes() {
    const mark = this.part("typing");
    mark.hidden = false;
    clearTimeout(this.typing);
    this.typing = setTimeout(() => (mark.hidden = true), TYPING_SHOWN);
    this.toEnd();
  }

  // After each swap: bubbles that became lines go, the end comes into view, and what is seen is read.
  follow() {
    const lines = this.part("lines");
    for (const line of lines.querySelectorAll("[data-client]")) this.bubble(line.dataset.client)?.remove();
    if (lines.dataset.seq !== this.seq) {
      this.seq = lines.dataset.seq;
      this.part("typing").hidden = true;
      this.toEnd();
    }
    this.mark();
  }

  mark(again = false) {
    const shown = !document.hidden && this.element.checkVisibility();
    const marks = { got: this.seq, read: shown ? this.seq : 0 };
    const words = JSON.stringify(marks);
    if (!again && words === this.marked) return;
    this.marked = words;
    post(this.element.dataset.here, marks).catch(() => (this.marked = ""));
  }
}

function meet() {
  for (const element of rooms.keys()) if (!element.isConnected) rooms.delete(element);
  for (const element of all()) rooms.has(element) ? rooms.get(element).follow() : rooms.set(element, new Room(element));
}

const roomOf = (node) => rooms.get(node.closest?.("[data-chat]"));

function onKey(event) {
  if (!event.target.matches?.("[data-chat-text]") || event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  if (event.keyCode === 229 || event.defaultPrevented || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  roomOf(event.target)?.say();
}

export function startChats() {
  meet();
  document.addEventListener("htmx:after:swap", meet);
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-chat-form]")) return;
    event.preventDefault();
    event.stopPropagation();
    roomOf(event.target)?.say();
  }, { capture: true });
  document.addEventListener("keydown", onKey);
  document.addEventListener("input", ({ target }) => target.matches?.("[data-chat-text]") && roomOf(target)?.typed());
  document.addEventListener("change", ({ target }) => target.matches?.("[data-chat-files]") && roomOf(target)?.chosen());
  document.addEventListener("live:chat.typing", ({ detail: { data } }) => {
    for (const room of rooms.values())
      if (Number(room.element.dataset.chat) === data.chat_id && room.element.dataset.chatSide !== data.side) room.otherTypes();
  });
  for (const event of ["live:open", "visibilitychange", "tab:shown"])
    document.addEventListener(event, () => rooms.forEach((room) => room.mark()));
  // Who has the page open says so: a chat that waits for somebody who went away is none.
  setInterval(() => rooms.forEach((room) => room.element.dataset.heartbeat && room.mark(true)), 15_000);
}
