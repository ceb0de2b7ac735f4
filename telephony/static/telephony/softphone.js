// The agent's softphone. It hears `phone:*` events from the console and answers with `phone:state`; what a call is
// doing is decided by the server alone and arrives over the call's socket.

import { CallSocket } from "./call_socket.js";
import { closeMicrophone, openMicrophone } from "./microphone.js";
import { Mixer } from "./mixer.js";
import { Peer } from "./peer.js";

let audio = null; // one AudioContext for the page, unlocked by the click that starts the shift
let leg = null; // { callId, socket, peer, mixer, microphone } of the call in hand

function tell(state, more = {}) {
  document.dispatchEvent(new CustomEvent("phone:state", { detail: { state, callId: leg?.callId ?? null, ...more } }));
}

async function prepare() {
  audio ??= new AudioContext({ latencyHint: "interactive" });
  await audio.resume();
  try {
    closeMicrophone(await openMicrophone());
    tell("ready");
  } catch (error) {
    tell("no-microphone", { reason: error.reason });
  }
}

async function join({ callId, joinTicket, media }) {
  drop();
  if (media === "twilio") return (await import("./twilio_phone.js")).join({ callId, joinTicket });
  const own = (leg = { callId });
  try {
    audio ??= new AudioContext({ latencyHint: "interactive" });
    await audio.resume();
    own.microphone = await openMicrophone();
    own.mixer = await Mixer.create(audio, own.microphone);
  } catch (error) {
    if (own === leg) tell("no-microphone", { reason: error.reason ?? "missing" });
    return;
  }
  if (own !== leg) return closeMicrophone(own.microphone);
  connect(own, joinTicket);
}

function connect(own, joinTicket) {
  own.socket = new CallSocket(joinTicket);
  own.peer = new Peer(own.socket, { polite: false, track: own.mixer.track });
  own.peer.addEventListener("voice", ({ detail }) => own.mixer.hear(detail.stream));
  own.peer.addEventListener("media", ({ detail }) => own === leg && tell(detail.state));
  own.socket.addEventListener("state", ({ detail }) => own.mixer.hold(detail.state === "held"));
  own.socket.addEventListener("away", () => own === leg && tell("signalling-lost"));
  own.socket.addEventListener("over", () => own === leg && drop());
  tell("connecting");
}

function drop() {
  if (!leg) return;
  const { socket, peer, mixer, microphone } = leg;
  socket?.close();
  peer?.close();
  mixer?.close();
  closeMicrophone(microphone);
  tell("idle");
  leg = null;
}

function mute({ muted }) {
  if (!leg?.mixer) return;
  leg.mixer.mute(muted ?? !leg.mixer.muted);
  tell("muted", { muted: leg.mixer.muted });
}

const actions = {
  "phone:prepare": prepare,
  "phone:accept": join,
  "phone:hold": () => leg?.mixer?.hold(true),
  "phone:resume": () => leg?.mixer?.hold(false),
  "phone:mute": mute,
  "phone:hangup": drop,
};
for (const [name, act] of Object.entries(actions)) document.addEventListener(name, ({ detail }) => act(detail ?? {}));
window.addEventListener("beforeunload", (event) => leg?.peer && event.preventDefault());
