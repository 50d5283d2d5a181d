import type { Change } from '../../api/changes.ts';
import type { ComparisonItem, ComparisonKind } from '../../api/comparisons.ts';
import { type Output, printable } from '../output.ts';
import type { Changes } from './read-changes.ts';

/** More differences of one policy than this are counted, not listed. */
const DIFFERENCES_SHOWN = 20;
const VALUE_LENGTH_MAX = 60;

const WORDS = {
  new: ['green', 'added'],
  changed: ['yellow', 'changed'],
  gone: ['red', 'deleted'],
  left_out: ['red', 'missing'],
  unchanged: ['dim', 'same'],
  ambiguous: ['yellow', 'unclear'],
  uncompared: ['red', 'failed'],
} as const satisfies Record<ComparisonKind, readonly [string, string]>;

/** Says what changed, policy by policy and setting by setting. */
export function printChanges(output: Output, changes: Changes): void {
  for (const change of changes.found) {
    printChange(output, change, remarkOf(change), changes.groupNames);
  }
}

type Told = Pick<ComparisonItem, 'kind' | 'name' | 'differences' | 'differenceCount'>;

/** One policy, with a remark beside its name, and what differs in it. */
export function printChange(
  output: Output,
  change: Told,
  remark: string,
  groupNames: ReadonlyMap<string, string>,
): void {
  const [colour, word] = WORDS[change.kind];
  const name = output.style('bold', printable(change.name));
  output.line(`  ${output.style(colour, word.padEnd(8))} ${name}${remark}`);
  for (const difference of change.differences.slice(0, DIFFERENCES_SHOWN)) {
    output.line(`             ${describeDifference(output, difference, groupNames)}`);
  }
  const more = change.differenceCount - Math.min(change.differences.length, DIFFERENCES_SHOWN);
  if (more > 0) output.line(`             … and ${more} more`);
}

function remarkOf(change: Change): string {
  if (change.kind === 'changed') return `  version ${change.before} → ${change.after}`;
  if (change.kind === 'gone') return `  version ${change.before} is kept in the earlier backup`;
  return '';
}

/** One difference in a line: what it was, what it is. */
export function describeDifference(
  output: Output,
  difference: Pick<Change['differences'][number], 'kind' | 'label' | 'before' | 'after'>,
  groupNames: ReadonlyMap<string, string>,
): string {
  const { kind } = difference;
  const label = printable(withGroupNames(difference.label, groupNames));
  const before = output.style('red', valueWords(difference.before));
  const after = output.style('green', valueWords(difference.after));
  if (kind === 'changed') return `${label}: ${before} → ${after}`;
  // An assignment that came or went says all by its target.
  const value = label.startsWith('Assignment: ') ? '' : `: ${kind === 'added' ? after : before}`;
  const sign = kind === 'added' ? output.style('green', '+') : output.style('red', '-');
  return `${sign} ${label}${value}`;
}

/** Groups are told by id; people know them by name. */
export function withGroupNames(label: string, groupNames: ReadonlyMap<string, string>): string {
  return label.replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi, (id) => {
    const name = groupNames.get(id.toLowerCase());
    return name === undefined ? id : `"${name}"`;
  });
}

function valueWords(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  const short = text.length > VALUE_LENGTH_MAX ? `${text.slice(0, VALUE_LENGTH_MAX)}…` : text;
  return printable(short);
}
