import { restoreDetailSchema } from '../../api/restores.ts';
import { defineCommand, UsageError } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { printPreview } from './print-preview.ts';
import { readPreview } from './read-preview.ts';
import {
  addConfirmationOptions,
  addRestoreOptions,
  confirmationShape,
  openRestore,
  restoreOptionsSchema,
} from './restore-options.ts';

/** `restore confirm`: shows the preview and confirms that one, whatever happens meanwhile. */
export const restoreConfirmCommand = defineCommand({
  describe(command) {
    addConfirmationOptions(addRestoreOptions(command));
  },
  options: restoreOptionsSchema.extend(confirmationShape),
  async run({ output }, options) {
    const { api, path } = await openRestore(options);
    const preview = await readPreview(api, path);
    const { fingerprint } = preview.restore;
    if (fingerprint === null) throw new UsageError('<restore>: has no preview to confirm');
    if (!options.json) printPreview(output, preview);
    const body = { fingerprint, tenantName: options.typeName, reason: options.reason };
    const restore = await api.post(`${path}/confirm`, body, restoreDetailSchema);
    if (options.json) output.json(restore);
    else output.line(`Confirmed. Carry it out with: tenantatlas restore execute ${restore.id}`);
    return EXIT.ok;
  },
});
