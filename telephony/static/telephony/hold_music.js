// Hold music made on the spot: a slow run over two chords, soft enough to talk over, free of anybody's licence.

const CHORDS = [
  [261.63, 329.63, 392.0, 493.88],
  [220.0, 261.63, 329.63, 392.0],
];
const NOTE_S = 0.5;
const BARS = 2;
const SAMPLE_RATE = 16_000; // a telephone carries no more

let rendered = null; // once for the page, whoever wants it

export async function holdMusic(context) {
  rendered ??= render();
  const source = context.createBufferSource();
  source.buffer = await rendered;
  source.loop = true;
  source.start();
  return source;
}

function render() {
  const notes = CHORDS.flatMap((chord) => Array.from({ length: BARS }, () => [...chord, ...chord.toReversed()]).flat());
  const length = notes.length * NOTE_S;
  const studio = new OfflineAudioContext(1, Math.ceil(length * SAMPLE_RATE), SAMPLE_RATE);
  notes.forEach((frequency, index) => playNote(studio, frequency, index * NOTE_S));
  return studio.startRendering();
}

function playNote(studio, frequency, at) {
  const tone = new OscillatorNode(studio, { type: "triangle", frequency });
  const loudness = new GainNode(studio, { gain: 0 });
  loudness.gain.setValueAtTime(0, at);
  loudness.gain.linearRampToValueAtTime(0.16, at + 0.05);
  loudness.gain.exponentialRampToValueAtTime(0.001, at + NOTE_S * 1.9);
  tone.connect(loudness).connect(studio.destination);
  tone.start(at);
  tone.stop(at + NOTE_S * 2);
}
