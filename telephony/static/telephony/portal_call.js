// The customer's side of a browser call. The page shows one state at a time by `data-call-state` on `[data-call]`;
// a reload comes back to the same call, because its pass is kept for this tab.

import { CallSocket } from "./call_socket.js";
import { closeMicrophone, openMicrophone, watchLevel } from "./microphone.js";
import { Peer } from "./peer.js";

const KEPT = "call-in-this-tab";
const MICROPHONE_STATES = { blocked: "microphone-blocked", missing: "microphone-missing", insecure: "insecure" };

const root = document.querySelector("[data-call]");
let line = null; // { socket, peer, microphone, stopLevel, voice } of the call in this tab

function show(state) {
  root.dataset.callState = state;
  root.dispatchEvent(new CustomEvent("call:state", { bubbles: true, detail: { state } }));
}

async function place() {
  show("asking");
  const microphone = await open();
  if (!microphone) return;
  const form = root.querySelector("form[data-call-form]");
  const answer = await fetch(form.action, { method: "POST", body: new FormData(form) }).catch(() => null);
  if (!answer?.ok) {
    closeMicrophone(microphone);
    show("refused");
    return;
  }
  join(microphone, (await answer.json()).token);
}

async function open() {
  try {
    return await openMicrophone();
  } catch (error) {
    show(MICROPHONE_STATES[error.reason] ?? "microphone-missing");
    return null;
  }
}

function join(microphone, token) {
  const socket = new CallSocket(token);
  const peer = new Peer(socket, { polite: true, track: microphone.getAudioTracks()[0] });
  const audio = new AudioContext();
  audio.resume();
  line = { socket, peer, microphone, audio, stopLevel: watchLevel(audio, microphone, showLevel), voice: null };
  socket.addEventListener("welcome", ({ detail }) => {
    sessionStorage.setItem(KEPT, detail.pass);
    follow(detail.state);
  });
  socket.addEventListener("state", ({ detail }) => follow(detail.state));
  socket.addEventListener("over", () => leave("ended"));
  peer.addEventListener("voice", ({ detail }) => play(detail.stream));
  peer.addEventListener("media", ({ detail }) => {
    if (detail.state === "connected") show("talking");
    if (detail.state === "disconnected") show("reconnecting");
  });
}

function follow(state) {
  const shown = { new: "waiting", queued: "waiting", offering: "waiting", connecting: "waiting" };
  show(shown[state] ?? state);
}

function play(stream) {
  line.voice?.remove();
  line.voice = Object.assign(document.createElement("audio"), { srcObject: stream, autoplay: true, hidden: true });
  line.voice.dataset.voice = "desk";
  document.body.append(line.voice);
  line.voice.play().catch(() => show("tap-to-hear"));
}

function leave(state) {
  sessionStorage.removeItem(KEPT);
  if (line) {
    line.stopLevel();
    line.peer.close();
    line.socket.close();
    line.voice?.remove();
    line.audio.close();
    closeMicrophone(line.microphone);
    line = null;
  }
  show(state);
}

function end() {
  line?.socket.send({ type: "bye" });
  leave("ended");
}

function mute(button) {
  const track = line?.microphone.getAudioTracks()[0];
  if (!track) return;
  track.enabled = !track.enabled;
  button.setAttribute("aria-pressed", String(!track.enabled));
}

function showLevel(level) {
  root.querySelectorAll("[data-mic-level]").forEach((bar) => bar.setAttribute("width", String(Math.round(level * 100))));
}

async function comeBack(pass) {
  const microphone = await open();
  if (microphone) join(microphone, pass);
}

root?.addEventListener("click", (event) => {
  const act = event.target.closest("[data-call-do]");
  if (!act) return;
  event.preventDefault();
  const acts = { place, end, mute: () => mute(act), hear: () => line?.voice?.play().then(() => show("talking")) };
  acts[act.dataset.callDo]?.();
});
if (root && sessionStorage.getItem(KEPT)) comeBack(sessionStorage.getItem(KEPT));
