import type { RestoreDetail } from '../../api/restores.ts';
import type { ApiClient } from '../client/api-client.ts';
import type { Cli } from '../command.ts';
import { printComparison } from '../diff/print-comparison.ts';
import type { ReadComparison } from '../diff/read-comparison.ts';
import { printable } from '../output.ts';
import { printResults } from '../restores/print-results.ts';
import type { RestorePreview } from '../restores/read-preview.ts';
import { carryOut } from './carry-out.ts';
import { compareWithSource } from './compare-with-source.ts';
import { fillEmptyTenant } from './fill-empty-tenant.ts';
import { headline } from './headline.ts';
import type { BackupWithItems } from './read-backup.ts';
import type { Stage } from './stage.ts';
import { secondsOf } from './summary.ts';
import type { TenantStory } from './work-round.ts';

/** What a restore came to. */
export interface RestoreFigures {
  readonly done: number;
  readonly failed: number;
  readonly seconds: number;
}

/** What became of a backup in a tenant without policies. */
export interface FilledFigures extends RestoreFigures {
  readonly tenant: string;
  /** There already, in every tenant. */
  readonly unchanged: number;
  /** Previewed and not written, for a reason that was told. */
  readonly leftOut: number;
  /** Read as they were saved, apart from ids. */
  readonly equal: number;
  readonly different: number;
}

export interface RestoresEnd {
  readonly isGood: boolean;
  readonly putBack: RestoreFigures;
  readonly intoEmpty: FilledFigures;
}

interface ToRestore {
  readonly first: BackupWithItems;
  /** Of what was changed; undefined when nothing was. */
  readonly preview: RestorePreview | undefined;
}

/** The third part, when asked to: what was changed is put back, and an empty tenant is filled. */
export async function tellRestores(
  cli: Cli,
  stage: Stage,
  [from, to]: readonly [from: TenantStory, to: TenantStory],
  { first, preview }: ToRestore,
): Promise<RestoresEnd> {
  const { output } = cli;
  const { api } = stage;
  output.line(headline(output, '7. Restore: carry that preview out'));
  const putBack = await putBackChanged(cli, api, from, preview);

  const name = printable(to.tenant.name);
  output.line(headline(output, `8. The first backup into ${name}, a tenant without any policy`));
  const { restored, backup } = await fillEmptyTenant(cli, api, { from, to }, first);
  const written = figuresOf(restored.restore, to);
  if (written.failed > 0) printResults(output, restored);

  output.line(headline(output, '9. What was saved against what reads there now, apart from ids'));
  const source = { story: from, backup: first };
  const compared = await compareWithSource(cli, stage, source, { story: to, backup });
  printComparison(output, compared);
  const { unchanged = 0, skip = 0, blocked = 0 } = restored.restore.counts ?? {};
  const equal = compared.comparison.counts?.unchanged ?? 0;
  const different = compared.items.filter(({ kind }) => kind === 'changed').length;
  const leftOut = skip + blocked;
  output.line(
    `${written.done} restored in ${written.seconds} s, ${written.failed} failed, ${leftOut} left ` +
      `out, ${unchanged} there before: ${equal} are equal, ${different} are different`,
  );
  return {
    isGood:
      putBack.failed + written.failed === 0 &&
      isExpected(compared) &&
      equal + different === written.done + unchanged,
    putBack,
    intoEmpty: { tenant: to.tenant.name, ...written, unchanged, leftOut, equal, different },
  };
}

async function putBackChanged(
  cli: Cli,
  api: ApiClient,
  victim: TenantStory,
  preview: RestorePreview | undefined,
): Promise<RestoreFigures> {
  if (preview === undefined) {
    cli.output.line('  nothing here that could be put back');
    return { done: 0, failed: 0, seconds: 0 };
  }
  const done = await carryOut(cli, api, victim, preview, 'Put back what was changed');
  printResults(cli.output, done);
  return figuresOf(done.restore, victim);
}

/** The seconds are those of the run that wrote it, the last of its kind. */
function figuresOf({ results }: RestoreDetail, { runs }: TenantStory): RestoreFigures {
  const run = runs.findLast(({ type }) => type === 'restore.execute');
  const { verified = 0, differs = 0, failed = 0, unknown = 0 } = results ?? {};
  const notWritten = results?.not_written ?? 0;
  return {
    done: verified,
    failed: differs + failed + unknown + notWritten,
    seconds: run === undefined ? 0 : Math.round(secondsOf(run) * 10) / 10,
  };
}

/** All was compared, and what differs is what was asked for: Conditional Access came disabled. */
function isExpected({ comparison, items }: ReadComparison): boolean {
  const unclear = items.filter(({ kind }) => kind === 'ambiguous' || kind === 'uncompared');
  const paths = items
    .filter(({ kind }) => kind === 'changed')
    .flatMap(({ differences }) => differences.map(({ path }) => path));
  const isAllCompared = comparison.state === 'complete' && unclear.length === 0;
  return isAllCompared && paths.every((path) => path === 'state');
}
