import { revokeToken } from '../../access/tokens.ts';
import { tokenIdSchema } from '../../kernel/ids.ts';
import { defineCommand } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { addSetupOptions, setupOptionsSchema } from './setup-options.ts';
import { withSetup } from './with-setup.ts';

/** `token revoke ID`: refused from the next request on. */
export const tokenRevokeCommand = defineCommand({
  describe(command) {
    command.argument('<token>', 'its id, as "token create" told it');
    addSetupOptions(command);
  },
  options: setupOptionsSchema.extend({ token: tokenIdSchema }),
  async run({ output }, { token, data, json }) {
    await withSetup(data, ({ owner }) => revokeToken(owner, token));
    if (json) output.json({ id: token });
    else output.line('Token revoked. What it started goes on with the rights of its user.');
    return EXIT.ok;
  },
});
