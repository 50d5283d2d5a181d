import { z } from 'zod';
import { POLICY_TYPES } from '../../graph/contracts/list.ts';
import { backupIdSchema } from '../../kernel/ids.ts';
import { chooseTenant } from '../client/choose-tenant.ts';
import { addClientOptions, clientOptionsSchema, openClient } from '../client/client-options.ts';
import { exitCodeOfRun } from '../client/start-run.ts';
import { defineCommand, listSchema } from '../command.ts';
import { makeRestore } from './make-restore.ts';
import { previewRestore } from './preview-restore.ts';
import { printPreview } from './print-preview.ts';
import { readMapping } from './read-mapping.ts';
import { previewJson, readPreview } from './read-preview.ts';

const STATES = ['disabled', 'reportOnly', 'asSaved'] as const;

/** `restore plan`: what putting a backup back would do. It writes nothing to Microsoft Graph. */
export const restorePlanCommand = defineCommand({
  describe(command) {
    command
      .requiredOption('--from <backup>', 'id of the backup, as "tenantatlas backups" shows it')
      .option('--to <tenant>', 'name or id; may be left out when there is only one')
      .option('--from-tenant <tenant>', 'whose backup it is, when it is of another tenant')
      .option('--only <types>', 'only these policy types, separated by commas')
      .option('--search <text>', 'only what has this in its name')
      .option('--map <file>', 'JSON file: {"group:ID in the backup": "ID in the tenant"}')
      .option(
        '--create-groups <ids>',
        'groups of the backup, by id, that are made (new and empty) where they are missing',
      )
      .option('--prefix <text>', 'put before the name of what is created', '')
      .option('--no-assignments', 'leave assignments as they are')
      .option(
        '--ca-state <state>',
        `Conditional Access comes back ${STATES.join(', ')}`,
        'disabled',
      );
    addClientOptions(command);
    command.addHelpText('after', `\nPolicy types:\n  ${POLICY_TYPES.join('\n  ')}`);
  },
  options: clientOptionsSchema.extend({
    from: backupIdSchema,
    to: z.string().min(1, 'must be a name or an id').optional(),
    fromTenant: z.string().min(1, 'must be a name or an id').optional(),
    only: listSchema
      .pipe(z.array(z.enum(POLICY_TYPES, 'names an unknown type; --help lists them')).min(1))
      .optional(),
    search: z.string().min(1, 'must not be empty').max(200, 'is longer than 200').optional(),
    map: z.string().min(1, 'must name a file').optional(),
    createGroups: listSchema
      .pipe(z.array(z.uuid('must be ids of groups')).max(100, 'are more than 100'))
      .default([]),
    prefix: z.string().max(50, 'is longer than 50'),
    assignments: z.boolean().default(true),
    caState: z.enum(STATES, `must be one of ${STATES.join(', ')}`),
  }),
  async run(cli, given) {
    const api = await openClient(given);
    const to = await chooseTenant(api, given.to);
    const from = given.fromTenant === undefined ? to : await chooseTenant(api, given.fromTenant);
    const restore = await makeRestore(api, {
      from,
      to,
      backupId: given.from,
      types: given.only,
      nameContains: given.search,
      mapping: await readMapping(given.map),
      options: {
        withAssignments: given.assignments,
        namePrefix: given.prefix,
        conditionalAccessState: given.caState,
        createGroups: given.createGroups,
      },
    });
    const asked = { restoreId: restore.id, isJson: given.json };
    const run = await previewRestore(cli, api, to, asked);
    const preview = await readPreview(api, restore.links.self);
    if (given.json) cli.output.json({ ...previewJson(preview), run });
    else {
      printPreview(cli.output, preview);
      cli.output.line(`Show it again with: tenantatlas restore show ${restore.id}`);
    }
    return exitCodeOfRun(run);
  },
});
