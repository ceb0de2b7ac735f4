// Opening the microphone, and saying plainly why it cannot be opened.

const WANTED = { audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true } };

export class MicrophoneError extends Error {
  // reason: "insecure" (page not on HTTPS), "blocked" (refused by the person or a policy), "missing" (no device)
  constructor(reason) {
    super(`microphone ${reason}`);
    this.reason = reason;
  }
}

export async function openMicrophone() {
  if (!navigator.mediaDevices) throw new MicrophoneError("insecure");
  try {
    return await navigator.mediaDevices.getUserMedia(WANTED);
  } catch (error) {
    throw new MicrophoneError(error.name === "NotAllowedError" ? "blocked" : "missing");
  }
}

export function closeMicrophone(stream) {
  stream?.getTracks().forEach((track) => track.stop());
}

// Calls `show` with a level from 0 to 1 about twelve times a second; returns the function that ends it.
export function watchLevel(context, stream, show) {
  const source = context.createMediaStreamSource(stream);
  const analyser = new AnalyserNode(context, { fftSize: 512 });
  const samples = new Float32Array(analyser.fftSize);
  source.connect(analyser);
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
    show(Math.min(1, Math.sqrt(power) * 4));
  }, 80);
  return () => {
    clearInterval(timer);
    source.disconnect();
  };
}
