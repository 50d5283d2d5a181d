import { z } from 'zod';
import { type Policy, policySchema } from '../../api/policies.ts';
import { POLICY_TYPES } from '../../graph/contracts/list.ts';
import { chooseTenant } from '../client/choose-tenant.ts';
import { addClientOptions, clientOptionsSchema, openClient } from '../client/client-options.ts';
import { defineCommand, limitSchema } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { printable } from '../output.ts';
import { takeSome } from '../take-some.ts';
import { tenantOption } from './run-options.ts';

/** `policies`: what a tenant held when it was last looked at. */
export const policiesCommand = defineCommand({
  describe(command) {
    command
      .option('--tenant <tenant>', 'name or id; may be left out when there is only one')
      .option('--type <type>', 'only this type')
      .option('--search <text>', 'only names that hold this')
      .option('--missing', 'only those that are gone from the tenant')
      .option('--limit <n>', 'so many at most', '200');
    addClientOptions(command);
    command.addHelpText('after', `\nPolicy types:\n  ${POLICY_TYPES.join('\n  ')}`);
  },
  options: clientOptionsSchema.extend({
    tenant: tenantOption,
    type: z.enum(POLICY_TYPES, 'is unknown; --help lists the types').optional(),
    search: z.string().min(1, 'must not be empty').max(200, 'is longer than 200').optional(),
    missing: z.boolean().optional(),
    limit: limitSchema,
  }),
  async run({ output }, { tenant: named, type, search, missing, limit, ...options }) {
    const api = await openClient(options);
    const tenant = await chooseTenant(api, named);
    const query = { type, q: search, missing };
    const list = api.list(`/api/tenants/${tenant.id}/policies`, policySchema, query);
    const policies = await takeSome(list, limit);
    if (options.json) output.json(policies);
    else if (policies.length === 0) output.line('No such policies. Look with: tenantatlas sync');
    else output.table(['Id', 'Type', 'Name', 'Versions', 'Seen'], policies.map(rowOf));
    return EXIT.ok;
  },
});

function rowOf(policy: Policy) {
  const seen =
    policy.missingSince === null ? policy.lastSeenAt : `gone since ${policy.missingSince}`;
  return [policy.id, policy.typeTitle, printable(policy.name), policy.latestVersion ?? 0, seen];
}
