import { z } from 'zod';
import { chooseTenant } from '../client/choose-tenant.ts';
import { addClientOptions, clientOptionsSchema, openClient } from '../client/client-options.ts';
import { startAndFollow } from '../client/start-run.ts';
import { defineCommand, UsageError } from '../command.ts';
import { readRunTypes } from './read-run-types.ts';
import { addRunOptions, runOptionsShape } from './run-options.ts';

/** `run start TYPE`: any kind of run there is, by the name and input that its definition gives. */
export const runStartCommand = defineCommand({
  describe(command) {
    command
      .argument('<type>', 'such as connection.verify; "tenantatlas run types" lists them')
      .option('--input <json>', 'its input as JSON', '{}');
    addRunOptions(command);
    addClientOptions(command);
  },
  options: clientOptionsSchema.extend({
    ...runOptionsShape,
    type: z.string().min(1, 'must name a kind of run'),
    input: z.string().transform(parseInput),
  }),
  async run(cli, { tenant: named, wait, type, input, ...options }) {
    const api = await openClient(options);
    const types = await readRunTypes(api);
    if (!types.some((known) => known.name === type)) {
      throw new UsageError('<type>: unknown; "tenantatlas run types" lists what there is');
    }
    const tenant = await chooseTenant(api, named);
    const isWaiting = wait;
    const label = tenant.name;
    const { json } = options;
    return startAndFollow(cli, api, { tenant, type, input, label, isWaiting, json });
  },
});

function parseInput(text: string, context: z.RefinementCtx): unknown {
  try {
    const parsed: unknown = JSON.parse(text);
    return parsed;
  } catch {
    context.addIssue('must be JSON, such as \'{"connectionId":"…"}\'');
    return z.NEVER;
  }
}
