import { startAndFollow } from '../client/start-run.ts';
import { defineCommand } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { runOptionsShape } from '../runs/run-options.ts';
import { printResults } from './print-results.ts';
import { readPreview } from './read-preview.ts';
import { addRestoreOptions, openRestore, restoreOptionsSchema } from './restore-options.ts';

/** `restore execute`: carries out a confirmed preview and says what became of each item. */
export const restoreExecuteCommand = defineCommand({
  describe(command) {
    addRestoreOptions(command).option('--no-wait', 'start it and return at once');
  },
  options: restoreOptionsSchema.extend({ wait: runOptionsShape.wait }),
  async run(cli, options) {
    const { api, tenant, path } = await openRestore(options);
    const exit = await startAndFollow(cli, api, {
      tenant,
      type: 'restore.execute',
      input: { restoreId: options.restore },
      label: tenant.name,
      isWaiting: options.wait,
      json: options.json,
    });
    const isTold = options.wait && !options.json && exit !== EXIT.notStarted;
    if (isTold) printResults(cli.output, await readPreview(api, path));
    return exit;
  },
});
