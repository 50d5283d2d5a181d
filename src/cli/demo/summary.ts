import type { BackupItem } from '../../api/backups.ts';
import type { RunDetail } from '../../api/runs.ts';
import { SECOND } from '../../kernel/durations.ts';
import { type Output, printable } from '../output.ts';
import type { RestoresEnd } from './tell-restores.ts';

/** What the demo did in one tenant: the first backup, and what all its runs cost. */
export interface TenantSummary {
  readonly name: string;
  /** Policies in the first backup, by type. */
  readonly byType: ReadonlyMap<string, number>;
  readonly policies: number;
  /** Policies of the first backup that got a version; with `unchanged` it makes up `policies`. */
  readonly new: number;
  /** Policies of the first backup that refer to a version that was there. */
  readonly unchanged: number;
  readonly failed: number;
  readonly seconds: number;
  readonly graphCalls: number;
  readonly throttled: number;
}

/** Counts the first backup and adds up the runs. */
export function summarise(
  name: string,
  runs: readonly RunDetail[],
  firstBackup: readonly BackupItem[],
  titleOf: (type: string) => string,
): TenantSummary {
  const made = firstBackup.filter((item) => item.isNew).length;
  return {
    name,
    byType: countBy(firstBackup.map((item) => titleOf(item.type))),
    policies: firstBackup.length,
    new: made,
    unchanged: firstBackup.length - made,
    failed: sum(runs.map((run) => run.counts.failed + run.counts.unknown)),
    seconds: Math.round(sum(runs.map(secondsOf)) * 10) / 10,
    graphCalls: sum(runs.map((run) => run.graph.calls)),
    throttled: sum(runs.map((run) => run.graph.throttled)),
  };
}

/** The table with a line per policy type is so wide. */
const WIDE_COLUMNS = 124;

export function printSummaries(output: Output, summaries: readonly TenantSummary[]): void {
  const isWide = !output.isTerminal || output.columns >= WIDE_COLUMNS;
  output.table(
    [
      'Tenant',
      isWide ? 'Policies by type' : 'Policies',
      'New',
      'Unchanged',
      'Failed',
      'Seconds',
      'Graph calls',
      '429s',
    ],
    summaries.map((row) => [
      printable(row.name),
      isWide ? typesOf(row) : row.policies,
      row.new,
      row.unchanged,
      row.failed,
      row.seconds,
      row.graphCalls,
      row.throttled,
    ]),
  );
}

function typesOf({ byType }: TenantSummary): string {
  return [...byType].map(([title, count]) => `${String(count).padStart(3)} ${title}`).join('\n');
}

/** The answer of `--json`: these names and no others are promised. */
export function summaryJson(
  ok: boolean,
  summaries: readonly TenantSummary[],
  restores?: RestoresEnd,
) {
  const tenants = summaries.map(({ byType: _, ...figures }) => figures);
  if (restores === undefined) return { ok, tenants };
  const { putBack, intoEmpty } = restores;
  return { ok, tenants, restores: { putBack, intoEmpty } };
}

/** From the click to the end, waiting included. */
export function secondsOf(run: RunDetail): number {
  if (run.endedAt === null) return 0;
  return (new Date(run.endedAt).getTime() - new Date(run.createdAt).getTime()) / SECOND;
}

function countBy(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of [...names].sort()) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
