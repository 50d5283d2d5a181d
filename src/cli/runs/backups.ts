import { z } from 'zod';
import { type Backup, backupSchema } from '../../api/backups.ts';
import { backupIdSchema, type TenantId } from '../../kernel/ids.ts';
import { printChanges } from '../changes/print-changes.ts';
import { type Changes, readChanges } from '../changes/read-changes.ts';
import type { ApiClient } from '../client/api-client.ts';
import { chooseTenant } from '../client/choose-tenant.ts';
import { addClientOptions, clientOptionsSchema, openClient } from '../client/client-options.ts';
import { defineCommand, limitSchema } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { type Output, printable } from '../output.ts';
import { takeSome } from '../take-some.ts';
import { tenantOption } from './run-options.ts';

const MISFIT = 'must be the ids of one or two backups';

/** `backups`: what was kept; with `--compare` what changed between two of them. */
export const backupsCommand = defineCommand({
  describe(command) {
    command
      .option('--tenant <tenant>', 'name or id; may be left out when there is only one')
      .option(
        '--compare <backups...>',
        'what changed from the first of these to the second; or, of one, since the one before it',
      )
      .option('--limit <n>', 'so many at most', '50');
    addClientOptions(command);
  },
  options: clientOptionsSchema.extend({
    tenant: tenantOption,
    compare: z.array(backupIdSchema, MISFIT).min(1, MISFIT).max(2, MISFIT).optional(),
    limit: limitSchema,
  }),
  async run({ output }, { tenant: named, compare, limit, ...options }) {
    const api = await openClient(options);
    const tenant = await chooseTenant(api, named);
    if (compare !== undefined) {
      await compareTwo(output, api, tenant.id, { ids: compare, isJson: options.json });
      return EXIT.ok;
    }
    const list = api.list(`/api/tenants/${tenant.id}/backups`, backupSchema);
    const backups = await takeSome(list, limit);
    if (options.json) output.json(backups);
    else if (backups.length === 0) output.line('No backups. Make one with: tenantatlas backup');
    else output.table(['Id', 'Name', 'State', 'By', 'Made'], backups.map(rowOf));
    return EXIT.ok;
  },
});

async function compareTwo(
  output: Output,
  api: ApiClient,
  tenantId: TenantId,
  asked: { readonly ids: readonly z.infer<typeof backupIdSchema>[]; readonly isJson: boolean },
): Promise<void> {
  const [backup, since] = asked.ids.toReversed();
  if (backup === undefined) return;
  const changes = await readChanges(api, tenantId, { backup, since });
  if (asked.isJson) {
    output.json({ ...changes, groupNames: Object.fromEntries(changes.groupNames) });
    return;
  }
  output.line(headlineOf(changes));
  printChanges(output, changes);
}

function headlineOf({ since, found, unchanged }: Changes): string {
  const than = since === null ? 'there is no backup before it' : `compared with ${since}`;
  return `${found.length} changed, ${unchanged} unchanged (${than})`;
}

function rowOf(backup: Backup) {
  return [
    backup.id,
    printable(backup.name),
    backup.state,
    printable(backup.madeBy),
    backup.createdAt,
  ];
}
