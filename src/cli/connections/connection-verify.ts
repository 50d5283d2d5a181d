import { chooseTenant } from '../client/choose-tenant.ts';
import { addClientOptions, clientOptionsSchema, openClient } from '../client/client-options.ts';
import { startAndFollow } from '../client/start-run.ts';
import { defineCommand } from '../command.ts';
import { addRunOptions, runOptionsShape } from '../runs/run-options.ts';
import { findConnectionPath } from './find-connection.ts';

/** `connection verify`: signs in, looks what may be seen, and who may write. */
export const connectionVerifyCommand = defineCommand({
  describe(command) {
    addRunOptions(command);
    addClientOptions(command);
  },
  options: clientOptionsSchema.extend(runOptionsShape),
  async run(cli, { tenant: named, wait, ...options }) {
    const api = await openClient(options);
    const tenant = await chooseTenant(api, named);
    const path = await findConnectionPath(api, tenant);
    return startAndFollow(cli, api, {
      tenant,
      type: 'connection.verify',
      input: { connectionId: path.split('/').at(-1) },
      label: tenant.name,
      isWaiting: wait,
      json: options.json,
    });
  },
});
