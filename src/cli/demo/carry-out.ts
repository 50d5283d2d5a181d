import { connectionSchema } from '../../api/connections.ts';
import { restoreDetailSchema } from '../../api/restores.ts';
import type { ApiClient } from '../client/api-client.ts';
import type { Cli } from '../command.ts';
import { printable } from '../output.ts';
import { type RestorePreview, readPreview } from '../restores/read-preview.ts';
import { type TenantStory, workRound } from './work-round.ts';

/**
 * Does with a preview what it takes to have it written: arms the tenant for an hour, confirms by
 * the tenant's name and a reason, and follows the run. What may write was verified before.
 */
export async function carryOut(
  cli: Cli,
  api: ApiClient,
  story: TenantStory,
  { restore }: RestorePreview,
  reason: string,
): Promise<RestorePreview> {
  const { id, name, connectionId } = story.tenant;
  const arm = `/api/tenants/${id}/connections/${connectionId}/arm`;
  await api.post(arm, { hours: 1, reason }, connectionSchema);
  const { fingerprint } = restore;
  const confirmation = { fingerprint, tenantName: name, reason };
  await api.post(`${restore.links.self}/confirm`, confirmation, restoreDetailSchema);
  cli.output.line(`  armed for an hour; confirmed by typing "${printable(name)}": ${reason}`);
  await workRound(cli, api, [story], 'restore.execute', () => ({ restoreId: restore.id }));
  return readPreview(api, restore.links.self);
}
