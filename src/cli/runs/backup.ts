import { z } from 'zod';
import { POLICY_TYPES } from '../../graph/contracts/list.ts';
import { policyIdSchema } from '../../kernel/ids.ts';
import { chooseTenant } from '../client/choose-tenant.ts';
import { addClientOptions, clientOptionsSchema, openClient } from '../client/client-options.ts';
import { startAndFollow } from '../client/start-run.ts';
import { defineCommand, listSchema, UsageError } from '../command.ts';
import { addRunOptions, runOptionsShape } from './run-options.ts';

/** `backup`: a named set of versions of all policies, of some types, or of chosen ones. */
export const backupCommand = defineCommand({
  describe(command) {
    command
      .option('--name <name>', 'name of the backup')
      .option('--types <types>', 'only these policy types, separated by commas')
      .option('--policy <ids>', 'only these policies, by id, separated by commas');
    addRunOptions(command);
    addClientOptions(command);
    command.addHelpText('after', `\nPolicy types:\n  ${POLICY_TYPES.join('\n  ')}`);
  },
  options: clientOptionsSchema.extend({
    ...runOptionsShape,
    name: z.string().min(1, 'must not be empty').max(200, 'is longer than 200').optional(),
    types: listSchema
      .pipe(z.array(z.enum(POLICY_TYPES, 'names an unknown type; --help lists them')).min(1))
      .optional(),
    policy: listSchema
      .pipe(z.array(policyIdSchema, 'must be ids as "tenantatlas policies" shows them').min(1))
      .optional(),
  }),
  async run(cli, { tenant: named, wait, name, types, policy, ...options }) {
    if (types !== undefined && policy !== undefined) {
      throw new UsageError('--types and --policy: choose one');
    }
    const api = await openClient(options);
    const tenant = await chooseTenant(api, named);
    return startAndFollow(cli, api, {
      tenant,
      type: 'backup.create',
      input: { ...(name === undefined ? {} : { name }), selection: selectionOf(types, policy) },
      label: tenant.name,
      isWaiting: wait,
      json: options.json,
    });
  },
});

function selectionOf(
  types: readonly string[] | undefined,
  policyIds: readonly string[] | undefined,
) {
  if (types !== undefined) return { kind: 'types', types };
  if (policyIds !== undefined) return { kind: 'policies', policyIds };
  return { kind: 'all' };
}
