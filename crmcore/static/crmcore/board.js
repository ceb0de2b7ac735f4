// The opportunity board by keyboard and by mouse: M opens "Move to", digits choose, arrows walk, cards can be dragged.

const card = (element) => element?.closest?.("[data-deal]");
const menu = () => document.querySelector("[data-move-menu]");
let moved = null; // id of the card to focus again after the board was swapped
let dragged = null;

function closeMenu() {
  const open = menu();
  if (!open?.closest("[data-move-slot]")) return false;
  const owner = card(open);
  open.remove();
  owner?.focus();
  return true;
}

function chooseDigit(digit) {
  const choice = menu()?.querySelector(`[data-digit="${digit}"]`);
  if (!choice || choice.disabled) return false;
  choice.matches("input") ? choice.focus() : choice.click();
  return true;
}

function walk(from, key) {
  const columns = [...document.querySelectorAll("[data-board] [data-stage]")].map((column) => [...column.querySelectorAll("[data-deal]")]);
  const here = columns.findIndex((cards) => cards.includes(from));
  const row = columns[here].indexOf(from);
  if (key === "ArrowUp" || key === "ArrowDown") return columns[here][row + (key === "ArrowDown" ? 1 : -1)]?.focus();
  const step = key === "ArrowRight" ? 1 : -1;
  for (let at = here + step; at >= 0 && at < columns.length; at += step)
    if (columns[at].length) return columns[at][Math.min(row, columns[at].length - 1)].focus();
}

function onKey(event) {
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  const typing = event.target.matches("input, textarea, select");
  const deal = card(event.target);
  let done = false;
  if (event.key === "Escape") done = closeMenu();
  else if (typing) return;
  else if (menu() && /^Digit\d$/.test(event.code)) done = chooseDigit(event.code.at(-1));
  else if (deal && event.code === "KeyM") done = !deal.querySelector("[data-move]").click();
  else if (event.target === deal && event.key.startsWith("Arrow")) done = !walk(deal, event.key);
  else if (event.target === deal && event.key === "Enter") done = !deal.querySelector("a").click();
  if (done) event.preventDefault();
}

function onDrop(event) {
  const column = event.target.closest?.("[data-stage]");
  if (!dragged || !column) return;
  event.preventDefault();
  const form = document.getElementById("move-form");
  form.action = dragged.dataset.moveUrl;
  form.elements.stage.value = column.dataset.stage;
  moved = dragged.id;
  if (column.contains(dragged)) return;
  form.requestSubmit();
}

function onSwap() {
  const open = menu();
  if (open?.closest("[data-move-slot]")) {
    for (const other of document.querySelectorAll("[data-move-menu]")) if (other !== open) other.remove();
    open.querySelector("button:not(:disabled)")?.focus();
  } else if (moved) {
    document.getElementById(moved)?.focus();
    moved = null;
  }
}

document.addEventListener("keydown", onKey);
document.addEventListener("submit", (event) => event.target.matches("[data-move-menu]") && (moved = card(event.target)?.id));
document.addEventListener("click", (event) => menu() && !event.target.closest("[data-move-menu], [data-move]") && closeMenu());
document.addEventListener("dragstart", (event) => (dragged = card(event.target)));
document.addEventListener("dragover", (event) => dragged && event.target.closest?.("[data-stage]") && event.preventDefault());
document.addEventListener("drop", onDrop);
document.addEventListener("dragend", () => (dragged = null));
document.addEventListener("htmx:after:swap", onSwap);
