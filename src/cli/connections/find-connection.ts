import { connectionSchema } from '../../api/connections.ts';
import type { Tenant } from '../../api/tenants.ts';
import { AppError } from '../../kernel/errors.ts';
import type { ApiClient } from '../client/api-client.ts';

/** Where the tenant's one connection is. @throws AppError connection.missing */
export async function findConnectionPath(
  api: ApiClient,
  tenant: Pick<Tenant, 'id'>,
): Promise<string> {
  const path = `/api/tenants/${tenant.id}/connections`;
  for await (const { id } of api.list(path, connectionSchema)) return `${path}/${id}`;
  throw new AppError('connection.missing');
}
