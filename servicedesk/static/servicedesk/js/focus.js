// A swapped part of the page takes nobody's focus away: it goes to the same control in the new part, or to its first.

const FOCUSABLE = "a[href], button:enabled, input:enabled:not([type=hidden]), select:enabled, textarea:enabled, summary";
const held = new WeakMap(); // a request -> where its swap will find the focus

const sameAs = (former) => (one) =>
  one.localName === former.localName && (former.id ? one.id === former.id : one.name === former.name && one.textContent.trim() === former.textContent.trim());

function remember({ detail: { ctx } }) {
  const focused = document.activeElement;
  const part = ctx.target;
  if (!part?.id || part.id === "page" || !part.contains?.(focused)) return;
  held.set(ctx, { part: part.id, focused });
}

function giveBack({ detail: { ctx } }) {
  const before = held.get(ctx);
  if (!before || (document.activeElement && document.activeElement !== document.body)) return;
  const controls = [...(document.getElementById(before.part)?.querySelectorAll(FOCUSABLE) ?? [])].filter((one) => one.checkVisibility());
  (controls.find(sameAs(before.focused)) ?? controls[0])?.focus({ preventScroll: true });
}

export function startFocus() {
  document.addEventListener("htmx:before:swap", remember);
  document.addEventListener("htmx:after:swap", giveBack);
}
