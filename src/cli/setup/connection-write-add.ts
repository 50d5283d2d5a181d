import { z } from 'zod';
import { inTenant } from '../../db/tenant-tx.ts';
import { systemClock } from '../../kernel/clock.ts';
import { plainText } from '../../kernel/plain-text.ts';
import { readKeyFile } from '../../tenants/key-file.ts';
import { setWriteRegistration } from '../../tenants/set-write-registration.ts';
import { defineCommand } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { findTenant } from './find-tenant.ts';
import { readCredential } from './read-credential.ts';
import { addSetupOptions, setupOptionsSchema } from './setup-options.ts';
import { withSetup } from './with-setup.ts';

/** `connection write-add`: which application may write in a tenant, while it is armed. */
export const connectionWriteAddCommand = defineCommand({
  describe(command) {
    command
      .requiredOption('--tenant <tenant>', 'name or id; it has a connection already')
      .requiredOption('--client-id <id>', 'application (client) id of a second registration')
      .option('--secret-file <file>', 'file that holds the client secret')
      .option('--secret-stdin', 'read the client secret from standard input')
      .option('--certificate-file <file>', 'certificate (PEM); better than a secret')
      .option('--key-file <file>', 'its private key (PEM)');
    addSetupOptions(command);
  },
  options: setupOptionsSchema.extend({
    tenant: plainText(200),
    clientId: z.guid('must be an id such as 0f3b8c1e-…'),
    secretFile: z.string().min(1).optional(),
    secretStdin: z.boolean().default(false),
    certificateFile: z.string().min(1).optional(),
    keyFile: z.string().min(1).optional(),
  }),
  async run({ output }, options) {
    const credential = await readCredential(options);
    const { clientId, tenant } = options;
    await withSetup(options.data, async (setup) => {
      const tenantId = await findTenant(setup, tenant);
      const deps = { key: await readKeyFile(setup.config.keyFile), clock: systemClock };
      await inTenant(setup.db, tenantId, (tx) =>
        setWriteRegistration(tx, deps, { clientId }, credential, setup.actor),
      );
    });
    if (options.json) output.json({ tenant, clientId });
    else output.line('It may write once the connection is verified, and while it is armed.');
    return EXIT.ok;
  },
});
