// Region E follows the work: the caller while there is a call, else the customer of the open ticket.

import htmx from "htmx.org";

const wanted = new WeakMap(); // panel -> what it was last asked to show
const side = () => document.getElementById("side");

export function showCustomer(query) {
  const panel = document.getElementById("customer");
  if (!panel) return;
  wanted.set(panel, query);
  if (panel.dataset.query === query) return;
  htmx.ajax("GET", `${side().dataset.url}?${query}`, { target: panel, swap: "outerMorph" });
}

// A refetch that was under way before the customer was asked for may come after it, and shows nobody.
function again() {
  const panel = document.getElementById("customer");
  if (panel?.dataset.query === "" && wanted.get(panel)) showCustomer(wanted.get(panel));
}

const toggle = (region, open) => document.getElementById(region)?.classList.toggle("is-open", open);

function follow({ detail: { panel } }) {
  const subject = panel?.querySelector("[data-customer]")?.dataset.customer;
  if (subject !== undefined) showCustomer(subject);
}

// Heard before the link itself hears it: on the console a customer opens beside the work, elsewhere on a page.
function openCustomer(event) {
  const link = event.target.closest("[data-show-customer]");
  if (!link || !side()?.dataset.url || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  event.stopPropagation();
  link.closest("dialog")?.close();
  showCustomer(link.dataset.showCustomer);
  toggle("side", true);
}

function onClick(event) {
  if (event.target.closest("[data-show-side]")) toggle("side");
  if (event.target.closest("[data-show-list]")) toggle("list");
  if (event.target.closest("[data-close-side]")) (toggle("side", false), toggle("list", false));
  const dock = event.target.closest("[data-dock]");
  if (dock) showOnPhone(dock);
}

// Phones show one region at a time.
function showOnPhone(button) {
  document.getElementById("console").dataset.shown = button.dataset.dock;
  for (const one of button.parentElement.children) one === button ? one.setAttribute("aria-current", "page") : one.removeAttribute("aria-current");
}

export function startSide() {
  document.addEventListener("tab:shown", follow);
  document.addEventListener("htmx:after:swap", again);
  document.addEventListener("click", openCustomer, { capture: true });
  document.addEventListener("click", onClick);
  document.addEventListener("region:show", ({ detail }) => toggle(detail.id, true));
  document.addEventListener("keydown", (event) => event.key === "Escape" && !document.querySelector("dialog[open]") && (toggle("side", false), toggle("list", false)));
  document.addEventListener("desk:change", ({ detail: { now, before } }) => {
    if (!side() || now.call === before.call) return;
    const panel = document.getElementById("customer");
    panel?.dispatchEvent(new CustomEvent("live"));
  });
}
