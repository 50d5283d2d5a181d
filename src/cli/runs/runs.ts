import { z } from 'zod';
import { type Run, runPhaseSchema, runSchema } from '../../api/runs.ts';
import { chooseTenant } from '../client/choose-tenant.ts';
import { addClientOptions, clientOptionsSchema, openClient } from '../client/client-options.ts';
import { outcomeWords } from '../client/watch-run.ts';
import { defineCommand, limitSchema } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { takeSome } from '../take-some.ts';
import { tenantOption } from './run-options.ts';

/** `runs`: what has been going on in a tenant, newest first. */
export const runsCommand = defineCommand({
  describe(command) {
    command
      .option('--tenant <tenant>', 'name or id; may be left out when there is only one')
      .option('--type <type>', 'only this kind, such as backup.create')
      .option('--phase <phase>', 'queued, running or ended')
      .option('--limit <n>', 'so many at most', '20');
    addClientOptions(command);
  },
  options: clientOptionsSchema.extend({
    tenant: tenantOption,
    type: z.string().min(1).optional(),
    phase: z.enum(runPhaseSchema.options, 'must be queued, running or ended').optional(),
    limit: limitSchema,
  }),
  async run({ output }, { tenant: named, type, phase, limit, ...options }) {
    const api = await openClient(options);
    const tenant = await chooseTenant(api, named);
    const list = api.list(`/api/tenants/${tenant.id}/runs`, runSchema, { type, phase });
    const runs = await takeSome(list, limit);
    if (options.json) output.json(runs);
    else if (runs.length === 0) output.line('No such runs. Start one with: tenantatlas sync');
    else output.table(['Run', 'What', 'How', 'Items', 'Failed', 'Started'], runs.map(rowOf));
    return EXIT.ok;
  },
});

function rowOf(run: Run) {
  const { counts } = run;
  const how =
    run.phase === 'ended' ? outcomeWords({ outcome: run.outcome, reason: null }) : run.phase;
  return [run.id, run.title, how, counts.total, counts.failed + counts.unknown, run.createdAt];
}
