// Tells the desk when this computer cannot take calls, and when it can again.

import { post } from "./request.js";

const FAULTS = { ready: "", connected: "", "no-microphone": "microphone", "no-line": "unregistered" };
const bar = () => document.querySelector("#bar[data-phone-health]");

// The bar says what the desk knows; only news are sent.
function report(fault) {
  const { phoneHealth: url, fault: known } = bar()?.dataset ?? {};
  if (url && fault !== known) post(url, { fault }).catch(() => {});
}

function hear({ detail: { state, reason } }) {
  if (state === "no-microphone" && reason !== "blocked") return; // a headset may still be plugged in
  if (state in FAULTS) report(FAULTS[state]);
}

async function watchPermission() {
  const permission = await navigator.permissions?.query({ name: "microphone" }).catch(() => null);
  if (!permission) return;
  const tell = () => {
    if (permission.state === "denied") report("microphone");
    else if (permission.state === "granted" && bar()?.dataset.fault === "microphone") report("");
  };
  permission.addEventListener("change", tell);
  document.addEventListener("desk:change", tell);
  tell();
}

export function startPhoneHealth() {
  document.addEventListener("phone:state", hear);
  watchPermission();
}
