import type { CorpusReport } from './corpus/corpus-report.ts';
import { createFaultStore, type FaultStore } from './faults/fault-store.ts';
import { type CallLog, createCallLog } from './log/call-log.ts';
import type { AuthMode } from './sign-in/identify-caller.ts';
import { type AppUse, GRANTED_AT_FIRST, type Tenant } from './state/tenant.ts';
import type { World } from './state/world.ts';
import type { LimitProfile } from './throttle/limits.ts';
import { createThrottle, type Throttle } from './throttle/throttle.ts';

/** Everything that one running simulator remembers. */
export interface Simulator {
  readonly world: World;
  readonly auth: AuthMode;
  readonly latencyMs: number;
  readonly throttle: Throttle;
  readonly faults: FaultStore;
  readonly log: CallLog;
  readonly corpus: CorpusReport;
}

interface SimulatorInput {
  readonly world: World;
  readonly auth: AuthMode;
  readonly latencyMs: number;
  readonly limits: LimitProfile;
  readonly corpus: CorpusReport;
}

/** A simulator that nobody has called yet. */
export function createSimulator(input: SimulatorInput): Simulator {
  return {
    world: input.world,
    auth: input.auth,
    latencyMs: input.latencyMs,
    throttle: createThrottle(input.limits, input.latencyMs),
    faults: createFaultStore(input.world.seed),
    log: createCallLog(),
    corpus: input.corpus,
  };
}

/** What a tenant grants an application now: everything, unless a fault says otherwise. */
export function rolesOf(simulator: Simulator, tenant: Tenant, use: AppUse): readonly string[] {
  return simulator.faults.rolesOf(tenant, use) ?? GRANTED_AT_FIRST;
}
