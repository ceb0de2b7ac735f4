// Forms of a visit on a bad network: each is sent once at a time, again until it arrived, and says so meanwhile.
// Every form carries what makes its repetition harmless on the desk, so that sending again is always safe.

import { drawnFile } from "./signatures.js";

const AGAIN = 8_000;
const REFUSED = 409;
const unsent = []; // { form, url, body } in the order in which they were sent
let isSending = false;

const main = () => document.getElementById("visit");
const keptKey = (form) => `visit:${document.documentElement.dataset.user}:${form.dataset.visitKeep}`;
const typed = (form) => [...form.elements].filter((field) => field.name && !["hidden", "file", "submit"].includes(field.type));

function keep({ target }) {
  const form = target.form;
  if (!form?.dataset?.visitKeep) return;
  localStorage.setItem(keptKey(form), JSON.stringify(Object.fromEntries(typed(form).map((field) => [field.name, field.value]))));
}

function restore() {
  for (const form of document.querySelectorAll("form[data-visit-keep]")) {
    const kept = JSON.parse(localStorage.getItem(keptKey(form)) ?? "null");
    if (!kept) continue;
    for (const field of typed(form)) if (field.name in kept) field.value = kept[field.name];
    form.closest("details")?.setAttribute("open", "");
  }
}

function say() {
  const line = document.getElementById("unsent");
  line.querySelector("span").textContent = line.dataset.once;
  line.hidden = !unsent.length;
}

function show(html) {
  const focused = document.activeElement?.id;
  const fresh = new DOMParser().parseFromString(html, "text/html").getElementById("visit");
  if (!fresh) return location.reload();
  main().replaceWith(fresh);
  window.htmx?.process(fresh);
  restore();
  document.dispatchEvent(new CustomEvent("visit:shown"));
  (document.getElementById(focused) ?? fresh).focus({ preventScroll: true });
  if (fresh.querySelector("[role=alert]")) scrollTo({ top: 0 });
}

async function flush() {
  if (isSending) return;
  isSending = true;
  while (unsent.length) {
    const [{ form, url, body }] = unsent;
    const answer = await fetch(url, { method: "POST", body, credentials: "same-origin" }).catch(() => null);
    if (!answer || answer.status >= 500) break;
    unsent.shift();
    form.removeAttribute("aria-busy");
    if (answer.ok && form.dataset.visitKeep) localStorage.removeItem(keptKey(form));
    if (!unsent.length && (answer.ok || answer.status === REFUSED)) show(await answer.text());
    else if (!answer.ok && answer.status !== REFUSED) location.reload();
  }
  isSending = false;
  say();
  if (unsent.length) setTimeout(flush, AGAIN);
}

async function send(event) {
  const form = event.target.closest?.("form[data-visit-form]");
  if (!form) return;
  event.preventDefault();
  if (form.getAttribute("aria-busy") === "true") return;
  form.setAttribute("aria-busy", "true");
  const body = new FormData(form, event.submitter ?? undefined);
  if ("visitSign" in form.dataset) {
    const file = await drawnFile(form);
    if (!file) return form.removeAttribute("aria-busy");
    body.set("signature", file);
  }
  unsent.push({ form, url: form.action, body });
  await flush();
}

function changed({ target }) {
  const form = target.form;
  if (form?.matches?.("[data-visit-change]")) form.requestSubmit();
}

export function startVisits() {
  document.addEventListener("submit", send);
  document.addEventListener("change", changed);
  document.addEventListener("input", keep);
  addEventListener("online", flush);
  addEventListener("beforeunload", (event) => unsent.length && event.preventDefault());
  restore();
}
