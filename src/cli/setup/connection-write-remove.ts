import { inTenant } from '../../db/tenant-tx.ts';
import { plainText } from '../../kernel/plain-text.ts';
import { removeWriteRegistration } from '../../tenants/set-write-registration.ts';
import { defineCommand } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { findTenant } from './find-tenant.ts';
import { addSetupOptions, setupOptionsSchema } from './setup-options.ts';
import { withSetup } from './with-setup.ts';

/** `connection write-remove`: from now on nothing may write in the tenant. */
export const connectionWriteRemoveCommand = defineCommand({
  describe(command) {
    command.requiredOption('--tenant <tenant>', 'name or id');
    addSetupOptions(command);
  },
  options: setupOptionsSchema.extend({ tenant: plainText(200) }),
  async run({ output }, { tenant, data, json }) {
    await withSetup(data, async (setup) => {
      const tenantId = await findTenant(setup, tenant);
      await inTenant(setup.db, tenantId, (tx) => removeWriteRegistration(tx, setup.actor));
    });
    if (json) output.json({ tenant });
    else output.line(`Nothing may write in "${tenant}" any more.`);
    return EXIT.ok;
  },
});
