import type { Change } from '../../api/changes.ts';
import { restoreDetailSchema } from '../../api/restores.ts';
import type { Cli } from '../command.ts';
import { printPreview } from '../restores/print-preview.ts';
import { type RestorePreview, readPreview } from '../restores/read-preview.ts';
import type { BackupWithItems } from './read-backup.ts';
import type { Stage } from './stage.ts';
import { type TenantStory, workRound } from './work-round.ts';

/** Shows what putting the first backup's versions of these policies back would do. */
export async function previewPutBack(
  cli: Cli,
  { api }: Pick<Stage, 'api'>,
  victim: TenantStory,
  first: BackupWithItems,
  changes: readonly Change[],
): Promise<RestorePreview | undefined> {
  const changed = new Set<string>(changes.map(({ policyId }) => policyId));
  const versionIds = first.items
    .filter(({ policyId }) => changed.has(policyId))
    .map(({ versionId }) => versionId);
  if (versionIds.length === 0) return undefined;
  const source = { kind: 'versions', versionIds };
  const body = { name: 'Put back what was changed', source };
  const path = `/api/tenants/${victim.tenant.id}/restores`;
  const restore = await api.post(path, body, restoreDetailSchema);
  await workRound(cli, api, [victim], 'restore.plan', () => ({ restoreId: restore.id }));
  const preview = await readPreview(api, restore.links.self);
  printPreview(cli.output, preview);
  return preview;
}
