import type { Command } from 'commander';
import { z } from 'zod';
import type { Tenant } from '../../api/tenants.ts';
import { restoreIdSchema } from '../../kernel/ids.ts';
import type { ApiClient } from '../client/api-client.ts';
import { chooseTenant } from '../client/choose-tenant.ts';
import { addClientOptions, clientOptionsSchema, openClient } from '../client/client-options.ts';
import { tenantOption } from '../runs/run-options.ts';

/** What every command about one restore accepts. */
export function addRestoreOptions(command: Command): Command {
  command
    .argument('<restore>', 'id of the restore')
    .option('--tenant <tenant>', 'name or id; may be left out when there is only one');
  addClientOptions(command);
  return command;
}

export const restoreOptionsSchema = clientOptionsSchema.extend({
  restore: restoreIdSchema,
  tenant: tenantOption,
});

/** The tenant's name typed out and a reason: what a write to a tenant is confirmed by. */
export function addConfirmationOptions(command: Command): Command {
  return command
    .requiredOption('--type-name <name>', "the tenant's name, typed out")
    .requiredOption('--reason <text>', 'why; it is kept with the restore');
}

export const confirmationShape = {
  typeName: z.string().min(1, 'must not be empty').max(400, 'is longer than 400'),
  reason: z.string().min(1, 'must not be empty').max(500, 'is longer than 500'),
};

export interface OpenRestore {
  readonly api: ApiClient;
  readonly tenant: Tenant;
  readonly path: string;
}

/** Where the restore is, and who speaks to it. */
export async function openRestore(
  options: z.infer<typeof restoreOptionsSchema>,
): Promise<OpenRestore> {
  const api = await openClient(options);
  const tenant = await chooseTenant(api, options.tenant);
  return { api, tenant, path: `/api/tenants/${tenant.id}/restores/${options.restore}` };
}
