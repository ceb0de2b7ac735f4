// Copies what a field holds. Without https a page has no clipboard of its own; there the field's selection is copied.
import { toast } from "./toasts.js";

async function copy(field) {
  if (navigator.clipboard) return navigator.clipboard.writeText(field.value);
  field.focus();
  field.select();
  document.execCommand("copy");
}

export function startCopying() {
  document.addEventListener("click", async ({ target }) => {
    const button = target.closest?.("[data-copy]");
    if (!button) return;
    await copy(document.getElementById(button.dataset.copy));
    button.focus();
    toast(button.dataset.copied);
  });
}
