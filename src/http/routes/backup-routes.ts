import { z } from 'zod';
import { type Backup, backupItemSchema, backupSchema } from '../../api/backups.ts';
import { backupItemsList } from '../../backups/list-backup-items.ts';
import { type BackupRow, backupsList, findBackup } from '../../backups/list-backups.ts';
import { AppError } from '../../kernel/errors.ts';
import { backupIdSchema, type TenantId } from '../../kernel/ids.ts';
import { backupLinks, versionLinks } from '../links.ts';
import { tenantListRoute } from '../list-route.ts';
import { instantOf } from '../present-run.ts';
import { type GuardedRoute, NOTHING, tenantRoute } from '../route.ts';

const backups = '/api/tenants/{tenant}/backups';
const oneBackup = z.object({ backup: backupIdSchema });

/** Backups and what they hold. */
export function backupRoutes(): GuardedRoute[] {
  return [listBackups, readBackup, listBackupItems];
}

const listBackups = tenantListRoute({
  path: backups,
  summary: 'Backups, newest first',
  capability: 'backups:read',
  params: NOTHING,
  filters: z.object({}),
  item: backupSchema,
  list: backupsList,
  filterOf: () => ({}),
  present: presentBackup,
});

const readBackup = tenantRoute({
  method: 'get',
  path: `${backups}/{backup}`,
  summary: 'One backup',
  capability: 'backups:read',
  params: oneBackup,
  query: NOTHING,
  body: NOTHING,
  answer: backupSchema,
  statuses: [200],
  async handle({ tx, params }) {
    const row = await findBackup(tx, params.backup);
    if (row === undefined) throw new AppError('forbidden');
    return { status: 200, body: presentBackup(row, tx.tenantId) };
  },
});

const listBackupItems = tenantListRoute({
  path: `${backups}/{backup}/items`,
  summary: 'The versions in a backup',
  capability: 'backups:read',
  params: oneBackup,
  filters: z.object({ new: z.enum(['true', 'false']).optional() }),
  item: backupItemSchema,
  list: backupItemsList,
  filterOf: ({ params, query }) => ({
    backupId: params.backup,
    isNew: query.new === undefined ? undefined : query.new === 'true',
  }),
  present: (row, tenantId) => ({
    policyId: row.policy_id,
    type: row.type,
    name: row.name,
    versionId: row.version_id,
    versionNumber: row.number,
    contentHash: row.content_hash.toString('hex'),
    isNew: row.is_new,
    metadataOnly: row.metadata_only,
    secretValuesMissing: row.secret_values_missing,
    links: { version: versionLinks(tenantId, row.policy_id, row.number).self },
  }),
});

function presentBackup(row: BackupRow, tenantId: TenantId): Backup {
  return {
    id: row.id,
    name: row.name,
    state: row.state,
    selection: row.selection,
    runId: row.run_id,
    madeBy: row.made_by,
    createdAt: row.created_at.toISOString(),
    completedAt: instantOf(row.completed_at),
    links: backupLinks(tenantId, row.id),
  };
}
