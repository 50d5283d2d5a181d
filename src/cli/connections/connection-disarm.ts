import { connectionSchema } from '../../api/connections.ts';
import { plainText } from '../../kernel/plain-text.ts';
import { chooseTenant } from '../client/choose-tenant.ts';
import { addClientOptions, clientOptionsSchema, openClient } from '../client/client-options.ts';
import { defineCommand } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { printable } from '../output.ts';
import { findConnectionPath } from './find-connection.ts';

/** `connection disarm`: takes the right to write back before its hours are over. */
export const connectionDisarmCommand = defineCommand({
  describe(command) {
    command
      .requiredOption('--tenant <tenant>', 'name or id')
      .requiredOption('--reason <text>', 'why; it is kept in the audit');
    addClientOptions(command);
  },
  options: clientOptionsSchema.extend({ tenant: plainText(200), reason: plainText(500) }),
  async run({ output }, { tenant: named, reason, ...options }) {
    const api = await openClient(options);
    const tenant = await chooseTenant(api, named);
    const path = `${await findConnectionPath(api, tenant)}/disarm`;
    const connection = await api.post(path, { reason }, connectionSchema);
    if (options.json) output.json(connection);
    else output.line(`Nothing may write to "${printable(tenant.name)}" now.`);
    return EXIT.ok;
  },
});
