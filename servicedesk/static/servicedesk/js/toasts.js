// Says what happened at the bottom of the page; the texts come from templates.

const STAY = 5_000;

export function toast(text, look = "") {
  const template = document.getElementById("toast-template");
  const box = document.getElementById("toasts");
  if (!template || !box || !text) return;
  const shown = template.content.firstElementChild.cloneNode(true);
  if (look) shown.classList.add(`sd-toast--${look}`);
  shown.querySelector("[data-text]").textContent = text;
  shown.querySelector("[data-close]").addEventListener("click", () => shown.remove());
  box.append(shown);
  setTimeout(() => shown.remove(), STAY);
}

export function toastFailure(status) {
  const texts = document.getElementById("toast-failed")?.dataset ?? {};
  toast(status === 0 ? texts.offline : status === 403 ? texts.denied : texts.failed, "breach");
}

function showMessages(root) {
  for (const message of root.querySelectorAll("template[data-toast]")) {
    toast(message.content.textContent.trim(), message.dataset.toast === "error" ? "breach" : "");
    message.remove();
  }
}

export function startToasts() {
  showMessages(document);
  document.addEventListener("htmx:after:swap", () => showMessages(document));
  document.addEventListener("htmx:response:error", (event) => toastFailure(event.detail.ctx.response.status));
  document.addEventListener("htmx:error", (event) => event.detail.ctx?.sourceEvent?.type !== "live" && event.detail.ctx && toastFailure(0));
}
