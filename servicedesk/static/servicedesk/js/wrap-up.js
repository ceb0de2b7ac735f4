// Wrap-up by keyboard: digits pick the outcome as long as nothing is being typed.

const form = () => document.getElementById("wrap-up-form");
const isTyping = (element) => element?.matches?.("textarea, input:not([type=radio]):not([type=checkbox]), select, [contenteditable]");
const QUIET = 300;
let lastTyped = 0;

function pick(event) {
  if (!form()?.checkVisibility() || event.ctrlKey || event.altKey || event.metaKey || event.isComposing || isTyping(event.target)) return;
  const digit = /^(?:Digit|Numpad)([1-9])$/.exec(event.code)?.[1];
  const choice = digit && form().querySelector(`input[data-digit="${digit}"]`);
  if (!choice) return writeOn(event);
  choice.checked = true;
  choice.focus();
  event.preventDefault();
}

// Whoever was in the middle of a word goes on in the note.
function writeOn({ target, key }) {
  if (form().contains(target) && key.length === 1 && key !== " ") document.getElementById("note-text")?.focus();
}

// When the call ends, focus moves to the outcomes, as soon as the hands rest.
export function focusOutcomes() {
  const wait = QUIET - (performance.now() - lastTyped);
  if (isTyping(document.activeElement) && wait > 0) return setTimeout(focusOutcomes, wait);
  const first = form()?.querySelector("input[name=outcome]:checked, input[name=outcome]");
  first?.focus();
}

export function startWrapUp() {
  document.addEventListener("keydown", pick);
  document.addEventListener("input", ({ target }) => isTyping(target) && (lastTyped = performance.now()));
}
