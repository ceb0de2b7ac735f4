// The format buttons above a Markdown text: they put marks around the selection or before its lines.

function wrap(field, before, after) {
  const { selectionStart: start, selectionEnd: end, value } = field;
  replace(field, start, end, before + value.slice(start, end) + after);
  field.setSelectionRange(start + before.length, end + before.length);
}

function prefix(field, mark) {
  const start = field.value.lastIndexOf("\n", field.selectionStart - 1) + 1;
  const lines = field.value.slice(start, field.selectionEnd).split("\n");
  replace(field, start, field.selectionEnd, lines.map((line) => mark + line).join("\n"));
}

function replace(field, start, end, text) {
  field.setRangeText(text, start, end, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
}

function press({ target }) {
  const button = target.closest("[data-markdown]");
  const tools = button?.closest("[data-markdown-tools]");
  const field = tools && document.getElementById(tools.dataset.markdownTools);
  if (!field) return;
  const { markdown, before, after = "" } = button.dataset;
  if (markdown === "wrap") wrap(field, before, after);
  else prefix(field, before);
}

// A module runs once per tab, the editor is swapped in again and again: hence the document listens.
document.addEventListener("click", press);
