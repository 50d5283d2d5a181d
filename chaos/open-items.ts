import type { RestoreId } from '../src/kernel/ids.ts';
import type { RestoreVerbs } from '../tests/setup/restore-world.ts';
import { collectionOf, keyOf } from './tenant-view.ts';

/**
 * Objects of items that have no result yet: those that are to be changed and that nothing was sent
 * for, or those that were written as a whole (of others only what was sent is looked at again).
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
    const isWhole = writes.some(({ name }) => name === 'create' || name === 'replace');
    const isDone = isWhole && writes.every(({ state }) => state === 'applied');
    if (which === 'unbegun' ? !isUnbegun : !isDone) return [];
    // what a create is like is another object, and perhaps another item's
    const matched = item.action === 'create' ? null : item.match_graph_id;
    const id = matched ?? writes.find(({ graph_id }) => graph_id !== null)?.graph_id;
    return id === null || id === undefined ? [] : [keyOf(collectionOf(item.type), id)];
  });
}
