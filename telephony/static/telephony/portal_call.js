// The customer's call page. The server knows where the call stands; a reload comes back to it by the token on the page.

import { CallMenu } from "./call_menu.js";
import { CallMessage } from "./call_message.js";
import { CallPage } from "./call_page.js";
import { csrfToken } from "./csrf.js";
import { CustomerLine } from "./customer_line.js";
import { closeMicrophone, openMicrophone } from "./microphone.js";

const TROUBLES = { blocked: "blocked", missing: "no-microphone", insecure: "insecure" };
const SHOWN = { new: "waiting", ivr: "menu", queued: "waiting", offering: "waiting", connecting: "waiting", parked: "waiting" };

const BEFORE_TALK = new Set(["menu", "waiting"]);

const root = document.querySelector("[data-call]");
const page = root && new CallPage(root);
const menu = root && new CallMenu(root, (turn, digits) => line?.enter(turn, digits));
const message = root && new CallMessage(root, { microphone: () => line?.microphone, token: csrfToken, sent: () => ACTS.leave() });
let line = null;
let isTold = false; // whether the fragment has spoken of this call: one asked for before it may come after it
let wantsMusic = true;

async function microphone() {
  page.show("asking");
  try {
    return await openMicrophone();
  } catch (error) {
    page.show(TROUBLES[error.reason] ?? "no-microphone");
    return null;
  }
}

async function place() {
  const voice = await microphone();
  if (!voice) return;
  page.show("connecting");
  const form = root.querySelector("[data-call-form]");
  const wish = root.querySelector("[data-call-line]")?.value ?? "";
  const fields = { ...Object.fromEntries(new FormData(form)), once: root.dataset.once, request: root.dataset.request, line: wish };
  const answer = await page.post(root.dataset.placeUrl, fields);
  const told = await answer?.json().catch(() => ({}));
  if (!answer?.ok) {
    closeMicrophone(voice);
    return page.showProblem(told?.error);
  }
  isTold = false;
  join(voice, told.token);
}

async function comeBack() {
  const voice = await microphone();
  isTold = true;
  if (voice) join(voice, root.dataset.token);
}

function join(voice, token) {
  const element = root.querySelector("[data-call-audio]");
  line = new CustomerLine(voice, token, { element, onLevel: (level, muted) => page.showLevel(level, muted) });
  line.addEventListener("state", ({ detail }) => follow(SHOWN[detail.state] ?? detail.state));
}

function follow(state) {
  if (state === "ended") return leave();
  if (state === "talking" && BEFORE_TALK.has(page.state)) line?.chime();
  page.show(state);
  line?.music(state === "waiting" && wantsMusic);
}

function leave() {
  line?.close();
  line = null;
  page.show("ended");
}

function toggle(button, act) {
  const on = button.getAttribute("aria-pressed") !== "true";
  button.setAttribute("aria-pressed", String(on));
  act(on);
}

const ACTS = {
  place,
  again: () => location.reload(),
  leave: () => {
    line?.hangUp();
    leave();
  },
  mute: (button) => toggle(button, (on) => line?.mute(on)),
  sound: (button) => toggle(button, (on) => (root.querySelector("[data-call-audio]").muted = on)),
  music: (button) =>
    toggle(button, (on) => {
      wantsMusic = !on;
      line?.music(wantsMusic && page.state === "waiting");
    }),
};

root?.addEventListener("click", (event) => {
  const button = event.target.closest("[data-call-act]");
  if (!button) return;
  event.preventDefault();
  ACTS[button.dataset.callAct]?.(button);
});
// The fragment that says where the call stands is fetched again whenever the server says that it moved.
document.addEventListener("htmx:after:swap", () => {
  menu?.follow();
  message?.follow();
  if (!line) return;
  if (page.phase === "ended") return isTold && leave();
  isTold ||= page.phase !== "ready";
  if (BEFORE_TALK.has(page.state) && BEFORE_TALK.has(page.phase) && page.state !== page.phase) follow(page.phase);
});
menu?.follow();
message?.follow();
if (root?.dataset.token) comeBack();
