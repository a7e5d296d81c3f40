const PATIENCE = 10_000;

/**
 * Runs `work` while no other tab of this browser runs its own under `name`. After 10 s it goes ahead all the same: a tab
 * that was put to sleep with the lock in hand must not hold up the others, and a nonce makes a second send harmless.
 */
export async function alone(name, work) {
  if (!navigator.locks) return work();
  const held = {};
  try {
    return await navigator.locks.request(name, { signal: AbortSignal.timeout(PATIENCE) }, () => {
      held.ours = true;
      return work();
    });
  } catch (problem) {
    if (held.ours || !["TimeoutError", "AbortError"].includes(problem.name)) throw problem;
    return work();
  }
}
