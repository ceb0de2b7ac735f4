// Rows ticked in a list: the bar below says how many, the box in the head ticks all, and a swap keeps what was ticked.
const bar = () => document.querySelector("[data-selection]");
const boxes = (form) => [...document.querySelectorAll(`input[type=checkbox][form="${form.id}"][name="${form.dataset.selection}"]`)];

const show = () => {
  const form = bar();
  if (!form) return;
  const all = boxes(form);
  const ticked = all.filter((box) => box.checked);
  form.hidden = !ticked.length;
  const count = form.querySelector("[data-selection-count]");
  count.textContent = count.dataset.words.replace("#", ticked.length);
  const head = document.querySelector("[data-select-all]");
  if (head) {
    head.checked = ticked.length > 0 && ticked.length === all.length;
    head.indeterminate = ticked.length > 0 && ticked.length < all.length;
  }
};

export const startSelection = () => {
  document.addEventListener("change", (event) => {
    const form = bar();
    if (form && event.target.matches("[data-select-all]")) for (const box of boxes(form)) box.checked = event.target.checked;
    if (event.target.type === "checkbox") show();
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-selection-clear]")) return;
    for (const box of boxes(bar())) box.checked = false;
    show();
  });
  document.addEventListener("htmx:after:swap", show);
};
