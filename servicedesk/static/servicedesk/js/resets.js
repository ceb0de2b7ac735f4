// A small form that adds one thing after another is empty again once the thing was added, and keeps the focus.

export function startResets() {
  document.addEventListener("htmx:after:request", ({ target, detail }) => {
    if (target.matches?.("form[data-resets]") && detail.ctx.response.status < 300) target.reset();
  });
}
