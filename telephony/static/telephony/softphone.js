// The agent's softphone. It hears `phone:*` events from the console and answers with `phone:state`; what a call is
// doing is decided by the server alone and arrives over the call's socket.

import { CallSocket } from "./call_socket.js";
import { closeMicrophone, openMicrophone } from "./microphone.js";
import { Mixer } from "./mixer.js";
import { Recorder } from "./recorder.js";
import { sendLeftovers } from "./recording_parts.js";
import { Star } from "./star.js";

let audio = null; // one AudioContext for the page, unlocked by the click that starts the shift
let leg = null; // { callId, socket, star, mixer, recorder, microphone } of the call in hand

const LINGER_MS = 3000; // as long as the others may need to find each other

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
    own.mixer = new Mixer(audio, own.microphone);
    own.recorder = new Recorder(own.mixer);
  } catch (error) {
    if (own === leg) tell("no-microphone", { reason: error.reason ?? "missing" });
    return;
  }
  if (own !== leg) return closeMicrophone(own.microphone);
  connect(own, joinTicket);
}

function connect(own, joinTicket) {
  own.socket = new CallSocket(joinTicket);
  own.star = new Star(own.socket, (other) => own.mixer.trackFor(other));
  own.star.addEventListener("arranged", ({ detail }) => own.mixer.arrange(detail));
  own.star.addEventListener("voice", ({ detail }) => own.mixer.hear(detail.leg, detail.stream));
  own.star.addEventListener("gone", ({ detail }) => own.mixer.forget(detail.leg));
  own.star.addEventListener("media", ({ detail }) => own === leg && tell(detail.state));
  own.socket.addEventListener("tape", ({ detail }) => own.recorder.follow(detail.tape));
  own.socket.addEventListener("away", () => own === leg && tell("signalling-lost"));
  own.socket.addEventListener("over", ({ detail }) => own === leg && (detail.handsOver ? handOver() : drop()));
  tell("connecting");
}

function drop() {
  if (!leg) return;
  hangUp(leg);
  tell("idle");
  leg = null;
}

// Somebody else has the call from now on: this page is silent and deaf, but the others hear each other through it.
function handOver() {
  const own = leg;
  own.recorder.stop();
  own.mixer.bridge();
  tell("idle");
  leg = null;
  setTimeout(() => hangUp(own), LINGER_MS);
}

function hangUp({ socket, star, mixer, recorder, microphone }) {
  recorder?.stop();
  socket?.close();
  star?.close();
  mixer?.close();
  closeMicrophone(microphone);
}

function mute({ muted }) {
  if (!leg?.mixer) return;
  leg.mixer.mute(muted ?? !leg.mixer.muted);
  tell("muted", { muted: leg.mixer.muted });
}

const actions = {
  "phone:prepare": prepare,
  "phone:accept": join,
  "phone:mute": mute,
  "phone:hangup": drop,
  "phone:silence": ({ silent }) => leg?.recorder?.silence(silent),
};
for (const [name, act] of Object.entries(actions)) document.addEventListener(name, ({ detail }) => act(detail ?? {}));
sendLeftovers();
window.addEventListener("beforeunload", (event) => leg?.star && event.preventDefault());
