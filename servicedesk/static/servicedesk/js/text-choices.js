// While somebody types in a note or reply: colleagues after an @, canned replies after a / at the start of a line.
// Arrows move, Enter or Tab takes, Escape leaves. Nothing happens while an input method composes.

const TRIGGERS = [
  { of: "people", before: /(?:^|[^\w.+-])[@＠]([^\s@＠]{0,20})$/ },
  { of: "replies", before: /(?:^|\n)[/、]([^\n/]{0,30})$/ },
];
const LONGEST_WAIT = 120;
let open = null; // { field, list, start }
let timer = 0;
let asked = 0;

const options = () => (open ? [...open.list.querySelectorAll("[role=option]")] : []);

function close() {
  if (!open) return;
  open.list.hidden = true;
  open.list.replaceChildren();
  open.field.removeAttribute("aria-activedescendant");
  open = null;
}

function choose(index) {
  const all = options();
  const chosen = all.at(index % all.length);
  for (const option of all) option.setAttribute("aria-selected", option === chosen);
  if (chosen) open.field.setAttribute("aria-activedescendant", chosen.id);
  chosen?.scrollIntoView({ block: "nearest" });
}

function take(option) {
  const { field, start } = open;
  close();
  field.focus();
  field.setRangeText(option.dataset.text, start, field.selectionEnd, "end");
  if (option.dataset.macro) setMacro(field.form, option.dataset.macro, option.dataset.steps);
  field.dispatchEvent(new InputEvent("input", { bubbles: true }));
}

// What a picked macro will do stands above the buttons until the text is sent or somebody takes it away.
function setMacro(form, macro, words) {
  const line = form.querySelector("[data-macro]");
  line.querySelector("input").value = macro;
  line.querySelector("[data-macro-words]").textContent = words;
  line.hidden = !macro;
}

async function offer(field, list, words, start) {
  const mine = ++asked;
  const answer = await fetch(`${list.address}?q=${encodeURIComponent(words)}`).catch(() => null);
  const found = answer?.ok ? await answer.text() : "";
  if (mine !== asked || document.activeElement !== field) return;
  list.element.innerHTML = found;
  open = { field, list: list.element, start };
  if (!options().length) return close();
  list.element.hidden = false;
  choose(0);
}

function look(field) {
  clearTimeout(timer);
  const list = field.closest("[data-composer]")?.querySelector("[data-text-choices]");
  if (!list) return;
  const typed = field.value.slice(0, field.selectionEnd);
  for (const { of, before } of TRIGGERS) {
    const match = typed.match(before);
    if (!match || !list.dataset[of]) continue;
    const start = field.selectionEnd - match[1].length - 1;
    timer = setTimeout(offer, LONGEST_WAIT, field, { element: list, address: list.dataset[of] }, match[1], start);
    return;
  }
  asked++;
  close();
}

function onKey(event) {
  if (!open || event.target !== open.field || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  const at = options().findIndex((option) => option.getAttribute("aria-selected") === "true");
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) choose(at + step);
  else if (event.key === "Escape") close();
  else if (event.key === "Enter" || event.key === "Tab") take(options()[Math.max(0, at)]);
  else return;
  event.preventDefault();
  event.stopPropagation();
}

export function startTextChoices() {
  const isField = (target) => target.matches?.("[data-composer] textarea");
  document.addEventListener("input", (event) => isField(event.target) && !event.isComposing && look(event.target));
  document.addEventListener("compositionend", ({ target }) => isField(target) && look(target));
  document.addEventListener("keydown", onKey, true);
  document.addEventListener("focusout", ({ target }) => target === open?.field && setTimeout(close, 200));
  document.addEventListener("mousedown", (event) => {
    const option = open && event.target.closest("[data-text-choices] [role=option]");
    if (!option) return;
    event.preventDefault();
    take(option);
  });
  document.addEventListener("click", (event) => {
    const drop = event.target.closest("[data-macro-drop]");
    if (drop) setMacro(drop.form, "", "");
    const field = event.target.closest("[data-open-replies]")?.closest("[data-composer]")?.querySelector("textarea");
    const list = field?.closest("[data-composer]").querySelector("[data-text-choices]");
    if (!list) return;
    field.focus();
    offer(field, { element: list, address: list.dataset.replies }, "", field.selectionEnd);
  });
}
