import { type BackupItem, backupItemSchema } from '../../api/backups.ts';
import {
  type RestoreDetail,
  restoreCopiesSchema,
  restoreDetailSchema,
} from '../../api/restores.ts';
import type { Tenant } from '../../api/tenants.ts';
import type { ApiClient } from '../client/api-client.ts';
import { UsageError } from '../command.ts';

/** What is to be brought from where to where. */
export interface RestoreWish {
  readonly from: Pick<Tenant, 'id' | 'name'>;
  readonly to: Pick<Tenant, 'id' | 'name'>;
  readonly backupId: string;
  readonly types: readonly string[] | undefined;
  readonly nameContains: string | undefined;
  readonly options: object;
  readonly mapping: Readonly<Record<string, string | null>>;
}

/** Makes the draft: of a backup of the tenant itself, or of versions copied from another one. */
export async function makeRestore(api: ApiClient, wish: RestoreWish): Promise<RestoreDetail> {
  const { from, to, backupId, types, nameContains, options, mapping } = wish;
  const path = `/api/tenants/${to.id}/restores`;
  if (from.id === to.id) {
    const selection = {
      ...(types === undefined ? {} : { types }),
      ...(nameContains === undefined ? {} : { nameContains }),
    };
    const source = { kind: 'backup', backupId };
    return api.post(path, { source, selection, options, mapping }, restoreDetailSchema);
  }
  const chosen = await chooseItems(api, wish);
  const body = { name: `From ${from.name}`, source: { kind: 'copies' }, options, mapping };
  const restore = await api.post(path, body, restoreDetailSchema);
  for (let at = 0; at < chosen.length; at += PORTION) {
    const versionIds = chosen.slice(at, at + PORTION).map((item) => item.versionId);
    const copies = { fromTenantId: from.id, versionIds };
    await api.post(`${restore.links.self}/copies`, copies, restoreCopiesSchema);
  }
  return restore;
}

/** As many versions as one request copies. */
const PORTION = 50;

async function chooseItems(api: ApiClient, wish: RestoreWish): Promise<BackupItem[]> {
  const path = `/api/tenants/${wish.from.id}/backups/${wish.backupId}/items`;
  const items = await Array.fromAsync(api.list(path, backupItemSchema));
  const part = wish.nameContains?.toLowerCase() ?? '';
  const chosen = items.filter(
    ({ type, name }) =>
      (wish.types === undefined || wish.types.includes(type)) && name.toLowerCase().includes(part),
  );
  if (chosen.length === 0) throw new UsageError('--only, --search: nothing in the backup fits');
  return chosen;
}
