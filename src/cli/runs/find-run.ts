import { type RunDetail, runDetailSchema } from '../../api/runs.ts';
import { type Tenant, tenantSchema } from '../../api/tenants.ts';
import { AppError } from '../../kernel/errors.ts';
import type { ApiClient } from '../client/api-client.ts';
import { chooseTenant } from '../client/choose-tenant.ts';

export interface FoundRun {
  readonly tenant: Tenant;
  readonly run: RunDetail;
}

/**
 * A run by its id; without a tenant it is looked for in each that the caller may see.
 * @throws AppError forbidden when there is none
 */
export async function findRun(
  api: ApiClient,
  runId: string,
  tenantName: string | undefined,
): Promise<FoundRun> {
  const tenants =
    tenantName === undefined
      ? await Array.fromAsync(api.list('/api/tenants', tenantSchema))
      : [await chooseTenant(api, tenantName)];
  for (const tenant of tenants) {
    try {
      const path = `/api/tenants/${tenant.id}/runs/${encodeURIComponent(runId)}`;
      return { tenant, run: await api.get(path, runDetailSchema) };
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'forbidden') throw error;
    }
  }
  throw new AppError('forbidden');
}
