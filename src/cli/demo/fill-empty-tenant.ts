import type { ApiClient } from '../client/api-client.ts';
import type { Cli } from '../command.ts';
import { type Output, printable } from '../output.ts';
import { makeRestore } from '../restores/make-restore.ts';
import { type RestorePreview, readPreview } from '../restores/read-preview.ts';
import { carryOut } from './carry-out.ts';
import { type BackupWithItems, readBackupOf } from './read-backup.ts';
import { lastRunOf, type TenantStory, workRound } from './work-round.ts';

/** A tenant that was filled from another one's backup, and a backup of it. */
export interface FilledTenant {
  readonly restored: RestorePreview;
  readonly backup: BackupWithItems;
}

/**
 * Brings a whole backup into a tenant that has nothing: copied, mapped by name, previewed,
 * confirmed, written. Conditional Access comes back disabled. Then backs that tenant up.
 */
export async function fillEmptyTenant(
  cli: Cli,
  api: ApiClient,
  { from, to }: { readonly from: TenantStory; readonly to: TenantStory },
  first: BackupWithItems,
): Promise<FilledTenant> {
  const { output } = cli;
  await workRound(cli, api, [to], 'connection.verify', ({ connectionId }) => ({ connectionId }));
  output.line('  its groups, so that assignments find those of the same name:');
  await workRound(cli, api, [to], 'directory.sync_groups', () => ({}));
  const restore = await makeRestore(api, {
    from: from.tenant,
    to: to.tenant,
    backupId: first.backup.id,
    types: undefined,
    nameContains: undefined,
    options: { conditionalAccessState: 'disabled' },
    mapping: {},
  });
  output.line(`  ${first.items.length} versions copied; what restoring them would do:`);
  await workRound(cli, api, [to], 'restore.plan', () => ({ restoreId: restore.id }));
  const preview = await readPreview(api, restore.links.self);
  printCounts(output, preview);
  const restored = await carryOut(cli, api, to, preview, 'A tenant like the first one');
  return { restored, backup: await backUp(cli, api, to) };
}

async function backUp(cli: Cli, api: ApiClient, to: TenantStory): Promise<BackupWithItems> {
  cli.output.line('  a backup of it:');
  const input = { name: 'After the restore', selection: { kind: 'all' } };
  await workRound(cli, api, [to], 'backup.create', () => input);
  return readBackupOf(api, to.tenant.id, lastRunOf(to).id);
}

/** Counts, and what is left out with its reason: a line for each created policy is too much. */
function printCounts(output: Output, { restore, items }: RestorePreview): void {
  const { create = 0, update = 0, unchanged = 0, skip = 0, blocked = 0 } = restore.counts ?? {};
  output.line(
    `  ${create} to create, ${update} to update, ${unchanged} the same already, ` +
      `${skip + blocked} left out; Conditional Access comes back disabled`,
  );
  for (const item of items) {
    if (item.action !== 'blocked' && item.action !== 'skip') continue;
    const name = output.style('bold', printable(item.name));
    const why = item.reason === null ? '' : `: ${item.reason.message}`;
    output.line(`  left out ${name}  ${item.typeTitle}${why}`);
  }
  const warnings = items
    .filter(({ action }) => action === 'create' || action === 'update')
    .flatMap((item) => item.warnings.map(({ message }) => message));
  for (const [message, same] of Map.groupBy(warnings, (each) => each)) {
    output.line(`  ${output.style('yellow', '!')} ${message} (${same.length})`);
  }
}
