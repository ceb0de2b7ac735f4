// Small menus close when the hand goes elsewhere; arrows move inside them; closed, they give the focus back.

const MENUS = "details:is(.sd-pick, .sd-addflt, .sd-po__menu)[open]";
const CHOICES = ".sd-menu :is(button, a)";

function close(menu) {
  const held = menu.contains(document.activeElement);
  menu.open = false;
  if (held) menu.querySelector("summary").focus();
}

function onKey(event) {
  const menu = event.target.closest?.(MENUS);
  if (!menu) return;
  const items = [...menu.querySelectorAll(CHOICES)];
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (event.key === "Escape") close(menu);
  else if (step && items.length) {
    items.at((items.indexOf(document.activeElement) + step) % items.length)?.focus();
    event.preventDefault();
  }
}

export function startMenus() {
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll(MENUS)) {
      if (event.target.closest(CHOICES) && menu.contains(event.target)) close(menu);
      else if (!menu.contains(event.target)) menu.open = false;
    }
  });
  document.addEventListener("keydown", onKey);
}
