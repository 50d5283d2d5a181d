import { z } from 'zod';
import { type Group, groupSchema } from '../../api/groups.ts';
import { chooseTenant } from '../client/choose-tenant.ts';
import { addClientOptions, clientOptionsSchema, openClient } from '../client/client-options.ts';
import { defineCommand, limitSchema } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { printable } from '../output.ts';
import { tenantOption } from '../runs/run-options.ts';
import { takeSome } from '../take-some.ts';

/** `groups list`: what a directory held when it was last looked at. */
export const groupsListCommand = defineCommand({
  describe(command) {
    command
      .option('--tenant <tenant>', 'name or id; may be left out when there is only one')
      .option('--search <text>', 'only names that hold this')
      .option('--limit <n>', 'so many at most', '200');
    addClientOptions(command);
  },
  options: clientOptionsSchema.extend({
    tenant: tenantOption,
    search: z.string().min(1, 'must not be empty').max(200, 'is longer than 200').optional(),
    limit: limitSchema,
  }),
  async run({ output }, { tenant: named, search, limit, ...options }) {
    const api = await openClient(options);
    const tenant = await chooseTenant(api, named);
    const query = { nameContains: search, missing: false };
    const list = api.list(`/api/tenants/${tenant.id}/groups`, groupSchema, query);
    const groups = await takeSome(list, limit);
    if (options.json) output.json(groups);
    else if (groups.length === 0) output.line('No such groups. Look with: tenantatlas groups sync');
    else output.table(['Id', 'Name', 'Kind', 'Members by', 'Seen'], groups.map(rowOf));
    return EXIT.ok;
  },
});

const KINDS = {
  security: 'security',
  mail_security: 'security, mail',
  microsoft365: 'Microsoft 365',
  distribution: 'distribution',
} as const satisfies Record<NonNullable<Group['kind']>, string>;

function rowOf({ id, name, kind, membershipRule, seenAt }: Group) {
  const by = membershipRule === null ? 'hand' : 'rule';
  return [id, printable(name), kind === null ? '' : KINDS[kind], by, seenAt];
}
