// Players of recordings and messages. Sound is fetched when somebody presses play, never before: listening is on record.

import { post } from "./request.js";
import { measure, paths } from "./wave.js";

const WHOLE_BYTES = 24 * 1024 * 1024; // larger sounds are streamed by range, without a wave
const WHOLE_SECONDS = 45 * 60;
const STEP_S = 5;
const LEAP_S = 30;
const FAR = 1e7; // WebM from a browser learns its length only when somebody seeks beyond its end
const STATUS_WORDS = { 410: "gone", 503: "locked" };
const IN_CALL = new Set(["connecting", "talking"]);

/** @type {WeakMap<Element, Player>} */
const players = new WeakMap();
/** @type {Player | null} */
let current = null;

const clock = (seconds) => {
  const whole = Math.max(0, Math.floor(seconds));
  const minutes = Math.floor(whole / 60) % 60;
  const hours = Math.floor(whole / 3600);
  const tail = String(whole % 60).padStart(2, "0");
  return hours ? `${hours}:${String(minutes).padStart(2, "0")}:${tail}` : `${minutes}:${tail}`;
};

class Player {
  /** @param {HTMLElement} element */
  constructor(element) {
    this.seconds = Number(element.dataset.seconds);
    this.at = 0;
    this.audio = new Audio();
    this.audio.preload = "auto";
    this.ready = null;
    this.standIn(element, "paused");
    const show = () => this.show();
    for (const name of ["timeupdate", "play", "pause", "ended", "seeked"]) this.audio.addEventListener(name, show);
  }

  // Shown by this element from now on: whoever listens goes on listening when the page brings the player anew.
  standIn(element, look) {
    this.element = element;
    this.seek = /** @type {HTMLElement} */ (element.querySelector("[data-player-seek]"));
    this.draw(JSON.parse(element.dataset.peaks || "[]"));
    this.look(look);
  }

  look(name) {
    this.element.dataset.look = name;
    this.element.toggleAttribute("aria-busy", name === "loading");
  }

  draw(peaks) {
    if (!peaks.length) return;
    const drawn = paths(peaks);
    for (const wave of this.element.querySelectorAll(".sd-player__peaks")) {
      wave.querySelectorAll("path").forEach((path, n) => path.setAttribute("d", drawn[n]));
    }
    this.element.classList.add("sd-player--known");
  }

  say(what) {
    for (const words of this.element.querySelectorAll("[data-player-says]")) words.hidden = words.dataset.playerSays !== what;
  }

  // Fetches the sound once; later calls wait for the same fetch.
  load() {
    this.ready ??= this.fetch().catch((fault) => {
      this.ready = null;
      throw fault;
    });
    return this.ready;
  }

  async fetch() {
    const { src } = this.element.dataset;
    const head = await fetch(src, { method: "HEAD" });
    if (!head.ok) throw head.status;
    const whole = Number(head.headers.get("Content-Length")) <= WHOLE_BYTES;
    const answer = whole ? await fetch(src) : null;
    if (answer && !answer.ok) throw answer.status;
    const sound = answer && (await answer.blob());
    this.audio.src = sound ? URL.createObjectURL(sound) : src;
    await this.learnLength();
    if (sound && !this.element.classList.contains("sd-player--known") && this.seconds <= WHOLE_SECONDS) this.measure(sound);
  }

  async learnLength() {
    await heard(this.audio, "loadedmetadata");
    if (this.audio.duration === Infinity) {
      this.audio.currentTime = FAR;
      await heard(this.audio, "seeked");
    }
    if (Number.isFinite(this.audio.duration)) this.seconds = this.audio.duration;
    this.audio.currentTime = Math.min(this.at, this.seconds);
    this.show();
  }

  async measure(sound) {
    try {
      const { peaks } = await measure(sound);
      this.draw(peaks);
      await post(`${this.element.dataset.src}peaks/`, {}, { body: JSON.stringify(peaks) });
    } catch {
      // A sound that plays but cannot be measured keeps its flat line.
    }
  }

  async play() {
    if (current !== this) current?.pause();
    current = this;
    this.say("");
    this.look("loading");
    try {
      await this.load();
      if (this.at >= this.seconds - 0.2) this.go(0);
      await this.audio.play();
    } catch (fault) {
      if (fault?.name === "AbortError") return;
      this.look("paused");
      this.say(STATUS_WORDS[fault] ?? "failed");
    }
  }

  pause() {
    this.audio.pause();
    this.look("paused");
  }

  toggle() {
    return this.audio.paused ? this.play() : this.pause();
  }

  go(seconds) {
    this.at = Math.min(Math.max(0, seconds), this.seconds || Infinity);
    if (this.audio.readyState) this.audio.currentTime = this.at;
    this.show();
  }

  nextSpeed(button) {
    const speeds = button.dataset.speeds.split(" ").map(Number);
    this.audio.playbackRate = speeds[(speeds.indexOf(this.audio.playbackRate) + 1) % speeds.length];
    this.audio.defaultPlaybackRate = this.audio.playbackRate;
    button.textContent = `${this.audio.playbackRate}×`;
    button.setAttribute("aria-label", `${button.dataset.label} ${this.audio.playbackRate}×`);
  }

  show() {
    if (this.audio.readyState && !this.audio.seeking) this.at = this.audio.currentTime;
    if (this.audio.readyState && this.element.dataset.look !== "loading") this.look(this.audio.paused ? "paused" : "playing");
    if (!this.audio.paused) this.look("playing");
    const share = this.seconds ? Math.min(100, (100 * this.at) / this.seconds) : 0;
    this.element.querySelector(".sd-player__peaks--done").style.clipPath = `inset(0 ${100 - share}% 0 0)`;
    this.element.querySelector(".sd-player__needle").style.left = `${share}%`;
    this.element.querySelector("[data-player-now]").textContent = clock(this.at);
    if (this.seconds) this.element.querySelector("[data-player-length]").textContent = clock(Math.round(this.seconds));
    this.seek.setAttribute("aria-valuemax", String(Math.round(this.seconds)));
    this.seek.setAttribute("aria-valuenow", String(Math.round(this.at)));
    this.seek.setAttribute("aria-valuetext", `${clock(this.at)} / ${clock(Math.round(this.seconds))}`);
  }

  close() {
    this.pause();
    if (this.audio.src.startsWith("blob:")) URL.revokeObjectURL(this.audio.src);
    this.audio.removeAttribute("src");
  }
}

/** @param {HTMLMediaElement} audio @param {string} name */
function heard(audio, name) {
  if (name === "loadedmetadata" && audio.readyState > 0) return Promise.resolve();
  return new Promise((resolve, reject) => {
    audio.addEventListener(name, resolve, { once: true });
    audio.addEventListener("error", () => reject(audio.error), { once: true });
  });
}

/** @param {EventTarget | null} target @returns {Player | null} */
function playerOf(target) {
  const element = target instanceof Element ? target.closest("[data-player]") : null;
  if (!element) return null;
  if (!players.has(element)) players.set(element, successor(element) ?? new Player(element));
  return players.get(element);
}

// The player that is in use, if the page has just brought its element anew.
function successor(element) {
  if (!current || current.element.isConnected || current.element.id !== element.id) return null;
  current.standIn(element, current.element.dataset.look);
  current.show();
  return current;
}

function awaken() {
  for (const element of document.querySelectorAll("[data-player]:not([data-look])")) playerOf(element);
  if (current && !current.element.isConnected) {
    current.close();
    current = null;
  }
}

const KEYS = {
  ArrowLeft: (player) => player.go(player.at - STEP_S),
  ArrowDown: (player) => player.go(player.at - STEP_S),
  ArrowRight: (player) => player.go(player.at + STEP_S),
  ArrowUp: (player) => player.go(player.at + STEP_S),
  PageDown: (player) => player.go(player.at - LEAP_S),
  PageUp: (player) => player.go(player.at + LEAP_S),
  Home: (player) => player.go(0),
  End: (player) => player.go(player.seconds),
  " ": (player) => player.toggle(),
};

function onKey(event) {
  const act = KEYS[event.key];
  const onSlider = event.target instanceof Element && event.target.matches("[data-player-seek]");
  if (!onSlider || !act || event.altKey || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  act(playerOf(event.target));
}

function onClick(event) {
  const button = event.target.closest("[data-player-act], [data-player-jump]");
  const player = button && playerOf(button);
  if (!player) return;
  if (button.dataset.playerAct === "toggle") player.toggle();
  if (button.dataset.playerAct === "speed") player.nextSpeed(button);
  if (button.dataset.playerJump) player.go(Number(button.dataset.playerJump));
}

function onPointer(event) {
  const line = event.target.closest("[data-player-seek]");
  if (!line || (event.type === "pointermove" && !line.hasPointerCapture(event.pointerId))) return;
  if (event.type === "pointerdown") line.setPointerCapture(event.pointerId);
  const player = playerOf(line);
  const box = line.getBoundingClientRect();
  player.go(((event.clientX - box.left) / box.width) * player.seconds);
}

export function startPlayers() {
  awaken();
  new MutationObserver(awaken).observe(document.body, { subtree: true, childList: true });
  document.addEventListener("click", onClick);
  document.addEventListener("keydown", onKey);
  document.addEventListener("pointerdown", onPointer);
  document.addEventListener("pointermove", onPointer);
  // Nobody talks to a customer over a recording.
  document.addEventListener("desk:change", ({ detail }) => IN_CALL.has(detail.now.look) && current?.pause());
}
