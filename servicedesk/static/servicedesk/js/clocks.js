// Draws every clock from the moment the server wrote: up (since), down (until), span (left or over, in words).

import { serverNow } from "./server-time.js";

const two = (figure) => String(figure).padStart(2, "0");

function reading(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return h ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

function words(seconds) {
  const minutes = Math.floor(Math.abs(seconds) / 60);
  const { minutes: short, hours: middle, days: long } = document.documentElement.dataset;
  if (minutes < 60) return short.replace("{m}", minutes);
  if (minutes < 1440) return middle.replace("{h}", Math.floor(minutes / 60)).replace("{m}", two(minutes % 60));
  return long.replace("{d}", Math.floor(minutes / 1440)).replace("{h}", Math.floor(minutes / 60) % 24);
}

const draw = {
  up: (seconds) => reading(-seconds),
  down: (seconds) => reading(Math.ceil(seconds)),
  span: words,
};

function drawAll() {
  const now = serverNow();
  for (const clock of document.querySelectorAll("[data-clock]")) {
    const seconds = (Date.parse(clock.getAttribute("datetime")) - now) / 1000;
    const text = draw[clock.dataset.clock](seconds);
    if (clock.textContent !== text) clock.textContent = text;
  }
  for (const bar of document.querySelectorAll("[data-countdown]")) drawBar(bar, now);
}

// An SVG rect whose width is the share of a time that is left: from data-from to data-countdown.
function drawBar(bar, now) {
  const [from, until] = [Date.parse(bar.dataset.from), Date.parse(bar.dataset.countdown)];
  const left = Math.min(1, Math.max(0, (until - now) / (until - from)));
  bar.setAttribute("width", (100 * left).toFixed(1));
}

export function startClocks() {
  drawAll();
  setInterval(drawAll, 250);
  document.addEventListener("htmx:after:swap", drawAll);
}
