import type { SliceTx } from '../runs/run-type.ts';
import { PAGE_ITEMS } from './settings.ts';
import type { PendingItem } from './work-one-item.ts';

/** The next pending items, those that find more first, without the ones that are `busy`. */
export async function fetchPending(tx: SliceTx, busy: readonly number[]): Promise<PendingItem[]> {
  const discovering = await fetchPage(tx, busy, true);
  if (discovering.length === PAGE_ITEMS) return discovering;
  const known = [...busy, ...discovering.map((item) => item.seq)];
  const others = await fetchPage(tx, known, false);
  return [...discovering, ...others].slice(0, PAGE_ITEMS);
}

/** Two queries, each on its own partial index, rather than one that sorts all that is pending. */
function fetchPage(
  tx: SliceTx,
  busy: readonly number[],
  onlyDiscovering: boolean,
): Promise<PendingItem[]> {
  return tx.db
    .selectFrom('run_items')
    .select(['seq', 'subject_kind as kind', 'subject_id as id', 'label', 'attempts', 'crashes'])
    .where('tenant_id', '=', tx.tenantId)
    .where('run_id', '=', tx.runId)
    .where('outcome', '=', 'pending')
    .$if(onlyDiscovering, (query) => query.where('discovers', '=', true))
    .$if(busy.length > 0, (query) => query.where('seq', 'not in', [...busy]))
    .orderBy('seq')
    .limit(PAGE_ITEMS)
    .execute();
}
