// Reads the state that the bar shows and tells the other modules when it changes.

let last = { look: "", call: "" };

function read() {
  const { look = "", call = "", provider = "", announce = "", caller = "" } = document.getElementById("bar")?.dataset ?? {};
  return { look, call, provider, announce, caller };
}

export const deskState = () => last;

function sync() {
  const now = read();
  if (now.look === last.look && now.call === last.call) return;
  const before = last;
  last = now;
  document.dispatchEvent(new CustomEvent("desk:change", { detail: { now, before } }));
}

export function startDesk() {
  new MutationObserver(sync).observe(document.body, { subtree: true, childList: true, attributeFilter: ["data-look", "data-call"] });
  sync();
}
