// Lists in which arrows move and Enter takes: several matches, open tickets. Who types instead, types into the note.

const note = () => document.getElementById("note-text");

function move(list, step) {
  const rows = [...list.querySelectorAll("button")];
  rows.at((rows.indexOf(document.activeElement) + step) % rows.length)?.focus();
}

// The cursor stands in the note from the first second; as long as the note is empty, its keys choose the ticket.
function chooseFromNote(event) {
  const list = document.querySelector("#call-head [data-chooser=from-note]");
  if (!list || event.target !== note() || note().value || event.isComposing) return;
  if (event.key === "Enter") list.querySelector("button").click();
  else if (event.key === "ArrowDown") move(list, 1);
  else if (event.key === "ArrowUp") move(list, 0);
  else return;
  event.preventDefault();
}

function onKey(event) {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  chooseFromNote(event);
  const list = event.target.closest?.("[data-chooser]");
  if (!list || event.defaultPrevented) return;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) {
    move(list, step);
    event.preventDefault();
  } else if (event.key.length === 1 && event.key !== " ") note()?.focus();
}

export function startChoosers() {
  document.addEventListener("keydown", onKey);
  document.addEventListener("htmx:after:request", ({ target, detail }) => {
    if (target.closest?.("[data-chooser], #new-caller") && detail.ctx.response.status < 300) note()?.focus();
  });
}
