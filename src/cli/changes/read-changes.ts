import { type Change, changesPageSchema } from '../../api/changes.ts';
import type { BackupId, TenantId } from '../../kernel/ids.ts';
import type { ApiClient } from '../client/api-client.ts';

/** What one backup says that another did not. */
export interface Changes {
  /** Null: there was none before it, and everything is new. */
  readonly since: BackupId | null;
  /** Everything but what is unchanged, in the order of the policies' ids. */
  readonly found: readonly Change[];
  readonly unchanged: number;
  /** Names of the groups that assignments point to, by id in small letters. */
  readonly groupNames: ReadonlyMap<string, string>;
}

/** Bodies are compared for each page, so that a page takes its time. */
const PAGE = 50;

/** Compares two backups to the end; by default with the previous one of the same selection. */
export async function readChanges(
  api: ApiClient,
  tenantId: TenantId,
  pair: { readonly backup: BackupId; readonly since?: BackupId | undefined },
): Promise<Changes> {
  const path = `/api/tenants/${tenantId}/backups/${pair.backup}/changes`;
  const found: Change[] = [];
  const groupNames = new Map<string, string>();
  let unchanged = 0;
  let since = pair.since ?? null;
  let cursor: string | undefined;
  do {
    const query = { limit: PAGE, since: since ?? undefined, cursor };
    const page = await api.get(path, changesPageSchema, query);
    const changes = page.items.filter(({ kind }) => kind !== 'unchanged');
    found.push(...changes);
    unchanged += page.items.length - changes.length;
    for (const [id, name] of Object.entries(page.groupNames)) groupNames.set(id, name);
    since = page.since;
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return { since, found, unchanged, groupNames };
}
