import { contractOf, policyTypeSchema } from '../../graph/contracts/list.ts';
import { AppError } from '../../kernel/errors.ts';
import { printChanges } from '../changes/print-changes.ts';
import { readChanges } from '../changes/read-changes.ts';
import { outcomeWords } from '../client/watch-run.ts';
import type { Cli } from '../command.ts';
import { type Output, printable } from '../output.ts';
import type { RestorePreview } from '../restores/read-preview.ts';
import { countBodies } from './count-bodies.ts';
import { headline } from './headline.ts';
import { previewPutBack } from './preview-put-back.ts';
import { type BackupWithItems, readBackupOf } from './read-backup.ts';
import type { DemoTenant } from './set-up-demo.ts';
import type { Stage } from './stage.ts';
import { summarise, type TenantSummary } from './summary.ts';
import { tamper } from './tamper.ts';
import { type RestoresEnd, tellRestores } from './tell-restores.ts';
import { lastRunOf, type TenantStory, workRound } from './work-round.ts';

export interface StoryEnd {
  readonly isGood: boolean;
  readonly summaries: readonly TenantSummary[];
  /** Undefined when none was asked for. */
  readonly restores: RestoresEnd | undefined;
}

/** Connect, sync, back up; then somebody changes things, and the next backup finds it out. */
export async function tellStory(cli: Cli, stage: Stage): Promise<StoryEnd> {
  const { output } = cli;
  const { api } = stage;
  const stories: TenantStory[] = stage.tenants.map((tenant) => ({ tenant, runs: [] }));
  await printCorpus(output, stage);

  output.line(headline(output, '1. Connect: sign in and look what may be read'));
  await workRound(cli, api, stories, 'connection.verify', ({ connectionId }) => ({ connectionId }));
  output.line(headline(output, '2. Sync: the inventory of every policy type'));
  await workRound(cli, api, stories, 'policy.sync', () => ({}));
  output.line(headline(output, '3. Back up: every policy, complete, as an immutable version'));
  await workRound(cli, api, stories, 'backup.create', () => backupInput('First backup'));

  const backups = new Map<TenantStory, BackupWithItems>();
  for (const story of stories) {
    backups.set(story, await readBackupOf(api, story.tenant.id, lastRunOf(story).id));
  }
  const [victim] = stories;
  const first = victim === undefined ? undefined : backups.get(victim);
  if (victim === undefined || first === undefined) throw new AppError('internal');
  const { isExact, preview } = await findOut(cli, stage, victim, first);
  const filled = storyOf(stage.emptyTenant);
  const restores = filled && (await tellRestores(cli, stage, [victim, filled], { first, preview }));
  const runs = [...stories, ...(filled === undefined ? [] : [filled])].flatMap((each) => each.runs);
  for (const run of runs.filter(({ outcome }) => outcome !== 'succeeded')) {
    output.note(`${run.title}: ${outcomeWords(run)}`);
  }
  return {
    isGood:
      isExact && restores?.isGood !== false && runs.every(({ outcome }) => outcome === 'succeeded'),
    restores,
    summaries: stories.map((story) =>
      summarise(story.tenant.name, story.runs, backups.get(story)?.items ?? [], titleOf),
    ),
  };
}

function storyOf(tenant: DemoTenant | undefined): TenantStory | undefined {
  return tenant === undefined ? undefined : { tenant, runs: [] };
}

interface FoundOut {
  /** The backup found exactly what had been done. */
  readonly isExact: boolean;
  /** Of putting it back; undefined when there is nothing to put back. */
  readonly preview: RestorePreview | undefined;
}

/** The second part. */
async function findOut(
  cli: Cli,
  stage: Stage,
  victim: TenantStory,
  first: BackupWithItems,
): Promise<FoundOut> {
  const { output } = cli;
  const { api, app } = stage;
  const { id, name, entraTenantId } = victim.tenant;
  output.line(headline(output, `4. Meanwhile, in the portal of ${printable(name)} …`));
  const deeds = await tamper(stage.simulator, entraTenantId);
  if (deeds.length === 0) output.line('  nothing here that could be changed');
  for (const deed of deeds) output.line(`  ${printable(deed.policyName)}: ${deed.what}`);

  output.line(headline(output, '5. Back up again'));
  const bodiesBefore = await countBodies(app.db, id);
  await workRound(cli, api, [victim], 'backup.create', () => backupInput('Second backup'));
  const newBodies = (await countBodies(app.db, id)) - bodiesBefore;
  const second = await readBackupOf(api, id, lastRunOf(victim).id);

  const changes = await readChanges(api, id, { backup: second.backup.id });
  const storedTwice = newBodies - countNewContents(first, second);
  const counts = `${changes.found.length} changed, ${changes.unchanged} unchanged`;
  output.line(headline(output, `${counts}, ${storedTwice} bodies stored twice`));
  printChanges(output, changes);

  output.line(headline(output, '6. Preview: what putting that back would do; nothing is written'));
  const preview = await previewPutBack(cli, stage, victim, first, changes.found);
  return { isExact: changes.found.length === deeds.length && storedTwice === 0, preview };
}

/** Contents that the second backup holds and the first does not: each needs one body. */
function countNewContents(first: BackupWithItems, second: BackupWithItems): number {
  const known = new Set(first.items.map((item) => item.contentHash));
  const contents = new Set(second.items.map((item) => item.contentHash));
  return [...contents].filter((hash) => !known.has(hash)).length;
}

function backupInput(name: string) {
  return { name, selection: { kind: 'all' } };
}

async function printCorpus(output: Output, stage: Stage): Promise<void> {
  if (stage.corpus === undefined) return;
  const { files, loaded, unserved, unreadable } = await stage.simulator.corpus();
  const holder = printable(stage.tenants[0]?.name ?? '');
  output.line(
    `Corpus: ${files} files, ${loaded.length} objects in ${holder}; ` +
      `${unserved.length} files are of types not served yet, ${unreadable.length} cannot be read.`,
  );
  for (const { file } of unreadable) output.line(`  cannot be read: ${printable(file)}`);
  const types = Map.groupBy(unserved, ({ type }) => type);
  const counts = [...types].map(([type, group]) => `${group.length} ${type}`);
  if (counts.length > 0) output.line(`  not served yet: ${counts.join(', ')}`);
  output.line(`  by name: ${stage.simulator.url}/_simulator/corpus`);
}

function titleOf(type: string): string {
  const known = policyTypeSchema.safeParse(type);
  return known.success ? contractOf(known.data).title : type;
}
