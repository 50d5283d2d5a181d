import type { BackupItem } from '../../api/backups.ts';
import type { RunDetail } from '../../api/runs.ts';
import { SECOND } from '../../kernel/durations.ts';
import { type Output, printable } from '../output.ts';

/** What the demo did in one tenant, over all its runs. */
export interface TenantSummary {
  readonly name: string;
  /** Policies in the first backup, by type. */
  readonly byType: ReadonlyMap<string, number>;
  readonly policies: number;
  /** Versions made, over all backups. */
  readonly new: number;
  /** Policies of which a backup refers to the version that was there. */
  readonly unchanged: number;
  readonly failed: number;
  readonly seconds: number;
  readonly graphCalls: number;
  readonly throttled: number;
}

/** Adds up a tenant's runs and backups. */
export function summarise(
  name: string,
  runs: readonly RunDetail[],
  backups: readonly (readonly BackupItem[])[],
  titleOf: (type: string) => string,
): TenantSummary {
  const [first = []] = backups;
  const all = backups.flat();
  const made = all.filter((item) => item.isNew).length;
  return {
    name,
    byType: countBy(first.map((item) => titleOf(item.type))),
    policies: first.length,
    new: made,
    unchanged: all.length - made,
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
export function summaryJson(ok: boolean, summaries: readonly TenantSummary[]) {
  return { ok, tenants: summaries.map(({ byType: _, ...figures }) => figures) };
}

/** From the click to the end, waiting included. */
function secondsOf(run: RunDetail): number {
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
