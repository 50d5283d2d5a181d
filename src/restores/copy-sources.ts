import { authorise } from '../access/authorise.ts';
import type { Principal } from '../access/principal.ts';
import type { Actor } from '../audit/record-audit.ts';
import type { Db } from '../db/db.ts';
import { inTenant, type TenantTx } from '../db/tenant-tx.ts';
import { AppError } from '../kernel/errors.ts';
import type { RestoreId, TenantId } from '../kernel/ids.ts';
import { keepSources } from './copying/keep-sources.ts';
import { readSources } from './copying/read-sources.ts';
import { lockRestore, requireNoPreview } from './find-restore.ts';

/** Copied in one request; a client sends as many requests as it needs. */
export const COPIED_AT_ONCE_MAX = 50;

export interface Copying {
  /** Whose versions they are. */
  readonly fromTenantId: TenantId;
  readonly versionIds: readonly string[];
  /** The tenant and the restore that they are copied into. */
  readonly tenantId: TenantId;
  readonly restoreId: RestoreId;
}

export interface Copied {
  readonly copied: number;
  /** Were there already. */
  readonly present: number;
}

/**
 * Copies chosen versions of one tenant into a restore of another: the only way that content has
 * from tenant to tenant. Both rights are asked of the database, each in its own tenant; both audits
 * tell of it. Bodies and names go along, sealed values never do. The tenants take turns, since a
 * transaction belongs to one: whoever loses the right in between has been told what they could
 * read before.
 * @throws AppError forbidden, capability.missing, restore.preview_running, snapshot.damaged
 */
export async function copySources(
  db: Db,
  principal: Principal,
  actor: Actor,
  copying: Copying,
): Promise<Copied> {
  await inTenant(db, copying.tenantId, (tx) => requireTarget(tx, principal, copying));
  const sources = await inTenant(db, copying.fromTenantId, async (tx) => {
    await authorise(tx, principal, 'backups:export');
    return readSources(tx, actor, copying.versionIds, copying.tenantId);
  });
  return inTenant(db, copying.tenantId, async (tx) => {
    await requireTarget(tx, principal, copying);
    const copied = await keepSources(tx, actor, copying, sources);
    return { copied, present: sources.length - copied };
  });
}

async function requireTarget(
  tx: TenantTx,
  principal: Principal,
  { restoreId }: Copying,
): Promise<void> {
  await authorise(tx, principal, 'restores:plan');
  const restore = await lockRestore(tx, restoreId);
  if (restore.source_kind !== 'copies') throw new AppError('restore.no_copies');
  await requireNoPreview(tx, restore);
}
