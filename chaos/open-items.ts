import type { RestoreId } from '../src/kernel/ids.ts';
import type { RestoreVerbs } from '../tests/setup/restore-world.ts';
import { collectionOf, keyOf } from './tenant-view.ts';

/**
 * Objects of items that have no result yet: those that are to be changed and that nothing was sent
 * for, or those for which everything was done.
 */
export async function findOpenItems(
  verbs: RestoreVerbs,
  restoreId: RestoreId,
  which: 'unbegun' | 'written',
): Promise<readonly string[]> {
  const ledger = Map.groupBy(await verbs.ledger(restoreId), ({ version_id: id }) => id);
  const open = (await verbs.items(restoreId)).filter(({ result }) => result === null);
  return open.flatMap((item) => {
    const writes = ledger.get(item.version_id) ?? [];
    const isChange = item.action === 'update' || item.action === 'delete';
    const isUnbegun = isChange && writes.every(({ attempt }) => attempt === 0);
    const isDone = writes.length > 0 && writes.every(({ state }) => state === 'applied');
    if (which === 'unbegun' ? !isUnbegun : !isDone || item.action === 'delete') return [];
    const id = item.match_graph_id ?? writes.find(({ graph_id }) => graph_id !== null)?.graph_id;
    return id === null || id === undefined ? [] : [keyOf(collectionOf(item.type), id)];
  });
}
