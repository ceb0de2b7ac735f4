// The buttons of the bar: each posts to the desk, whose answer and events are the truth, and tells the softphone.

import { deskState } from "./desk.js";
import { isLeader, takeLead } from "./leader.js";
import { refetch } from "./live-fragments.js";
import { post } from "./request.js";
import { toast, toastFailure } from "./toasts.js";

const IN_CALL = new Set(["connecting", "talking", "hold", "consult"]);
let muted = false;
let joined = ""; // the call whose audio this tab holds

const tell = (name, detail = {}) => document.dispatchEvent(new CustomEvent(`phone:${name}`, { detail }));

export async function commandTo(url, values) {
  const answer = await post(url, values).catch(() => null);
  if (answer?.ok) return answer;
  const refused = answer?.status === 422;
  const problem = refused || answer?.status === 409 ? await answer.json() : null; // the call moved on, the bar will say where
  if (problem?.says || refused) toast(problem.title, refused ? "breach" : undefined);
  else if (!problem) toastFailure(answer?.status ?? 0);
  refetch(`agent:${document.documentElement.dataset.user}`);
  return null;
}

const command = (button) => commandTo(button.dataset.post, JSON.parse(button.dataset.values ?? "{}"));

async function enter(answer) {
  const ticket = answer?.ok && (await answer.json());
  if (!ticket) return;
  joined = String(ticket.call);
  if (ticket.join_ticket) tell("accept", { callId: ticket.call, joinTicket: ticket.join_ticket, media: ticket.media });
}

async function accept(button) {
  takeLead();
  tell("accepting", { callId: deskState().call });
  await enter(await command(button));
}

// The number and whose it is stand on the button; a refusal comes back in words.
async function dial({ dataset: { post: url, number, contact, account, ticket } }) {
  takeLead();
  const answer = await post(url, { number, contact, account, ticket }).catch(() => null);
  if (answer?.status === 422) toast((await answer.json()).title, "breach");
  else if (!answer?.ok) toastFailure(answer?.status ?? 0);
  await enter(answer);
}

// The page that records falls silent at once, whatever becomes of the sockets.
async function silence(button) {
  if (await command(button)) tell("silence", { silent: button.dataset.silent === "true" });
}

async function supervise(button) {
  takeLead();
  joined = button.dataset.call;
  await enter(await command(button));
}

// After a reload, or when the tab that held the audio closed, the leading tab takes the call up again.
async function rejoin() {
  const { look, call } = deskState();
  const url = document.getElementById("bar")?.dataset.rejoin;
  if (!IN_CALL.has(look)) return look === "ringing" || (joined = "");
  if (joined === call || !url || !isLeader()) return;
  joined = call;
  await enter(await post(url).catch(() => null));
}

const actions = {
  accept,
  dial,
  reject: command,
  command,
  supervise,
  silence,
  hangup: (button) => (command(button), tell("hangup")),
  mute: () => tell("mute"),
};

function press(event) {
  const button = event.target.closest("[data-phone]");
  if (!button) return;
  if (button.dataset.post && button.dataset.phone !== "mute") button.disabled = true;
  Promise.resolve(actions[button.dataset.phone](button)).finally(() => (button.disabled = false));
}

// The server does not know about the microphone, so a fresh bar is told.
function showMuted() {
  const button = document.querySelector('#bar [data-phone="mute"]');
  if (!button || button.getAttribute("aria-pressed") === String(muted)) return;
  button.setAttribute("aria-pressed", muted);
  button.querySelector(".sd-ctl__t").textContent = muted ? button.dataset.mutedLabel : button.dataset.label;
}

export function startPhone() {
  document.addEventListener("click", press);
  for (const change of ["desk:change", "tab:leads"]) document.addEventListener(change, rejoin);
  document.addEventListener("htmx:after:swap", showMuted);
  document.addEventListener("phone:state", ({ detail }) => {
    muted = detail.state === "muted" ? detail.muted : detail.state !== "idle" && muted;
    if (detail.state === "idle") muted = false;
    showMuted();
  });
}
