// Dragging a card to a column: the second way to move it.

import { cardOf, remember } from "./move-menu.js";

let dragged = null;
const column = (event) => event.target.closest?.("[data-stage]");

function drop(event) {
  const target = column(event);
  if (!dragged || !target) return;
  event.preventDefault();
  if (target.contains(dragged)) return;
  const form = document.getElementById("move-form");
  form.action = dragged.dataset.moveUrl;
  form.elements.stage.value = target.dataset.stage;
  remember(dragged);
  form.requestSubmit();
}

document.addEventListener("dragstart", (event) => (dragged = cardOf(event.target)));
document.addEventListener("dragover", (event) => dragged && column(event) && event.preventDefault());
document.addEventListener("drop", drop);
document.addEventListener("dragend", () => (dragged = null));
