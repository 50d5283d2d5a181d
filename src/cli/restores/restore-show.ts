import { defineCommand } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { printable } from '../output.ts';
import { printPreview } from './print-preview.ts';
import { printResults } from './print-results.ts';
import { previewJson, readPreview } from './read-preview.ts';
import { addRestoreOptions, openRestore, restoreOptionsSchema } from './restore-options.ts';

/** `restore show`: a restore as it is: what its last preview found, or what became of it. */
export const restoreShowCommand = defineCommand({
  describe: addRestoreOptions,
  options: restoreOptionsSchema,
  async run({ output }, options) {
    const { api, path } = await openRestore(options);
    const preview = await readPreview(api, path);
    if (options.json) output.json(previewJson(preview));
    else {
      const { name, madeBy, execution } = preview.restore;
      output.line(`${printable(name)}, by ${printable(madeBy)}`);
      if (execution === null) printPreview(output, preview);
      else printResults(output, preview);
    }
    return EXIT.ok;
  },
});
