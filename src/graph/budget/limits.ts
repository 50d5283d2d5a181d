import { SECOND } from '../../kernel/durations.ts';
import type { Bucket } from '../contracts/define-contract.ts';

/** `any` counts every request, `write` only those that change something. */
export type LimitedAccess = 'any' | 'write';

/** What Microsoft allows one application in one tenant, for these buckets together. */
export type GraphLimit = { readonly buckets: readonly Bucket[]; readonly access: LimitedAccess } & (
  | { readonly kind: 'window'; readonly requests: number; readonly windowMs: number }
  | { readonly kind: 'rate'; readonly perSecond: number; readonly burst: number }
);

export type GraphLimits = readonly GraphLimit[];

const INTUNE_BUCKETS: readonly Bucket[] = [
  'deviceConfiguration',
  'deviceConfigurationV2',
  'roleBasedAccess',
];

/** 1 request a second per tenant, for all applications together (graph-facts 1, limits). */
const CONDITIONAL_ACCESS: GraphLimit = {
  buckets: ['conditionalAccess'],
  access: 'any',
  kind: 'rate',
  perSecond: 1,
  burst: 1,
};

/**
 * graph-facts 1: each Intune workload 1,000 requests and 100 writes in 20 s per app and tenant;
 * the directory 3,500 units in 10 s for the smallest tenants. All Graph's 130,000 in 10 s per app
 * is out of one process's reach.
 */
export const DOCUMENTED_LIMITS: GraphLimits = [
  ...INTUNE_BUCKETS.flatMap((bucket) => [
    intuneWindow(bucket, 'any', 1_000),
    intuneWindow(bucket, 'write', 100),
  ]),
  CONDITIONAL_ACCESS,
  {
    buckets: ['directory'],
    access: 'any',
    kind: 'window',
    requests: 3_500,
    windowMs: 10 * SECOND,
  },
];

/** The benchmark's tight limits (design section 10): 20 requests a second, bursts of 50. */
export const TIGHT_LIMITS: GraphLimits = [
  { buckets: INTUNE_BUCKETS, access: 'any', kind: 'rate', perSecond: 20, burst: 50 },
  CONDITIONAL_ACCESS,
];

/** What a simulator may be started with, by the names of its flag `--limits`. */
export const LIMITS_BY_NAME = {
  documented: DOCUMENTED_LIMITS,
  tight: TIGHT_LIMITS,
  none: [],
} as const satisfies Record<string, GraphLimits>;
export type LimitsName = keyof typeof LIMITS_BY_NAME;

function intuneWindow(bucket: Bucket, access: LimitedAccess, requests: number): GraphLimit {
  return { buckets: [bucket], access, kind: 'window', requests, windowMs: 20 * SECOND };
}
