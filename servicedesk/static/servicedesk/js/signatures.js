// A signature drawn with finger, pen or mouse becomes a PNG in the form's file field.

const LINE = 3;

const canvasOf = (form) => form.querySelector("canvas");

function place(canvas, event) {
  const box = canvas.getBoundingClientRect();
  return [((event.clientX - box.left) / box.width) * canvas.width, ((event.clientY - box.top) / box.height) * canvas.height];
}

function draw({ target, clientX, clientY, pointerId }) {
  const pen = target.getContext("2d");
  Object.assign(pen, { lineWidth: LINE, lineCap: "round", lineJoin: "round", strokeStyle: "#14181f" });
  pen.beginPath();
  pen.moveTo(...place(target, { clientX, clientY }));
  const move = (event) => {
    pen.lineTo(...place(target, event));
    pen.stroke();
    target.dataset.drawn = "yes";
  };
  target.setPointerCapture(pointerId);
  target.addEventListener("pointermove", move);
  for (const end of ["pointerup", "pointercancel"])
    target.addEventListener(end, () => target.removeEventListener("pointermove", move), { once: true });
}

function clear(form) {
  const canvas = canvasOf(form);
  canvas.getContext("2d").clearRect(0, 0, canvas.width, canvas.height);
  delete canvas.dataset.drawn;
}

// What was drawn, as the file that the form sends; an empty canvas sends nothing.
export async function drawnFile(form) {
  const canvas = canvasOf(form);
  if (!canvas.dataset.drawn) return null;
  const blob = await new Promise((ready) => canvas.toBlob(ready, "image/png"));
  return new File([blob], "signature.png", { type: "image/png" });
}

const show = () => document.querySelectorAll("form[data-visit-sign]").forEach((form) => (form.hidden = false));

export function startSignatures() {
  document.addEventListener("pointerdown", (event) => event.target.matches?.("[data-visit-sign] canvas") && draw(event));
  document.addEventListener("click", ({ target }) => {
    const button = target.closest?.("[data-visit-clear]");
    if (button) clear(button.form);
  });
  document.addEventListener("visit:shown", show);
  show();
}
