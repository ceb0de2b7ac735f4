// Arrows walk from card to card, Enter opens one.

import { cardOf } from "./move-menu.js";

const cards = (column) => [...column.querySelectorAll("[data-deal]")];

function neighbour(card, key) {
  const columns = [...document.querySelectorAll("[data-board] [data-stage]")].map(cards);
  const here = columns.findIndex((column) => column.includes(card));
  const row = columns[here].indexOf(card);
  if (key === "ArrowDown") return columns[here][row + 1];
  if (key === "ArrowUp") return columns[here][row - 1];
  const step = { ArrowRight: 1, ArrowLeft: -1 }[key];
  for (let at = here + step; step && columns[at]; at += step)
    if (columns[at].length) return columns[at][Math.min(row, columns[at].length - 1)];
}

document.addEventListener("keydown", (event) => {
  const card = cardOf(event.target);
  if (!card || event.target !== card || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Enter") return card.querySelector("a").click();
  const next = event.key.startsWith("Arrow") && neighbour(card, event.key);
  if (!next) return;
  event.preventDefault();
  next.focus();
});
