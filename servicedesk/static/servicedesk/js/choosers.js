// Lists in which arrows move and Enter takes: several matches, open tickets.

export function startChoosers() {
  document.addEventListener("keydown", (event) => {
    const list = event.target.closest?.("[data-chooser]");
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!list || !step) return;
    const rows = [...list.querySelectorAll("button")];
    rows.at((rows.indexOf(document.activeElement) + step) % rows.length)?.focus();
    event.preventDefault();
  });
}
