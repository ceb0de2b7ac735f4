// Counts a text message as the network does, while it is typed. The rule and its source: telephony/text_segments.py.

const GSM = { alone: 160, joined: 153 };
const UCS2 = { alone: 70, joined: 67 };

export function countSegments(text, basic, extended) {
  const letters = [...text];
  const isUnicode = letters.some((letter) => !basic.includes(letter) && !extended.includes(letter));
  const room = isUnicode ? UCS2 : GSM;
  const widths = letters.map((letter) => (isUnicode ? letter.length : extended.includes(letter) ? 2 : 1));
  const units = widths.reduce((sum, width) => sum + width, 0);
  if (units <= room.alone) return { count: 1, left: room.alone - units };
  let [count, left] = [1, room.joined];
  for (const width of widths) {
    if (width > left) [count, left] = [count + 1, room.joined];
    left -= width;
  }
  return { count, left };
}

export function startTextCounts() {
  document.addEventListener("input", ({ target }) => {
    const shown = target.name === "body" && target.form?.querySelector("[data-text-count]");
    if (!shown) return;
    const { basic, extended, says } = shown.dataset;
    const { count, left } = countSegments(target.value, basic, extended);
    shown.textContent = says.replace("{left}", left).replace("{count}", count);
  });
}
