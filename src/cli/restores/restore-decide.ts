import { z } from 'zod';
import { restoreDetailSchema } from '../../api/restores.ts';
import { startAndFollow } from '../client/start-run.ts';
import { defineCommand, UsageError } from '../command.ts';
import { printResults } from './print-results.ts';
import { readPreview } from './read-preview.ts';
import {
  addConfirmationOptions,
  addRestoreOptions,
  confirmationShape,
  openRestore,
  restoreOptionsSchema,
} from './restore-options.ts';

const DECISIONS = {
  'look-again': 'look_again',
  adopt: 'adopt',
  'delete-ours': 'delete_ours',
  'create-anew': 'create_anew',
} as const;
const names = ['look-again', 'adopt', 'delete-ours', 'create-anew'] as const;

/** `restore decide`: says what becomes of an unknown item, and has it carried out. */
export const restoreDecideCommand = defineCommand({
  describe(command) {
    addConfirmationOptions(addRestoreOptions(command))
      .requiredOption('--item <item>', 'the item, as "restore show" names it, or "all"')
      .requiredOption('--as <decision>', `one of ${names.join(', ')}`)
      .option('--object <id>', 'the candidate to adopt or to delete');
  },
  options: restoreOptionsSchema.extend({
    ...confirmationShape,
    item: z.union([z.uuid(), z.literal('all')], 'must be the id of an item, or all'),
    as: z.enum(names, `must be one of ${names.join(', ')}`),
    object: z.string().min(1, 'must be an id').optional(),
  }),
  async run(cli, options) {
    const { api, tenant, path } = await openRestore(options);
    const { items } = await readPreview(api, path);
    const unknown = items.filter(({ result }) => result?.state === 'unknown');
    const chosen = unknown.filter(
      ({ versionId }) => options.item === 'all' || versionId === options.item,
    );
    if (chosen.length === 0) throw new UsageError('--item: nothing of that needs a decision');
    const decisions = chosen.map(({ versionId }) => ({
      versionId,
      decision: DECISIONS[options.as],
      ...(options.object === undefined ? {} : { graphId: options.object }),
    }));
    const body = { tenantName: options.typeName, reason: options.reason, decisions };
    await api.post(`${path}/decisions`, body, restoreDetailSchema);
    const exit = await startAndFollow(cli, api, {
      tenant,
      type: 'restore.resolve',
      input: { restoreId: options.restore },
      label: tenant.name,
      isWaiting: true,
      json: options.json,
    });
    if (!options.json) printResults(cli.output, await readPreview(api, path));
    return exit;
  },
});
