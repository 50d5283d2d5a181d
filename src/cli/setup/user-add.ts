import { z } from 'zod';
import { addUser } from '../../access/users.ts';
import { plainText } from '../../kernel/plain-text.ts';
import { defineCommand } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { addSetupOptions, setupOptionsSchema } from './setup-options.ts';
import { withSetup } from './with-setup.ts';

/** `user add NAME`: a person, without any right until made a member of a tenant. */
export const userAddCommand = defineCommand({
  describe(command) {
    command.argument('<name>', 'name to sign in with').option('--admin', 'may create tenants');
    addSetupOptions(command);
  },
  options: setupOptionsSchema.extend({ name: plainText(200), admin: z.boolean().default(false) }),
  async run({ output }, { name, admin, data, json }) {
    const id = await withSetup(data, ({ owner }) => addUser(owner, { name, isAdmin: admin }));
    if (json) output.json({ id, name });
    else output.line(`User "${name}" added. Next: tenantatlas tenant add NAME --owner "${name}"`);
    return EXIT.ok;
  },
});
