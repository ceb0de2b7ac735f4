// While a call rings: sound in the leading tab, title and favicon in all, a notice of the system when hidden.

import { deskState } from "./desk.js";
import { isLeader } from "./leader.js";
import { toast } from "./toasts.js";
import { ring, silence, soundIsOpen } from "./tones.js";

let title = "";
let notice = null;

function flag(ringing, caller) {
  const icon = document.querySelector("link[rel=icon]");
  icon.href = icon.href.replace(/mark(-ringing)?(\.[^/]*)?\.svg$/, ringing ? "mark-ringing.svg" : "mark.svg");
  if (ringing) {
    title ||= document.title;
    document.title = `(1) ☎ ${caller}`;
  } else if (title) {
    document.title = title;
    title = "";
  }
}

function showNotice(text) {
  if (!document.hidden || !("Notification" in window) || Notification.permission !== "granted") return;
  notice = new Notification(text, { tag: "servicedesk-call", requireInteraction: true });
  notice.onclick = () => (window.focus(), notice.close());
}

function startRinging({ announce, caller }) {
  flag(true, caller);
  if (!isLeader()) return;
  ring();
  if (!soundIsOpen()) toast(document.getElementById("toast-failed")?.dataset.silent, "breach");
  showNotice(announce);
}

function stopRinging() {
  silence();
  flag(false);
  notice?.close();
  notice = null;
}

export function startRing() {
  document.addEventListener("desk:change", ({ detail: { now } }) => (now.look === "ringing" ? startRinging(now) : stopRinging()));
  document.addEventListener("tab:leads", () => deskState().look === "ringing" && ring());
}
