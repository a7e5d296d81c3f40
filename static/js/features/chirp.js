const NOTES = [
  { at: 0, from: 2_300, to: 3_100 },
  { at: 0.09, from: 2_700, to: 3_500 },
];
const LENGTH = 0.07;
const LOUDNESS = 0.06;

/** Two short notes of a small bird. Before somebody has touched the page a browser lets nothing be heard. */
export async function chirp() {
  const context = new AudioContext();
  if (context.state === "running") for (const note of NOTES) sing(context, note);
  setTimeout(() => context.close(), 1_000);
}

function sing(context, { at, from, to }) {
  const begin = context.currentTime + at;
  const voice = new OscillatorNode(context, { frequency: from });
  const gain = new GainNode(context, { gain: 0 });
  voice.frequency.exponentialRampToValueAtTime(to, begin + LENGTH);
  gain.gain.setValueAtTime(0, begin);
  gain.gain.linearRampToValueAtTime(LOUDNESS, begin + LENGTH / 4);
  gain.gain.linearRampToValueAtTime(0, begin + LENGTH);
  voice.connect(gain).connect(context.destination);
  voice.start(begin);
  voice.stop(begin + LENGTH);
}
