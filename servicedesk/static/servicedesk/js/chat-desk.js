// Chats of an agent: what rings is taken into a tab, unread lines are marked there, what is wrapped up closes.

import { refetch } from "./live-fragments.js";
import { isLeader } from "./leader.js";
import { post } from "./request.js";
import { bar, closeTab, openTab, panelOf } from "./tabs.js";
import { toast, toastFailure } from "./toasts.js";
import { play } from "./tones.js";

const RING_EVERY = 4_000;
let offer = "";
let ringing = 0;
let waiting = new Map(); // tab -> unread lines

const refresh = () => refetch(`chats:${document.documentElement.dataset.user}`);
const open = (row, how = {}) => openTab({ id: row.dataset.tab, url: row.dataset.openChat, kind: "chat", ...how });

async function accept(button) {
  const answer = await post(button.dataset.chatAccept).catch(() => null);
  const found = answer?.ok || answer?.status === 409 ? await answer.json() : {};
  if (answer?.status === 409) toast(found.title);
  else if (!answer?.ok) toastFailure(answer?.status ?? 0);
  if (answer?.ok && !bar()) return location.assign(button.dataset.console);
  if (answer?.ok) {
    openTab({ ...found, kind: "chat" });
  }
  refresh();
}

function ring() {
  const strip = document.getElementById("chat-strip");
  if (!strip || strip.dataset.offer === offer) return;
  offer = strip.dataset.offer;
  clearInterval(ringing);
  document.getElementById("call-alert").textContent = strip.dataset.announce;
  if (!offer) return;
  const sound = () => isLeader() && play("notice");
  sound();
  ringing = setInterval(sound, RING_EVERY);
}

// Chats in hand have a tab each; those that this page does not show yet are opened behind what is worked on.
async function follow() {
  ring();
  if (!bar()) return;
  const news = new Map();
  for (const row of document.querySelectorAll("#chat-list [data-open-chat]")) {
    const shown = [...document.querySelectorAll("#panels > :not([hidden])")][0]?.dataset.panel;
    if (!panelOf(row.dataset.tab)) open(row, { behind: true });
    const mark = document.querySelector(`#tab-${row.dataset.tab} [data-unread-mark]`);
    const unread = Number(row.dataset.unread);
    if (mark) Object.assign(mark, { hidden: !unread, textContent: unread || "" });
    if (unread > (waiting.get(row.dataset.tab) ?? 0) && shown !== row.dataset.tab && isLeader()) play("notice");
    news.set(row.dataset.tab, unread);
  }
  waiting = news;
}

async function wrapUp(form) {
  const answer = await post(form.action, Object.fromEntries(new FormData(form))).catch(() => null);
  if (!answer || answer.status >= 500) return toastFailure(answer?.status ?? 0);
  if (!answer.ok) {
    const place = form.querySelector("[data-chat-error]");
    place.textContent = (await answer.text()).slice(0, 300);
    place.hidden = false;
    return refresh();
  }
  const { closed } = await answer.json();
  // The row goes first: a row without a tab would open it again.
  document.getElementById(`row-${closed}`)?.remove();
  closeTab(closed);
  refresh();
}

function onClick(event) {
  const take = event.target.closest("[data-chat-accept]");
  const decline = event.target.closest("[data-chat-decline]");
  const row = event.target.closest("[data-open-chat]");
  const cancel = event.target.closest("[data-chat-cancel]");
  if (take && !take.disabled) {
    take.disabled = true;
    accept(take).finally(() => (take.disabled = false));
  }
  if (decline) post(decline.dataset.chatDecline).catch(() => null).then(refresh);
  if (row && bar()) open(row);
  cancel?.closest("form").remove();
}

export function startChatDesk() {
  document.addEventListener("click", onClick);
  document.addEventListener("htmx:after:swap", follow);
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-chat-wrap]")) return;
    event.preventDefault();
    event.stopPropagation();
    wrapUp(event.target);
  }, { capture: true });
  follow();
}
