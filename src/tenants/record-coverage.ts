import { sql } from 'kysely';
import type { CoverageState } from '../db/tables/coverage.ts';
import type { TenantTx } from '../db/tenant-tx.ts';
import type { PolicyType } from '../graph/contracts/list.ts';
import { AppError, type ErrorCode } from '../kernel/errors.ts';
import { failed, type ItemEnding, skipped } from '../runs/run-type.ts';

/** Writes down what the connection can see of a type, as just found out. */
export async function recordCoverage(
  tx: TenantTx,
  type: PolicyType,
  state: CoverageState,
  code: ErrorCode | null = null,
): Promise<void> {
  await tx.db
    .insertInto('coverage')
    .values({ tenant_id: tx.tenantId, policy_type: type, state, code })
    .onConflict((conflict) =>
      conflict
        .columns(['tenant_id', 'policy_type'])
        .doUpdateSet({ state, code, checked_at: sql`clock_timestamp()` }),
    )
    .execute();
}

/** A failure that says something lasting about a type, and how its item ends. */
export interface CoverageFinding {
  readonly state: Exclude<CoverageState, 'covered'>;
  readonly code: ErrorCode;
  readonly ending: ItemEnding;
}

/** Codes by which Graph answered, if not as wished: whoever reads them has signed in. */
const STATES = {
  'graph.permission_missing': 'not_permitted',
  'graph.not_licensed': 'not_licensed',
  'graph.refused': 'refused',
} as const satisfies Partial<Record<ErrorCode, CoverageState>>;

/** What a failed look at a type tells; undefined when it tells nothing and may pass. */
export function findCoverage(error: unknown): CoverageFinding | undefined {
  if (!(error instanceof AppError) || !isAnswer(error.code)) return undefined;
  const state = STATES[error.code];
  // A tenant without a licence is as it should be; every other gap needs somebody.
  const ending = state === 'not_licensed' ? skipped : failed;
  return { state, code: error.code, ending: ending(error.code, error.details) };
}

function isAnswer(code: ErrorCode): code is keyof typeof STATES {
  return Object.hasOwn(STATES, code);
}
