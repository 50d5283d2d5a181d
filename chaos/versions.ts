import type { BackupId } from '../src/kernel/ids.ts';
import type { RestoreVerbs } from '../tests/setup/restore-world.ts';
import { isReplaceable } from './by-hand.ts';
import { collectionOf, type Held, keyOf, type TenantView } from './tenant-view.ts';

/**
 * The objects of a backup by the version that keeps each; hidden values could not be put back by
 * hand.
 */
export async function readVersions(
  verbs: RestoreVerbs,
  baseline: TenantView,
  backupId: BackupId,
): Promise<ReadonlyMap<string, Held>> {
  const rows = await verbs.inTenant((tx) =>
    tx.db
      .selectFrom('backup_items as i')
      .innerJoin('policies as p', 'p.id', 'i.policy_id')
      .select(['i.version_id', 'p.type', 'p.graph_id'])
      .where('i.backup_id', '=', backupId)
      .orderBy('p.type')
      .orderBy('p.graph_id')
      .execute(),
  );
  const versions = new Map<string, Held>();
  for (const { version_id, type, graph_id } of rows) {
    const held = baseline.get(keyOf(collectionOf(type), graph_id));
    if (held !== undefined && isReplaceable(held)) versions.set(version_id, held);
  }
  return versions;
}
