// Wrap-up by keyboard: digits pick the outcome as long as nothing is being typed.

const form = () => document.getElementById("wrap-up-form");
const isTyping = (element) => element?.matches?.("textarea, input:not([type=radio]):not([type=checkbox]), select, [contenteditable]");
const QUIET = 1_200;
let lastTyped = 0;

function pick(event) {
  if (!form() || event.ctrlKey || event.altKey || event.metaKey || event.isComposing || isTyping(event.target)) return;
  const digit = /^(?:Digit|Numpad)([1-9])$/.exec(event.code)?.[1];
  const choice = digit && form().querySelector(`input[data-digit="${digit}"]`);
  if (!choice) return;
  choice.checked = true;
  choice.focus();
  event.preventDefault();
}

// The call may end in the middle of a word: focus moves to the outcomes once the hands rest.
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
