import type { RunDetail } from '../../api/runs.ts';
import type { Tenant } from '../../api/tenants.ts';
import type { ApiClient } from '../client/api-client.ts';
import { followQuietly } from '../client/follow-quietly.ts';
import type { Cli } from '../command.ts';

/** Starts a preview, or joins the live one, and follows it; says only what went wrong. */
export async function previewRestore(
  cli: Cli,
  api: ApiClient,
  tenant: Pick<Tenant, 'id' | 'name'>,
  { restoreId, isJson }: { readonly restoreId: string; readonly isJson: boolean },
): Promise<RunDetail> {
  const start = { tenant, type: 'restore.plan', input: { restoreId }, isJson };
  return followQuietly(cli, api, start);
}
