// Keeps bar, rail and sockets alive while #page changes, and marks where we are.

const page = () => document.getElementById("page");

function markRail() {
  const here = location.pathname;
  const links = [...document.querySelectorAll(".sd-rail a[href], .sd-dock a[href]")];
  const best = links
    .map((link) => link.getAttribute("href"))
    .filter((href) => here.startsWith(href))
    .sort((one, two) => two.length - one.length)[0];
  for (const link of links) link.getAttribute("href") === best ? link.setAttribute("aria-current", "page") : link.removeAttribute("aria-current");
}

// An answer without #page (signed out, an operator's page) needs the whole window.
function leaveIfForeign(event) {
  const { ctx } = event.detail;
  if (ctx.select !== "#page" || ctx.response.status >= 500 || /\sid="page"/.test(ctx.text)) return;
  event.preventDefault();
  ctx.request.method === "GET" || ctx.response.raw.redirected ? location.assign(ctx.response.raw.url) : location.reload();
}

function arrive(event) {
  const { ctx } = event.detail;
  if (ctx.select !== "#page") return;
  markRail();
  const heading = page().querySelector("h1");
  if (!page().contains(document.activeElement) && heading) {
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
  }
}

export function startNavigation() {
  markRail();
  document.addEventListener("htmx:after:request", leaveIfForeign);
  document.addEventListener("htmx:after:swap", arrive);
}
