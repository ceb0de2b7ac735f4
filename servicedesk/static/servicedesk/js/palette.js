// The command palette: Ctrl+K, type, arrows, Enter.

const box = () => document.getElementById("palette");
const input = () => document.getElementById("palette-input");
const options = () => [...document.querySelectorAll("#palette-list [role=option]")];

export function openPalette(text = "") {
  if (!box().open) box().showModal();
  input().value = text;
  input().focus();
  input().dispatchEvent(new CustomEvent("palette:open"));
  return true;
}

function select(index) {
  const all = options();
  if (!all.length) return;
  const chosen = all[(index + all.length) % all.length];
  for (const option of all) option.setAttribute("aria-selected", option === chosen);
  input().setAttribute("aria-activedescendant", chosen.id);
  chosen.scrollIntoView({ block: "nearest" });
}

const selected = () => options().findIndex((option) => option.getAttribute("aria-selected") === "true");

function onKey(event) {
  if (event.isComposing) return;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) {
    select(selected() + step);
  } else if (event.key === "Escape") {
    box().close();
  } else if (event.key === "Enter") {
    options()[Math.max(0, selected())]?.click();
  } else return;
  event.preventDefault();
}

export function startPalette() {
  document.addEventListener("keydown", (event) => event.target.id === "palette-input" && onKey(event));
  document.addEventListener("htmx:after:swap", (event) => event.detail.ctx.target?.id === "palette-list" && select(0));
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-open-palette]")) openPalette();
    else if (event.target === box() || event.target.closest("#palette-list [role=option]")) box().close();
  });
}
