// The dispatch board: visits are dragged to a line and an hour, or moved by Shift with the arrow keys.

import htmx from "htmx.org";
import { toast, toastFailure } from "./toasts.js";
import { post } from "./request.js";

const STEP = 15;
const SLACK = 6;
const MINUTE = 60_000;

let held = null; // { url, seen, visit, x, y, grip, ghost }

const board = () => document.querySelector("[data-visit-board]");
const begins = () => new Date(board().dataset.begins).getTime();
const lines = () => [...board().querySelectorAll("[data-visit-line]")];

async function move({ url, seen }, who, at, focus) {
  const answer = await post(url, { who, at: new Date(at).toISOString(), seen }).catch(() => null);
  if (answer?.status === 409) toast(await answer.text(), "breach");
  else if (!answer?.ok) toastFailure(answer?.status ?? 0);
  if (focus) document.addEventListener("htmx:after:swap", () => document.getElementById(focus)?.focus(), { once: true });
  htmx.trigger(board(), "live");
}

// Where the pointer is: a line, and a moment on it in steps of a quarter of an hour.
function spotAt(x, y) {
  const line = document.elementsFromPoint(x, y).map((found) => found.closest("[data-visit-line]")).find(Boolean);
  if (!line) return null;
  const box = line.getBoundingClientRect();
  const minutes = ((x - box.left) / box.width) * Number(board().dataset.minutes);
  return { line, minutes: Math.max(0, Math.round(minutes / STEP) * STEP) };
}

function mark(line) {
  for (const one of lines()) one.classList.toggle("sd-fboard__line--over", one === line);
}

function ghostOf(visit) {
  const ghost = document.createElement("div");
  ghost.className = "sd-fboard__ghost";
  ghost.textContent = visit.id.replace("visit-", "");
  document.body.append(ghost);
  return ghost;
}

function take(event) {
  const visit = event.target.closest?.("[data-visit]");
  if (!visit || !board() || event.button !== 0 || event.pointerType === "touch") return;
  const box = visit.getBoundingClientRect();
  const grip = visit.dataset.at ? event.clientX - box.left : 0;
  held = { url: visit.dataset.visit, seen: visit.dataset.seen, visit, x: event.clientX, y: event.clientY, grip, ghost: null };
}

function drag(event) {
  if (!held) return;
  if (!held.ghost && Math.hypot(event.clientX - held.x, event.clientY - held.y) < SLACK) return;
  held.ghost ??= ghostOf(held.visit);
  const spot = spotAt(event.clientX - held.grip, event.clientY);
  mark(spot?.line);
  const at = spot && new Date(begins() + spot.minutes * MINUTE);
  const hour = at?.toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", timeZone: board().dataset.zone });
  held.ghost.textContent = [held.visit.id.replace("visit-", ""), hour].filter(Boolean).join(" ");
  held.ghost.style.translate = `${event.clientX + 8}px ${event.clientY + 8}px`;
}

function drop(event) {
  if (!held) return;
  const { ghost, grip } = held;
  const spot = ghost && spotAt(event.clientX - grip, event.clientY);
  if (spot) move(held, spot.line.dataset.visitLine, begins() + spot.minutes * MINUTE, held.visit.id);
  if (ghost) swallowClick();
  letGo();
}

// The click that ends a drag opens nothing.
function swallowClick() {
  const swallow = (click) => click.preventDefault();
  window.addEventListener("click", swallow, { capture: true });
  setTimeout(() => window.removeEventListener("click", swallow, { capture: true }));
}

function letGo() {
  held?.ghost?.remove();
  held = null;
  if (board()) mark(null);
}

function byKeys(event) {
  const visit = event.target.closest?.("[data-visit]");
  const way = { ArrowLeft: -STEP, ArrowRight: STEP, ArrowUp: 0, ArrowDown: 0 }[event.key];
  if (event.key === "Escape" && held) return letGo();
  if (!visit || !board() || !event.shiftKey || way === undefined) return;
  event.preventDefault();
  const all = lines().map((line) => line.dataset.visitLine);
  const at = visit.dataset.at ? new Date(visit.dataset.at).getTime() : nextQuarter();
  const place = all.indexOf(visit.dataset.who ?? "");
  const aside = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
  const who = all[Math.min(all.length - 1, Math.max(0, place + (place < 0 ? 1 : aside)))];
  if (who) move({ url: visit.dataset.visit, seen: visit.dataset.seen }, who, at + way * MINUTE, visit.id);
}

function nextQuarter() {
  const soon = Math.max(Date.now(), begins());
  return Math.ceil(soon / (STEP * MINUTE)) * STEP * MINUTE;
}

export function startVisitBoard() {
  document.addEventListener("pointerdown", take);
  document.addEventListener("pointermove", drag);
  document.addEventListener("pointerup", drop);
  document.addEventListener("pointercancel", letGo);
  document.addEventListener("dragstart", (event) => event.target.closest?.("[data-visit]") && event.preventDefault());
  document.addEventListener("keydown", byKeys);
}
