// Ctrl+B: find an article and put its link where the caret stood.

let field = null;
const box = () => document.getElementById("article-dialog");

function open(button) {
  field = button.closest("[data-composer]")?.querySelector("textarea:not([hidden])") ?? field;
  const search = box().querySelector("input[type=search]");
  const ticket = button.dataset.ticket ?? "";
  box().querySelector("[name=ticket]").value = ticket;
  box().showModal();
  search.value = "";
  search.focus();
  search.dispatchEvent(new CustomEvent("palette:open"));
}

function insert(text) {
  const target = field?.isConnected ? field : document.querySelector("[data-composer] textarea:not([hidden])");
  const { selectionStart: start, selectionEnd: end } = target ?? {};
  if (box()?.open) box().close(); // which puts the caret at the start
  if (!target) return;
  target.focus();
  const before = target.value.slice(0, start);
  const gap = before && !/\s$/.test(before) ? " " : "";
  target.setRangeText(`${gap}${text} `, start, end, "end");
  target.dispatchEvent(new InputEvent("input", { bubbles: true }));
}

export function startArticles() {
  document.addEventListener("focusin", ({ target }) => target.matches("[data-composer] textarea") && (field = target));
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-open-articles]");
    if (opener) return open(opener);
    const choice = event.target.closest("[data-insert-text]");
    if (choice) insert(choice.dataset.insertText);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.matches?.("#article-dialog input[type=search]")) return;
    event.preventDefault();
    box().querySelector("[data-insert-text]")?.click();
  });
}
