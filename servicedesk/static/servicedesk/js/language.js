// Changes the language without leaving the page: bar, rail and page are drawn again, what was typed stays.

import htmx from "htmx.org";
import { post } from "./request.js";

async function change(form, language) {
  const answer = await post(form.action, { language, next: location.pathname + location.search });
  const html = await answer.text();
  document.documentElement.lang = language;
  const fresh = new DOMParser().parseFromString(html, "text/html");
  Object.assign(document.documentElement.dataset, { ...fresh.documentElement.dataset, bsTheme: document.documentElement.dataset.bsTheme });
  for (const id of ["frame", "palette", "transfer", "key-sheet", "toast-failed", "toast-template"]) {
    const mine = document.getElementById(id);
    const theirs = fresh.getElementById(id);
    if (mine && theirs) await htmx.swap({ target: mine, sourceElement: mine, text: theirs.outerHTML, swap: "outerMorph" });
  }
  document.title = fresh.title;
}

export function startLanguage() {
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("[data-language-form]");
    if (!form || !document.getElementById("frame")) return;
    event.preventDefault();
    change(form, event.submitter.value);
  });
}
