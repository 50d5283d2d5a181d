import { runIdSchema } from '../../kernel/ids.ts';
import { addClientOptions, clientOptionsSchema, openClient } from '../client/client-options.ts';
import { followRun } from '../client/start-run.ts';
import { defineCommand } from '../command.ts';
import { findRun } from './find-run.ts';
import { tenantOption } from './run-options.ts';

/** `run watch ID`: follows a run to its end. */
export const runWatchCommand = defineCommand({
  describe(command) {
    command
      .argument('<id>', 'the run, as "tenantatlas runs" shows it')
      .option('--tenant <tenant>', 'name or id; may be left out');
    addClientOptions(command);
  },
  options: clientOptionsSchema.extend({ id: runIdSchema, tenant: tenantOption }),
  async run(cli, { id, tenant: named, ...options }) {
    const api = await openClient(options);
    const { tenant, run } = await findRun(api, id, named);
    const label = `${run.title}, ${tenant.name}`;
    return followRun(cli, api, { tenant, runId: run.id, label, json: options.json });
  },
});
