import { z } from 'zod';
import { connectionSchema } from '../../api/connections.ts';
import { plainText } from '../../kernel/plain-text.ts';
import { chooseTenant } from '../client/choose-tenant.ts';
import { addClientOptions, clientOptionsSchema, openClient } from '../client/client-options.ts';
import { defineCommand } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { printable } from '../output.ts';
import { findConnectionPath } from './find-connection.ts';

const HOURS = 'must be a whole number from 1 to 24';

/** `connection arm`: lets runs write to the tenant for some hours. */
export const connectionArmCommand = defineCommand({
  describe(command) {
    command
      .requiredOption('--tenant <tenant>', 'name or id')
      .requiredOption('--hours <hours>', 'how long, from now: 1 to 24')
      .requiredOption('--reason <text>', 'why; it is kept in the audit');
    addClientOptions(command);
  },
  options: clientOptionsSchema.extend({
    // never guessed, also when there is only one: this is about the right to write
    tenant: plainText(200),
    hours: z.coerce.number(HOURS).int(HOURS).min(1, HOURS).max(24, HOURS),
    reason: plainText(500),
  }),
  async run({ output }, { tenant: named, hours, reason, ...options }) {
    const api = await openClient(options);
    const tenant = await chooseTenant(api, named);
    const path = `${await findConnectionPath(api, tenant)}/arm`;
    const connection = await api.post(path, { hours, reason }, connectionSchema);
    const until = connection.writeRegistration?.armedUntil ?? '';
    if (options.json) output.json(connection);
    else output.line(`Runs may write to "${printable(tenant.name)}" until ${until}.`);
    return EXIT.ok;
  },
});
