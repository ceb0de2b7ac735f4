// Shows the strip under the bar while nothing can be heard from the desk.

import { toast } from "./toasts.js";

export function startStale() {
  document.addEventListener("live:stale", ({ detail }) => {
    const strip = document.getElementById("stale");
    if (!strip) return;
    strip.hidden = !detail.stale;
    const since = strip.querySelector("[data-stale-since]");
    const moment = new Date(detail.since);
    since.textContent = moment.toTimeString().slice(0, 8);
    since.dateTime = moment.toISOString();
    if (!detail.stale) toast(strip.dataset.back);
  });
}
