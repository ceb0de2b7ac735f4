// Ring tones made of sine waves, so there is nothing to load and nothing to license.

const PATTERNS = {
  call: { every: 2600, notes: [[0, 659, 0.35], [0.4, 784, 0.35], [0.8, 659, 0.35], [1.2, 784, 0.45]] },
  notice: { every: 0, notes: [[0, 880, 0.12], [0.16, 1175, 0.2]] },
};
let context = null;
let timer = 0;

export const soundIsOpen = () => context?.state === "running";

export async function openSound() {
  context ??= new AudioContext();
  await context.resume();
  return soundIsOpen();
}

export const setVolume = (percent) => localStorage.setItem("ring-volume", percent);
export const volumePercent = () => Number(localStorage.getItem("ring-volume") ?? 70);
const volume = () => volumePercent() / 100;

function note([delay, frequency, length]) {
  const start = context.currentTime + delay;
  const gain = new GainNode(context, { gain: 0 });
  gain.gain.linearRampToValueAtTime(0.5 * volume(), start + 0.02);
  gain.gain.exponentialRampToValueAtTime(0.001, start + length);
  const tone = new OscillatorNode(context, { frequency, type: "triangle" });
  tone.connect(gain).connect(context.destination);
  tone.start(start);
  tone.stop(start + length);
}

export function play(name) {
  if (!soundIsOpen()) return false;
  PATTERNS[name].notes.forEach(note);
  return true;
}

export function ring() {
  silence();
  play("call");
  timer = setInterval(() => play("call"), PATTERNS.call.every);
}

export const silence = () => clearInterval(timer);
