// Small menus close when the hand goes elsewhere; arrows move inside them.

const open = () => document.querySelectorAll("details.sd-pick[open]");

function onKey(event) {
  const menu = event.target.closest?.("details.sd-pick[open]");
  if (!menu) return;
  const items = [...menu.querySelectorAll(".sd-menu :is(button, a)")];
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (event.key === "Escape") {
    menu.open = false;
    menu.querySelector("summary").focus();
  } else if (step) {
    items.at((items.indexOf(document.activeElement) + step) % items.length)?.focus();
    event.preventDefault();
  }
}

export function startMenus() {
  document.addEventListener("click", (event) => {
    for (const menu of open()) if (!menu.contains(event.target) || event.target.closest(".sd-menu :is(button, a)")) menu.open = false;
  });
  document.addEventListener("keydown", onKey);
}
