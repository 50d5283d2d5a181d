import type { ComparisonItem, VersionDifferences } from '../../api/comparisons.ts';
import { describeDifference, printChange } from '../changes/print-changes.ts';
import { type Output, printable } from '../output.ts';
import type { ReadComparison } from './read-comparison.ts';

/** Says what a comparison found, policy by policy and setting by setting. */
export function printComparison(output: Output, found: ReadComparison): void {
  const { comparison, items, groupNames } = found;
  output.line(`${printable(comparison.before.label)} → ${printable(comparison.after.label)}`);
  for (const item of items) printChange(output, item, remarkOf(item), groupNames);
  output.line(summaryOf(found));
}

function remarkOf(item: ComparisonItem): string {
  const type = `  ${item.typeTitle}`;
  if (item.kind === 'ambiguous') return `${type}, several of this name`;
  if (item.kind === 'uncompared') return `${type}, could not be compared`;
  return type;
}

function summaryOf({ comparison, items }: ReadComparison): string {
  if (isSame(comparison, items)) return 'No differences.';
  const count = (kind: ComparisonItem['kind']) => items.filter((item) => item.kind === kind).length;
  const unclear = count('ambiguous') + count('uncompared');
  return (
    `${count('changed')} changed, ${count('new')} added, ` +
    `${count('gone')} deleted, ${count('left_out')} missing, ` +
    `${comparison.counts?.unchanged ?? 0} the same` +
    `${unclear === 0 ? '' : `, ${unclear} not compared`}.`
  );
}

/** Only what was compared to the end can be called the same. */
export function isSame(
  { state }: ReadComparison['comparison'],
  items: readonly ComparisonItem[],
): boolean {
  return state === 'complete' && items.length === 0;
}

/** Says what differs between two versions. */
export function printVersions(output: Output, found: VersionDifferences): void {
  const { before, after, differences, differenceCount } = found;
  const name = (side: typeof after) => `${printable(side.name)}, version ${side.number}`;
  output.line(`${before === null ? '' : name(before)} → ${name(after)}  ${found.typeTitle}`);
  const groupNames = new Map(Object.entries(found.groupNames));
  for (const difference of differences) {
    output.line(`  ${describeDifference(output, difference, groupNames)}`);
  }
  const more = differenceCount - differences.length;
  if (more > 0) output.line(`  … and ${more} more`);
  if (differenceCount === 0) output.line('No differences.');
}
