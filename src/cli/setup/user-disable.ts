import { disableUser, findUserByName } from '../../access/users.ts';
import { plainText } from '../../kernel/plain-text.ts';
import { defineCommand } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { addSetupOptions, setupOptionsSchema } from './setup-options.ts';
import { withSetup } from './with-setup.ts';

/** `user disable NAME`: shuts a person out of every tenant at the next request. */
export const userDisableCommand = defineCommand({
  describe(command) {
    command.argument('<name>', 'whom to shut out');
    addSetupOptions(command);
  },
  options: setupOptionsSchema.extend({ name: plainText(200) }),
  async run({ output }, { name, data, json }) {
    const id = await withSetup(data, async ({ owner }) => {
      const user = await findUserByName(owner, name);
      await disableUser(owner, user.id);
      return user.id;
    });
    if (json) output.json({ id, name });
    else output.line(`User "${name}" is shut out; runs nobody else asked for stop.`);
    return EXIT.ok;
  },
});
