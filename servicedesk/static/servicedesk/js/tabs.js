// Tabs of the work area: at most eight, the call's pinned left, the oldest clean one goes first.

import htmx from "htmx.org";

const MOST = 8;
export const bar = () => document.getElementById("tabs");
const panels = () => document.getElementById("panels");
export const tabs = () => [...bar().querySelectorAll("[role=tab]")];
export const panelOf = (id) => document.getElementById(`panel-${id}`);

function remember() {
  const tickets = tabs().filter((tab) => tab.dataset.kind === "ticket");
  sessionStorage.setItem("tabs", JSON.stringify(tickets.map(({ dataset }) => ({ id: dataset.id, url: dataset.url }))));
}

function addTab({ id, url, kind }) {
  const tab = document.getElementById("tab-template").content.firstElementChild.cloneNode(true);
  Object.assign(tab.dataset, { id, url, kind });
  tab.id = `tab-${id}`;
  tab.setAttribute("aria-controls", `panel-${id}`);
  if (kind === "chat") {
    tab.classList.add("sd-tab--chat");
    bar().append(tab);
  } else if (kind !== "ticket") {
    tab.classList.add(kind === "wrap" ? "sd-tab--wrap" : "sd-tab--call");
    document.getElementById("tab-home").after(tab);
  } else bar().append(tab);
  return tab;
}

function addPanel(id) {
  const panel = document.createElement("section");
  Object.assign(panel, { id: `panel-${id}`, className: "sd-tabpanel", hidden: true });
  panel.setAttribute("role", "tabpanel");
  panel.setAttribute("aria-labelledby", `tab-${id}`);
  panel.dataset.panel = id;
  panels().append(panel);
  return panel;
}

const shownTab = () => tabs().find((tab) => tab.getAttribute("aria-selected") === "true")?.dataset.id;

// A quiet tab loads out of sight until somebody shows it; one that opens behind is seen but not shown: whoever types goes on.
export async function openTab({ id, url, kind = "ticket", focus = true, quiet = false, behind = false }) {
  if (panelOf(id)) return showTab(id);
  const tickets = tabs().filter((tab) => tab.dataset.kind === "ticket");
  const clean = tickets.filter((tab) => tab.querySelector("[data-draft]").hidden);
  if (kind === "ticket" && tickets.length >= MOST) closeTab((clean[0] ?? tickets[0]).dataset.id);
  const tab = addTab({ id, url, kind });
  const panel = addPanel(id);
  tab.hidden = quiet;
  if (!quiet) showTab(behind ? shownTab() : id);
  // Each panel asks for itself: requests of one element wait for one another, and the third is dropped.
  await htmx.ajax("GET", url, { source: panel, target: panel, swap: "innerHTML" });
  if (!panel.isConnected) return; // the console was left meanwhile
  const title = panel.querySelector("[data-tab-title]")?.dataset.tabTitle;
  if (!title) return closeTab(id);
  tab.querySelector("[data-tab-label]").textContent = title;
  remember();
  tellShown();
  if (focus && !quiet && !behind) (panel.querySelector("[data-first-focus]") ?? panel.querySelector("h1, h2"))?.focus();
}

export function showTab(id) {
  const chosen = id && panelOf(id) ? id : "home";
  for (const tab of tabs()) {
    tab.setAttribute("aria-selected", tab.dataset.id === chosen);
    tab.tabIndex = tab.dataset.id === chosen ? 0 : -1;
  }
  for (const panel of panels().children) panel.hidden = panel.dataset.panel !== chosen;
  bar().hidden = tabs().every((tab) => tab.hidden || tab.dataset.id === "home");
  tellShown();
}

function tellShown() {
  const panel = [...panels().children].find((one) => !one.hidden);
  document.dispatchEvent(new CustomEvent("tab:shown", { detail: { id: panel.dataset.panel, panel } }));
}

// Who closes the last tab stands at the head of what was behind it.
function focusShown() {
  const tab = tabs().find((one) => one.getAttribute("aria-selected") === "true");
  if (!bar().hidden) return tab.focus();
  const heading = panelOf(tab.dataset.id).querySelector("h1, h2");
  if (heading) heading.tabIndex = -1;
  heading?.focus();
}

export function closeTab(id) {
  const shown = !panelOf(id)?.hidden;
  const held = [panelOf(id), document.getElementById(`tab-${id}`)].some((part) => part?.contains(document.activeElement));
  panelOf(id)?.remove();
  document.getElementById(`tab-${id}`)?.remove();
  remember();
  if (shown) showTab(tabs().filter((tab) => !tab.hidden).at(-1).dataset.id);
  else showTab(shownTab());
  if (held) focusShown();
}
