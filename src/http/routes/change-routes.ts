import { z } from 'zod';
import { type Change, changesPageSchema, DIFFERENCES_MAX } from '../../api/changes.ts';
import { pageQuerySchema } from '../../api/page.ts';
import {
  type BackupPair,
  backupPairList,
  compareBackups,
  type PolicyChange,
} from '../../backups/compare-backups.ts';
import { findPreviousBackup } from '../../backups/find-previous-backup.ts';
import { readGroupNames } from '../../backups/read-group-names.ts';
import { backupIdSchema, type PolicyId, type TenantId } from '../../kernel/ids.ts';
import { writeCursor } from '../cursor.ts';
import { versionLinks } from '../links.ts';
import { readPosition } from '../list-route.ts';
import { type GuardedRoute, NOTHING, tenantRoute } from '../route.ts';
import { titleOfPolicyType } from '../title-of-policy-type.ts';

/** What became of each policy between two backups. */
export function changeRoutes(): GuardedRoute[] {
  return [listChanges];
}

const listChanges = tenantRoute({
  method: 'get',
  path: '/api/tenants/{tenant}/backups/{backup}/changes',
  summary: 'What changed since another backup, by default the previous one of the same selection',
  capability: 'backups:read',
  params: z.object({ backup: backupIdSchema }),
  query: pageQuerySchema.extend({ since: backupIdSchema.optional() }),
  body: NOTHING,
  answer: changesPageSchema,
  statuses: [200],
  async handle({ tx, params, query }) {
    const before = query.since ?? (await findPreviousBackup(tx, params.backup)) ?? null;
    const pair: BackupPair = { before, after: params.backup };
    const listName = backupPairList.name(pair);
    const position = readPosition(backupPairList, listName, tx.tenantId, query);
    const { rows, next } = await compareBackups(tx, pair, position);
    const names = await readGroupNames(
      tx,
      rows.flatMap((row) => row.groupIds),
    );
    return {
      status: 200,
      body: {
        items: rows.map((row) => presentChange(row, tx.tenantId)),
        nextCursor: next && writeCursor(listName, tx.tenantId, next),
        since: before,
        groupNames: Object.fromEntries(names),
      },
    };
  },
});

function presentChange(change: PolicyChange, tenantId: TenantId): Change {
  const { policyId, type, name, kind, before, after, differences } = change;
  return {
    policyId,
    type,
    typeTitle: titleOfPolicyType(type),
    name,
    kind,
    before,
    after,
    differences: differences.slice(0, DIFFERENCES_MAX),
    differenceCount: differences.length,
    links: {
      before: linkToVersion(tenantId, policyId, before),
      after: linkToVersion(tenantId, policyId, after),
    },
  };
}

function linkToVersion(tenantId: TenantId, policyId: PolicyId, number: number | null) {
  return number === null ? null : versionLinks(tenantId, policyId, number).self;
}
