import { cancelledRunSchema } from '../../api/runs.ts';
import { runIdSchema } from '../../kernel/ids.ts';
import { addClientOptions, clientOptionsSchema, openClient } from '../client/client-options.ts';
import { defineCommand } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { findRun } from './find-run.ts';
import { tenantOption } from './run-options.ts';

/** `run cancel ID`: what was done is kept, the rest is left. */
export const runCancelCommand = defineCommand({
  describe(command) {
    command
      .argument('<id>', 'the run, as "tenantatlas runs" shows it')
      .option('--tenant <tenant>', 'name or id; may be left out');
    addClientOptions(command);
  },
  options: clientOptionsSchema.extend({ id: runIdSchema, tenant: tenantOption }),
  async run({ output }, { id, tenant: named, ...options }) {
    const api = await openClient(options);
    const { tenant, run } = await findRun(api, id, named);
    const path = `/api/tenants/${tenant.id}/runs/${run.id}/cancel`;
    const cancelled = await api.post(path, {}, cancelledRunSchema);
    if (options.json) output.json(cancelled);
    else if (cancelled.state === 'ended') output.line('Cancelled before it began.');
    else output.line('It stops after the items in work.');
    return EXIT.ok;
  },
});
