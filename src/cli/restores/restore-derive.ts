import { z } from 'zod';
import { restoreDetailSchema } from '../../api/restores.ts';
import { exitCodeOfRun } from '../client/start-run.ts';
import { type Cli, type CommandFile, defineCommand } from '../command.ts';
import { previewRestore } from './preview-restore.ts';
import { printPreview } from './print-preview.ts';
import { previewJson, readPreview } from './read-preview.ts';
import { addRestoreOptions, openRestore, restoreOptionsSchema } from './restore-options.ts';

/** `restore retry`: a new restore of the failed items alone, previewed. */
export const restoreRetryCommand = deriveCommand('retry');
/** `restore repair`: a new restore that puts new ids for those that are gone, previewed. */
export const restoreRepairCommand = deriveCommand('repair');

/** `restore undo`: a new restore that takes this one back, previewed. */
export const restoreUndoCommand = defineCommand({
  describe(command) {
    addRestoreOptions(command).option(
      '--delete-created',
      'also delete what it made, as long as nobody has changed it since',
    );
  },
  options: restoreOptionsSchema.extend({ deleteCreated: z.boolean().default(false) }),
  run: (cli, { deleteCreated, ...options }) => derive(cli, options, 'undo', { deleteCreated }),
});

function deriveCommand(what: 'retry' | 'repair'): CommandFile {
  return defineCommand({
    describe: addRestoreOptions,
    options: restoreOptionsSchema,
    run: (cli, options) => derive(cli, options, what, {}),
  });
}

async function derive(
  cli: Cli,
  options: z.infer<typeof restoreOptionsSchema>,
  what: 'retry' | 'repair' | 'undo',
  body: object,
) {
  const { api, tenant, path } = await openRestore(options);
  const restore = await api.post(`${path}/${what}`, body, restoreDetailSchema);
  const asked = { restoreId: restore.id, isJson: options.json };
  const run = await previewRestore(cli, api, tenant, asked);
  const preview = await readPreview(api, restore.links.self);
  if (options.json) cli.output.json({ ...previewJson(preview), run });
  else {
    printPreview(cli.output, preview);
    cli.output.line(`Confirm it with: tenantatlas restore confirm ${restore.id}`);
  }
  return exitCodeOfRun(run);
}
