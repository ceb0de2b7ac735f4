// The two tones of a telephone key, as ITU-T Q.23 pairs them.

const ROWS = [697, 770, 852, 941];
const COLUMNS = [1209, 1336, 1477];
const KEYS = ["123", "456", "789", "*0#"];
const SOUNDS_FOR_S = 0.12;
const PAUSE_S = 0.06;
const LOUDNESS = 0.08;

export function playKeys(audio, keys, into = audio.destination) {
  [...keys].forEach((key, index) => playKey(audio, key, audio.currentTime + index * (SOUNDS_FOR_S + PAUSE_S), into));
}

function playKey(audio, key, at, into) {
  const row = KEYS.findIndex((line) => line.includes(key));
  if (row < 0) return;
  const loudness = new GainNode(audio, { gain: LOUDNESS });
  loudness.connect(into);
  for (const frequency of [ROWS[row], COLUMNS[KEYS[row].indexOf(key)]]) {
    const tone = new OscillatorNode(audio, { frequency });
    tone.connect(loudness);
    tone.start(at);
    tone.stop(at + SOUNDS_FOR_S);
  }
}
