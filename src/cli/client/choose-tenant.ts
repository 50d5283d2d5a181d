import { type Tenant, tenantSchema } from '../../api/tenants.ts';
import { UsageError } from '../command.ts';
import { printable } from '../output.ts';
import type { ApiClient } from './api-client.ts';

/**
 * The tenant by name or id among those the caller may see; not named, the only one.
 * @throws UsageError when there is none, or more than one to choose from
 */
export async function chooseTenant(api: ApiClient, nameOrId: string | undefined): Promise<Tenant> {
  const tenants = await Array.fromAsync(api.list('/api/tenants', tenantSchema));
  if (nameOrId === undefined) {
    const [only, another] = tenants;
    if (only !== undefined && another === undefined) return only;
    throw new UsageError(
      `--tenant: ${only === undefined ? 'you may see no tenant' : namesOf(tenants)}`,
    );
  }
  const found = tenants.find(
    (tenant) => tenant.id === nameOrId.toLowerCase() || tenant.name === nameOrId,
  );
  if (found === undefined) throw new UsageError(`--tenant: not found; ${namesOf(tenants)}`);
  return found;
}

const NAMES_MAX = 10;

function namesOf(tenants: readonly Tenant[]): string {
  const names = tenants.slice(0, NAMES_MAX).map((tenant) => `"${printable(tenant.name)}"`);
  const more = tenants.length > NAMES_MAX ? `, … (${tenants.length})` : '';
  return `choose one of ${names.join(', ')}${more}`;
}
