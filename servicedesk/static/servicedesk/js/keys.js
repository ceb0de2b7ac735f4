// The keyboard map: physical keys, never while an input method composes, never twice within a breath.

import { openPalette } from "./palette.js";

const BREATH = 900;
const CALL_KEYS = new Set(["F2", "F8", "F9"]);
const REGIONS = ["#bar", "#rail", "#list", "#work", "#side"];
const lastPress = new Map(); // key -> when

const enabled = () => document.documentElement.dataset.keys === "on";
const nameOf = (event) => {
  const mods = [(event.ctrlKey || event.metaKey) && "Ctrl", event.altKey && "Alt", event.shiftKey && "Shift"];
  return [...mods.filter(Boolean), event.code].join("+");
};

// A button says which key presses it: data-key="F2" or data-key="Shift+F2".
function pressButton(name) {
  const button = [...document.querySelectorAll(`[data-key~="${name}"]`)].find((one) => !one.disabled && one.checkVisibility());
  button?.click();
  return Boolean(button);
}

function focusRegion(number) {
  const region = document.querySelector(REGIONS[number - 1]);
  if (!region) return false;
  document.dispatchEvent(new CustomEvent("region:show", { detail: region }));
  const target = region.querySelector("[data-region-focus]") ?? region;
  if (target === region && !region.hasAttribute("tabindex")) region.tabIndex = -1;
  target.focus();
  return true;
}

function toggleSheet() {
  const sheet = document.getElementById("key-sheet");
  sheet.open ? sheet.close() : sheet.showModal();
  return true;
}

function act(event, name) {
  if (name === "Ctrl+KeyK") return openPalette();
  if (name === "Ctrl+Slash") return toggleSheet();
  const region = /^Alt\+Digit([1-5])$/.exec(name);
  if (region) return focusRegion(Number(region[1]));
  if (CALL_KEYS.has(event.code)) {
    if (event.timeStamp - (lastPress.get(name) ?? -BREATH) < BREATH) return true;
    if (!pressButton(name)) return false;
    lastPress.set(name, event.timeStamp);
    return true;
  }
  return /^Ctrl\+(Shift\+)?(Enter|NumpadEnter|KeyB)$/.test(name) && pressButton(name.replace("Numpad", ""));
}

export function startKeys() {
  document.addEventListener("keydown", (event) => {
    if (!enabled() || event.isComposing || event.keyCode === 229 || event.repeat) return;
    if (act(event, nameOf(event))) event.preventDefault();
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-open-keys]")) toggleSheet();
    event.target.closest("[data-close-dialog]")?.closest("dialog").close();
  });
}
