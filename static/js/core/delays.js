/**
 * How long to wait before trying to connect again (DELIVERY D10): a random part of 3 s after the first loss, so that
 * clients who lost the same server do not return in one instant, then of 2, 4, 8 ... at most 30 s.
 */
export function reconnectDelay(failures, random = Math.random) {
  const seconds = failures === 0 ? 3 : Math.min(30, 2 ** failures);
  return random() * seconds * 1000;
}
