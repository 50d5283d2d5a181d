import { compareWithSent } from '../../graph/writing/show-step.ts';
import type { JsonObject } from '../../kernel/canonical-json.ts';
import type { SliceTx } from '../../runs/run-type.ts';
import { loadItem } from './item-to-write.ts';
import type { ItemKey } from './ledger.ts';

/**
 * Whether an object is as the restore that made it has sent it, as far as it came: for one that was
 * made and, as the restore was stopped, never read back.
 */
export async function isAsSent(tx: SliceTx, key: ItemKey, live: JsonObject): Promise<boolean> {
  const { type, steps } = await loadItem(tx, key);
  if (steps === null) return false;
  const written = await tx.db
    .selectFrom('restore_writes')
    .select('step')
    .where('tenant_id', '=', tx.tenantId)
    .where('restore_id', '=', key.restoreId)
    .where('version_id', '=', key.versionId)
    .where('state', 'in', ['applied', 'verified'])
    .execute();
  const sent = written.flatMap(({ step }) => steps[step] ?? []);
  return sent.length > 0 && compareWithSent(type, sent, live).length === 0;
}
