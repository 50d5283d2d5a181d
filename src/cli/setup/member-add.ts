import { z } from 'zod';
import { addMember } from '../../access/members.ts';
import { findUserByName } from '../../access/users.ts';
import { inTenant } from '../../db/tenant-tx.ts';
import { ROLES } from '../../kernel/capabilities.ts';
import { plainText } from '../../kernel/plain-text.ts';
import { defineCommand } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { findTenant } from './find-tenant.ts';
import { addSetupOptions, setupOptionsSchema } from './setup-options.ts';
import { withSetup } from './with-setup.ts';

/** `member add`: gives a user a role in a tenant. */
export const memberAddCommand = defineCommand({
  describe(command) {
    command
      .requiredOption('--tenant <tenant>', 'name or id')
      .requiredOption('--user <user>', 'name')
      .requiredOption('--role <role>', ROLES.join(', '));
    addSetupOptions(command);
  },
  options: setupOptionsSchema.extend({
    tenant: plainText(200),
    user: plainText(200),
    role: z.enum(ROLES, `must be one of ${ROLES.join(', ')}`),
  }),
  async run({ output }, { tenant, user, role, data, json }) {
    await withSetup(data, async (setup) => {
      const tenantId = await findTenant(setup, tenant);
      const { id: userId } = await findUserByName(setup.owner, user);
      await inTenant(setup.db, tenantId, (tx) => addMember(tx, setup.actor, { userId, role }));
    });
    if (json) output.json({ tenant, user, role });
    else output.line(`"${user}" is now ${role} in "${tenant}".`);
    return EXIT.ok;
  },
});
