import type { Family } from '../kinds/kind.ts';

export type LimitProfile = 'documented' | 'none' | 'tight';
export const LIMIT_PROFILES: readonly LimitProfile[] = ['documented', 'none', 'tight'];

/** One call as the limits see it. */
export interface Charge {
  readonly tenantId: string;
  readonly appId: string;
  readonly family: Family;
  readonly bucket: string;
  readonly isWrite: boolean;
  /** Resource units; only the directory counts more than one. */
  readonly units: number;
}

/** One limit that a call is charged to. */
export interface Limit {
  readonly key: string;
  readonly amount: number;
  readonly windowMs: number;
  readonly units: number;
  /** Set for a rate with a burst instead of a window: tokens a second. */
  readonly perSecond?: number;
  /** Whether only writes are held back when it is reached. */
  readonly isForWrites: boolean;
}

/** The limits that a call is charged to (graph-facts.md section 1, and design.md section 10). */
export function limitsOf(profile: LimitProfile, charge: Charge): Limit[] {
  if (profile === 'none') return [];
  if (charge.family === 'directory') return directoryLimits(charge);
  if (profile === 'tight') return tightLimits(charge);
  if (charge.family === 'conditionalAccess') {
    // One a second for all apps together; 50 ms are allowed for the jitter of timers.
    return [window(`ca|${charge.tenantId}`, 1, 950)];
  }
  return intuneLimits(charge);
}

function intuneLimits(charge: Charge): Limit[] {
  const ofTenant = `${charge.tenantId}|${charge.bucket}`;
  const ofApp = `${ofTenant}|${charge.appId}`;
  const limits = [window(`${ofApp}|any`, 1000, 20_000), window(`${ofTenant}|any`, 2000, 20_000)];
  if (!charge.isWrite) return limits;
  return [
    ...limits,
    window(`${ofApp}|write`, 100, 20_000, true),
    window(`${ofTenant}|write`, 200, 20_000, true),
  ];
}

/** A middle-sized tenant: 5,000 resource units in 10 s; writes counted apart. */
function directoryLimits(charge: Charge): Limit[] {
  const ofApp = `directory|${charge.tenantId}|${charge.appId}`;
  if (charge.isWrite) return [window(`${ofApp}|write`, 3000, 150_000, true)];
  return [{ ...window(`${ofApp}|any`, 5000, 10_000), units: charge.units }];
}

/** The benchmark's: 20/s burst 50 for all of Intune, ADMX 5/s, Conditional Access 1/s. */
function tightLimits(charge: Charge): Limit[] {
  if (charge.family === 'conditionalAccess') return [rate(`ca|${charge.tenantId}`, 1, 1)];
  const all = rate(`intune|${charge.tenantId}`, 20, 50);
  return charge.bucket === 'groupPolicy' ? [rate(`admx|${charge.tenantId}`, 5, 5), all] : [all];
}

function window(key: string, amount: number, windowMs: number, isForWrites = false): Limit {
  return { key, amount, windowMs, units: 1, isForWrites };
}

function rate(key: string, perSecond: number, burst: number): Limit {
  return { key, amount: burst, windowMs: 1000, units: 1, perSecond, isForWrites: false };
}
