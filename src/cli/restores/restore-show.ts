import { restoreIdSchema } from '../../kernel/ids.ts';
import { chooseTenant } from '../client/choose-tenant.ts';
import { addClientOptions, clientOptionsSchema, openClient } from '../client/client-options.ts';
import { defineCommand } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { printable } from '../output.ts';
import { tenantOption } from '../runs/run-options.ts';
import { printPreview } from './print-preview.ts';
import { previewJson, readPreview } from './read-preview.ts';

/** `restore show`: a restore as it is, with what its last preview found. */
export const restoreShowCommand = defineCommand({
  describe(command) {
    command
      .argument('<restore>', 'id of the restore')
      .option('--tenant <tenant>', 'name or id; may be left out when there is only one');
    addClientOptions(command);
  },
  options: clientOptionsSchema.extend({
    restore: restoreIdSchema,
    tenant: tenantOption,
  }),
  async run({ output }, { restore: id, tenant: named, ...options }) {
    const api = await openClient(options);
    const tenant = await chooseTenant(api, named);
    const preview = await readPreview(api, `/api/tenants/${tenant.id}/restores/${id}`);
    if (options.json) output.json(previewJson(preview));
    else {
      output.line(`${printable(preview.restore.name)}, by ${printable(preview.restore.madeBy)}`);
      printPreview(output, preview);
    }
    return EXIT.ok;
  },
});
