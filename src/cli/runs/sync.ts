import { chooseTenant } from '../client/choose-tenant.ts';
import { addClientOptions, clientOptionsSchema, openClient } from '../client/client-options.ts';
import { startAndFollow } from '../client/start-run.ts';
import { defineCommand } from '../command.ts';
import { addRunOptions, runOptionsShape } from './run-options.ts';

/** `sync`: brings the inventory of a tenant up to date. */
export const syncCommand = defineCommand({
  describe(command) {
    addRunOptions(command);
    addClientOptions(command);
  },
  options: clientOptionsSchema.extend(runOptionsShape),
  async run(cli, { tenant: named, wait, ...options }) {
    const api = await openClient(options);
    const tenant = await chooseTenant(api, named);
    return startAndFollow(cli, api, {
      tenant,
      type: 'policy.sync',
      input: {},
      label: tenant.name,
      isWaiting: wait,
      json: options.json,
    });
  },
});
