// Lists in which arrows move and Enter takes: several matches, open tickets. Who types instead, types into the note.

export function startChoosers() {
  document.addEventListener("keydown", (event) => {
    const list = event.target.closest?.("[data-chooser]");
    if (!list || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key.length === 1 && event.key !== " ") return document.getElementById("note-text")?.focus();
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    const rows = [...list.querySelectorAll("button")];
    rows.at((rows.indexOf(document.activeElement) + step) % rows.length)?.focus();
    event.preventDefault();
  });
  document.addEventListener("htmx:after:request", ({ target, detail }) => {
    if (target.closest?.("[data-chooser], #new-caller") && detail.ctx.response.status < 300) document.getElementById("note-text")?.focus();
  });
}
