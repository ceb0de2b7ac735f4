// The loudness of a sound: measured once by whoever listens first, drawn for everybody after.

export const STEPS = 300;
const MEASURE_RATE = 8000; // Hz: enough for loudness, and an hour fits into memory
const LOUDEST = 100;

/** @typedef {number[][]} Peaks loudness from 0 to 100, one list for each channel */

/**
 * @param {Blob} sound
 * @returns {Promise<{peaks: Peaks, seconds: number}>}
 */
export async function measure(sound) {
  const context = new OfflineAudioContext(1, 1, MEASURE_RATE);
  const decoded = await context.decodeAudioData(await sound.arrayBuffer());
  const channels = Array.from({ length: Math.min(2, decoded.numberOfChannels) }, (_, n) => decoded.getChannelData(n));
  return { peaks: scaled(channels.map(loudest)), seconds: decoded.duration };
}

/** @param {Float32Array} samples @returns {number[]} */
function loudest(samples) {
  return Array.from({ length: STEPS }, (_, step) => {
    const end = Math.floor(((step + 1) * samples.length) / STEPS);
    let peak = 0;
    for (let at = Math.floor((step * samples.length) / STEPS); at < end; at += 1) peak = Math.max(peak, Math.abs(samples[at]));
    return peak;
  });
}

// The louder party fills the height; square roots keep quiet words visible.
/** @param {number[][]} channels @returns {Peaks} */
function scaled(channels) {
  const most = Math.max(0.05, ...channels.flat());
  return channels.map((peaks) => peaks.map((peak) => Math.round(Math.sqrt(peak / most) * LOUDEST)));
}

/**
 * Bars of the first channel (the agent) above the middle and of the second below it; one channel goes both ways.
 * @param {Peaks} peaks
 * @returns {[string, string]} paths for a box of 300 by 100
 */
export function paths(peaks) {
  const [upper, lower] = peaks.length > 1 ? peaks : [peaks[0], peaks[0]];
  const bars = (list, sign) => list.map((peak, n) => `M${place(n, list)} 50v${sign * Math.max(1, peak * 0.48)}`).join("");
  return [bars(upper, -1), bars(lower, 1)];
}

/** @param {number} n @param {number[]} list */
const place = (n, list) => Math.round(((n + 0.5) * STEPS * 100) / list.length) / 100;
