// Tells screen readers: a ringing call once and at once, every other change politely.

let announced = "";

export function startAnnouncements() {
  document.addEventListener("desk:change", ({ detail: { now } }) => {
    const alert = document.getElementById("call-alert");
    if (now.look !== "ringing") {
      announced = alert.textContent = "";
      const state = document.querySelector("#bar .sd-state, #bar [data-start-shift]");
      document.getElementById("call-status").textContent = state?.firstElementChild?.nextSibling?.textContent.trim() ?? "";
    } else if (announced !== now.call) {
      announced = now.call;
      alert.textContent = now.announce;
    }
  });
}
