import { findUserByName } from '../../access/users.ts';
import { plainText } from '../../kernel/plain-text.ts';
import { addTenant, tenantNameSchema } from '../../tenants/add-tenant.ts';
import { readOrMakeKeyFile } from '../../tenants/key-file.ts';
import { defineCommand } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { addSetupOptions, setupOptionsSchema } from './setup-options.ts';
import { withSetup } from './with-setup.ts';

/** `tenant add NAME`: a customer's tenant; whoever adds it becomes its owner. */
export const tenantAddCommand = defineCommand({
  describe(command) {
    command
      .argument('<name>', 'what the tenant is called here')
      .requiredOption('--owner <user>', 'the user who adds it and so owns it');
    addSetupOptions(command);
  },
  options: setupOptionsSchema.extend({ name: tenantNameSchema, owner: plainText(200) }),
  async run({ output }, { name, owner, data, json }) {
    const id = await withSetup(data, async (setup) => {
      const user = await findUserByName(setup.owner, owner);
      const key = await readOrMakeKeyFile(setup.config.keyFile);
      const actor = { kind: 'user' as const, id: user.id, label: user.name };
      return addTenant(setup.db, key, { name, ownerId: user.id }, actor);
    });
    if (json) output.json({ id, name });
    else output.line(`Tenant "${name}" added (${id}). Next: tenantatlas connection add --help`);
    return EXIT.ok;
  },
});
