// "Call back at": the form comes into a dialog, which closes when the promise stands.

import htmx from "htmx.org";

const box = () => document.getElementById("promise-dialog");

async function open(button) {
  await htmx.ajax("GET", button.dataset.promise, { target: "#promise-form", swap: "innerHTML" });
  if (!box().open) box().showModal();
  box().querySelector("[data-first-focus]")?.focus();
}

export function startPromises() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-promise]");
    if (button) open(button);
    else if (event.target === box() || event.target.closest("#promise-dialog [data-close-promise]")) box().close();
  });
  document.addEventListener("htmx:after:swap", () => box()?.querySelector("[data-promised]") && box().close());
}
