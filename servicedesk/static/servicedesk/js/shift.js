// Starting the shift: the click opens sound, asks for the microphone and for notices, and keeps the screen awake.

import { openSound, play, setVolume, volumePercent } from "./tones.js";

let wakeLock = null;

async function stayAwake() {
  if (document.hidden || !navigator.wakeLock) return;
  wakeLock = await navigator.wakeLock.request("screen").catch(() => null);
}

async function begin() {
  await openSound();
  play("notice");
  document.dispatchEvent(new CustomEvent("phone:prepare"));
  if ("Notification" in window && Notification.permission === "default") Notification.requestPermission();
  stayAwake();
}

function showMicrophone({ detail: { state } }) {
  const check = document.querySelector('[data-check="microphone"]');
  if (!check || !["ready", "no-microphone"].includes(state)) return;
  const text = check.querySelector("[data-check-text]");
  check.classList.toggle("sd-checks--bad", state !== "ready");
  text.textContent = state === "ready" ? text.dataset.ok : text.dataset.bad;
}

function showVolume() {
  for (const slider of document.querySelectorAll("[data-ring-volume]")) slider.value = volumePercent();
}

export function startShift() {
  showVolume();
  document.addEventListener("htmx:after:swap", showVolume);
  document.addEventListener("change", ({ target }) => {
    if (!target.matches("[data-ring-volume]")) return;
    setVolume(target.value);
    openSound().then(() => play("notice"));
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-start-shift]")) begin();
    if (event.target.closest("[data-test-sound]")) openSound().then(() => play("call"));
  });
  // After a reload the first press of any key or button opens the sound again.
  for (const gesture of ["pointerdown", "keydown"]) addEventListener(gesture, openSound, { once: true, capture: true });
  document.addEventListener("visibilitychange", () => wakeLock && stayAwake());
  document.addEventListener("phone:state", showMicrophone);
}
