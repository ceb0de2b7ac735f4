// "Move to": M opens it on a card, digits choose, Esc closes; afterwards the focus is on the moved card again.

const menu = () => document.querySelector("[data-move-menu]");
const popped = () => menu()?.closest("[data-move-slot]");
let moved = null; // id of the card to focus when the board was swapped

export const cardOf = (element) => element?.closest?.("[data-deal]");
export const remember = (card) => (moved = card?.id ?? null);

function close() {
  if (!popped()) return false;
  const owner = cardOf(menu());
  menu().remove();
  owner?.focus();
  return true;
}

function choose(digit) {
  const choice = menu().querySelector(`[data-digit="${digit}"]`);
  if (!choice || choice.disabled) return false;
  choice.matches("input") ? choice.focus() : choice.click();
  return true;
}

function open(card) {
  card?.querySelector("[data-move]").click();
  return Boolean(card);
}

function act(event) {
  if (event.key === "Escape") return close();
  if (event.target.matches("input, textarea, select")) return false;
  if (menu() && /^Digit\d$/.test(event.code)) return choose(event.code.at(-1));
  return event.code === "KeyM" && open(cardOf(event.target));
}

function onSwap() {
  if (popped()) {
    for (const other of document.querySelectorAll("[data-move-menu]")) if (other !== menu()) other.remove();
    menu().querySelector("[aria-invalid], button:not(:disabled)")?.focus();
  } else if (moved) {
    document.getElementById(moved)?.focus();
    moved = null;
  }
}

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (act(event)) event.preventDefault();
});
document.addEventListener("submit", ({ target }) => target.matches("[data-move-menu]") && remember(cardOf(target)));
document.addEventListener("click", ({ target }) => menu() && !target.closest("[data-move-menu], [data-move]") && close());
document.addEventListener("htmx:after:swap", onSwap);
