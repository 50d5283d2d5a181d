import { z } from 'zod';
import { inTenant } from '../../db/tenant-tx.ts';
import { CLOUDS } from '../../graph/clouds.ts';
import { systemClock } from '../../kernel/clock.ts';
import { plainText } from '../../kernel/plain-text.ts';
import { addConnection } from '../../tenants/add-connection.ts';
import { readKeyFile } from '../../tenants/key-file.ts';
import { defineCommand } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { findTenant } from './find-tenant.ts';
import { readCredential } from './read-credential.ts';
import { addSetupOptions, setupOptionsSchema } from './setup-options.ts';
import { withSetup } from './with-setup.ts';

/** `connection add`: how we sign in to a tenant's Graph. */
export const connectionAddCommand = defineCommand({
  describe(command) {
    command
      .requiredOption('--tenant <tenant>', 'name or id')
      .option('--cloud <cloud>', CLOUDS.join(', '), 'global')
      .requiredOption('--entra-tenant <id>', 'directory (tenant) id in Entra')
      .requiredOption('--client-id <id>', 'application (client) id in Entra')
      .option('--secret-file <file>', 'file that holds the client secret')
      .option('--secret-stdin', 'read the client secret from standard input')
      .option('--certificate-file <file>', 'certificate (PEM); better than a secret')
      .option('--key-file <file>', 'its private key (PEM)');
    addSetupOptions(command);
  },
  options: setupOptionsSchema.extend({
    tenant: plainText(200),
    cloud: z.enum(CLOUDS, `must be one of ${CLOUDS.join(', ')}`),
    entraTenant: z.guid('must be an id such as 0f3b8c1e-…'),
    clientId: z.guid('must be an id such as 0f3b8c1e-…'),
    secretFile: z.string().min(1).optional(),
    secretStdin: z.boolean().default(false),
    certificateFile: z.string().min(1).optional(),
    keyFile: z.string().min(1).optional(),
  }),
  async run({ output }, options) {
    const credential = await readCredential(options);
    const { cloud, clientId, entraTenant: entraTenantId } = options;
    const id = await withSetup(options.data, async (setup) => {
      const tenantId = await findTenant(setup, options.tenant);
      const deps = { key: await readKeyFile(setup.config.keyFile), clock: systemClock };
      return inTenant(setup.db, tenantId, (tx) =>
        addConnection(tx, deps, { cloud, entraTenantId, clientId }, credential, setup.actor),
      );
    });
    if (options.json) output.json({ id });
    else output.line(`Connection added (${id}); its credential is sealed.`);
    return EXIT.ok;
  },
});
