// Taking the next ticket: the desk says which, and it opens beside the work.

import { refetch } from "./live-fragments.js";
import { post } from "./request.js";
import { openTab } from "./tabs.js";
import { toast, toastFailure } from "./toasts.js";

async function take(button) {
  const answer = await post(button.dataset.takeNext).catch(() => null);
  if (answer?.status === 409) toast((await answer.json()).title);
  else if (!answer?.ok) toastFailure(answer?.status ?? 0);
  refetch(`agent:${document.documentElement.dataset.user}`);
  if (answer?.ok) openTab(await answer.json());
}

export function startTaking() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-take-next]");
    if (!button || button.disabled) return;
    button.disabled = true;
    take(button).finally(() => (button.disabled = false));
  });
}
