import type { Selectable } from 'kysely';
import type { ComparisonsTable } from '../db/tables/comparisons.ts';
import type { TenantTx } from '../db/tenant-tx.ts';
import { AppError } from '../kernel/errors.ts';
import type { ComparisonId } from '../kernel/ids.ts';

export type Comparison = Selectable<ComparisonsTable>;

/** @throws AppError forbidden: another tenant's comparison and none at all are answered alike */
export async function requireComparison(tx: TenantTx, id: ComparisonId): Promise<Comparison> {
  const row = await selectComparison(tx, id).executeTakeFirst();
  if (row === undefined) throw new AppError('forbidden');
  return row;
}

/** The same under its row lock: what is copied and the run that begins wait for each other. */
export async function lockComparison(tx: TenantTx, id: ComparisonId): Promise<Comparison> {
  const row = await selectComparison(tx, id).forNoKeyUpdate().executeTakeFirst();
  if (row === undefined) throw new AppError('forbidden');
  return row;
}

function selectComparison(tx: TenantTx, id: ComparisonId) {
  return tx.db
    .selectFrom('comparisons')
    .selectAll()
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', id);
}
