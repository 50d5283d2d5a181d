import { chooseTenant } from '../client/choose-tenant.ts';
import { addClientOptions, clientOptionsSchema, openClient } from '../client/client-options.ts';
import { startAndFollow } from '../client/start-run.ts';
import { defineCommand } from '../command.ts';
import { addRunOptions, runOptionsShape } from '../runs/run-options.ts';

/** `groups sync`: learns the groups of a tenant's directory, to map to. */
export const groupsSyncCommand = defineCommand({
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
      type: 'directory.sync_groups',
      input: {},
      label: tenant.name,
      isWaiting: wait,
      json: options.json,
    });
  },
});
