import { chooseTenant } from '../client/choose-tenant.ts';
import type { Cli } from '../command.ts';
import { makeComparison } from '../diff/compare-tenants.ts';
import { type ReadComparison, readComparison } from '../diff/read-comparison.ts';
import type { BackupWithItems } from './read-backup.ts';
import type { Stage } from './stage.ts';
import { type TenantStory, workRound } from './work-round.ts';

/** A tenant's backup. */
export interface Saved {
  readonly story: TenantStory;
  readonly backup: BackupWithItems;
}

/** Compares two tenants' backups as `tenantatlas diff` does: by names, as ids differ anyway. */
export async function compareWithSource(
  cli: Cli,
  { api }: Pick<Stage, 'api'>,
  source: Saved,
  target: Saved,
): Promise<ReadComparison> {
  const place = async ({ story, backup }: Saved) => ({
    side: { kind: 'backup' as const, id: backup.backup.id },
    tenant: await chooseTenant(api, story.tenant.id),
  });
  const { id, links } = await makeComparison(api, await place(source), await place(target));
  await workRound(cli, api, [target.story], 'tenant.compare', () => ({ comparisonId: id }));
  return readComparison(api, links.self);
}
