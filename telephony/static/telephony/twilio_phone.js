// The agent's softphone for calls of the public network, loaded for the first such call. The browser places a call to
// the desk's own application at the carrier, with the join ticket; hold and hang-up are the server's business.

const SDK = "../dist/voice-sdk.js";
const TOKEN = "/telephony/twilio/token/";
const REFRESH_MS = 60_000;
const FAILED_SIGN_IN = new Set([20101, 20104, 31202, 31204, 31205]);

let device = null;
let leg = null; // { callId, call } of the call in hand

function tell(state, more = {}) {
  document.dispatchEvent(new CustomEvent("phone:state", { detail: { state, callId: leg?.callId ?? null, ...more } }));
}

async function fetchToken() {
  const answer = await fetch(TOKEN, { credentials: "same-origin", headers: { Accept: "application/json" } });
  if (!answer.ok || answer.redirected) throw new Error(`token ${answer.status}`);
  return (await answer.json()).token;
}

async function openDevice() {
  const { Device } = await import(SDK);
  const opened = new Device(await fetchToken(), { tokenRefreshMs: REFRESH_MS, closeProtection: true, logLevel: "error" });
  opened.on("tokenWillExpire", () => fetchToken().then((token) => opened.updateToken(token), () => {}));
  opened.on("error", ({ code }) => FAILED_SIGN_IN.has(code) && forget(opened));
  return opened;
}

function nameOf({ name, code, message }) {
  if (name === "NotAllowedError" || code === 31401) return "no-microphone";
  // The carrier does not know us, or the desk gave no token.
  return FAILED_SIGN_IN.has(code) || /^token /.test(message) ? "no-line" : "failed";
}

function forget(broken) {
  if (device === broken) device = null;
  broken.destroy();
}

export async function join({ callId, joinTicket }) {
  drop();
  const own = (leg = { callId, call: null });
  tell("connecting");
  try {
    device ??= await openDevice();
    const call = await device.connect({ params: { ticket: joinTicket } });
    if (own !== leg) return call.disconnect();
    follow(own, call);
  } catch (error) {
    if (own !== leg) return;
    tell(nameOf(error), { reason: "blocked" });
    leg = null;
  }
}

function follow(own, call) {
  own.call = call;
  call.on("accept", () => own === leg && tell("connected"));
  call.on("reconnecting", () => own === leg && tell("signalling-lost"));
  call.on("reconnected", () => own === leg && tell("connected"));
  call.on("error", ({ code }) => own === leg && code === 31401 && tell("no-microphone", { reason: "blocked" }));
  for (const over of ["disconnect", "cancel", "reject"]) call.on(over, () => own === leg && forgetLeg());
}

function forgetLeg() {
  tell("idle");
  leg = null;
}

function drop() {
  if (!leg) return;
  const { call } = leg;
  forgetLeg();
  call?.disconnect();
}

function mute({ muted }) {
  if (!leg?.call) return;
  leg.call.mute(muted ?? !leg.call.isMuted());
  tell("muted", { muted: leg.call.isMuted() });
}

document.addEventListener("phone:hangup", drop);
document.addEventListener("phone:mute", ({ detail }) => mute(detail ?? {}));
