import type { FaultRule } from '../tests/setup/simulator.ts';

/** Addresses of policies: not `$batch`, which only reads, nor the look-up of groups. */
const POLICIES = '^/beta/(deviceManagement|identity)/';
/** A collection itself: what is posted there makes an object. */
const CREATES = '^/beta/(deviceManagement|identity/conditionalAccess)/[A-Za-z]+$';

/**
 * What goes wrong at Graph while restores are carried out, all the time and by the simulator's
 * seed: answers that are lost though the write was done, and though it was not; refusals; slowness;
 * objects that show up late. `lateMs`: for how long at most; well within the time that the product
 * waits.
 */
export function standingFaults(lateMs: number): readonly FaultRule[] {
  const write = (method: string, chance: number, fault: FaultRule['fault']): FaultRule => ({
    match: { method, path: POLICIES },
    times: 'always',
    chance,
    fault,
  });
  const late = (chance: number, getMs: number, listMs: number): FaultRule => ({
    match: { method: 'POST', path: CREATES },
    times: 'always',
    chance,
    fault: { kind: 'visibleAfter', getMs, listMs },
  });
  const lost = (method: string): readonly FaultRule[] => [
    write(method, 0.05, { kind: 'executedThenStatus', status: 504 }),
    write(method, 0.05, { kind: 'executedThenReset' }),
    write(method, 0.04, { kind: 'resetMidBody' }),
    write(method, 0.05, { kind: 'reset' }),
    write(method, 0.03, { kind: 'status', status: 503 }),
    write(method, 0.02, { kind: 'status', status: 429, retryAfter: 0.05 }),
    write(method, 0.2, { kind: 'delay', ms: Math.round(lateMs / 10) }),
  ];
  return [
    late(0.25, Math.round(lateMs / 2), lateMs),
    late(0.1, 0, lateMs),
    late(0.1, lateMs, 0),
    ...['POST', 'PUT', 'PATCH', 'DELETE'].flatMap(lost),
    write('GET', 0.004, { kind: 'status', status: 503 }),
    write('GET', 0.004, { kind: 'reset' }),
  ];
}
