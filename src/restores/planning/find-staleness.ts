import type { TenantTx } from '../../db/tenant-tx.ts';
import { CONTRACTS_VERSION } from '../../graph/writing/plan-steps.ts';
import type { ErrorCode } from '../../kernel/errors.ts';
import type { Restore } from '../find-restore.ts';
import { findConnection, hasExpired, hasSameWriter } from './fingerprint.ts';

/**
 * Why a preview does not hold any more, in words for a page; none when it does. Looks at the
 * restore alone, whatever its size: whether its items are what they were is asked by `isPlanFresh`.
 */
export async function findStaleness(tx: TenantTx, restore: Restore): Promise<readonly ErrorCode[]> {
  if (restore.planned_at === null) return ['restore.not_previewed'];
  const connection = await findConnection(tx);
  const isSameConnection =
    connection?.id === restore.connection_id &&
    connection?.version === restore.connection_version &&
    (await hasSameWriter(tx, restore));
  const reasons: [boolean, ErrorCode][] = [
    [restore.revision !== restore.planned_revision, 'restore.edited'],
    [isSourceGone(restore), 'restore.source_missing'],
    [!isSameConnection, 'restore.connection_changed'],
    [restore.contracts_version !== CONTRACTS_VERSION, 'restore.contracts_changed'],
    [await hasExpired(tx, restore), 'restore.preview_expired'],
  ];
  return reasons.filter(([isSo]) => isSo).map(([, code]) => code);
}

function isSourceGone(restore: Restore): boolean {
  return restore.source_kind === 'backup' && restore.backup_id === null;
}
