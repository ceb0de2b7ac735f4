// The transfer chooser: Shift+F8, a few letters, Enter asks the colleague first, Shift+Enter passes the call on.

import { commandTo } from "./phone.js";

const box = () => document.getElementById("transfer");
const input = () => document.getElementById("transfer-input");
const options = () => [...document.querySelectorAll("#transfer-list [role=option]:not([aria-disabled])")];
const selected = () => options().findIndex((option) => option.getAttribute("aria-selected") === "true");

function open() {
  if (!box().open) box().showModal();
  input().value = "";
  input().focus();
  input().dispatchEvent(new CustomEvent("transfer:open"));
}

function select(index) {
  const all = options();
  if (!all.length) return;
  const chosen = all[(index + all.length) % all.length];
  for (const option of all) option.setAttribute("aria-selected", option === chosen);
  input().setAttribute("aria-activedescendant", chosen.id);
  chosen.scrollIntoView({ block: "nearest" });
}

function choose(option, asksFirst) {
  if (!option) return;
  const { ask, pass, values } = option.dataset;
  box().close();
  commandTo((asksFirst && ask) || pass, JSON.parse(values));
}

function onKey(event) {
  if (event.isComposing) return;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) select(selected() + step);
  else if (event.key === "Escape") box().close();
  else if (event.key === "Enter") choose(options()[Math.max(0, selected())], !event.shiftKey);
  else return;
  event.preventDefault();
}

function onClick(event) {
  if (event.target.closest("[data-open-transfer]")) return open();
  if (event.target === box()) return box().close();
  const option = event.target.closest("#transfer-list [role=option]:not([aria-disabled])");
  if (option) choose(option, event.target.closest("[data-choose]")?.dataset.choose !== "pass");
}

export function startTransfer() {
  document.addEventListener("click", onClick);
  document.addEventListener("keydown", (event) => event.target.id === "transfer-input" && onKey(event));
  document.addEventListener("htmx:after:swap", (event) => event.detail.ctx.target?.id === "transfer-list" && select(0));
  // A dialog over a call that is over would choose for the next one.
  document.addEventListener("desk:change", () => box()?.open && box().close());
}
