import type { RestoreItem } from '../../api/restores.ts';
import { describeDifference } from '../changes/print-changes.ts';
import { type Output, printable } from '../output.ts';
import type { RestorePreview } from './read-preview.ts';

type State = NonNullable<NonNullable<RestoreItem['result']>['state']>;

const WORDS = {
  verified: ['green', 'done'],
  removed: ['green', 'deleted'],
  differs: ['red', 'differs'],
  failed: ['red', 'failed'],
  unknown: ['yellow', 'decide'],
  not_written: ['dim', 'not done'],
} as const satisfies Record<State, readonly [string, string]>;

/** Says what became of each item of a restore that was carried out, and what can be done next. */
export function printResults(output: Output, { restore, items, groupNames }: RestorePreview): void {
  for (const item of items) {
    const state = item.result?.state ?? null;
    if (item.result === null || state === null) continue;
    const [colour, word] = WORDS[state];
    const name = output.style('bold', printable(item.name));
    output.line(`  ${output.style(colour, word.padEnd(8))} ${name}  ${item.typeTitle}`);
    if (item.result.reason !== null) {
      output.line(`           ${item.result.reason.message} ${item.result.reason.next}`);
    }
    for (const difference of item.result.differences) {
      output.line(`           ${describeDifference(output, difference, groupNames)}`);
    }
    for (const candidate of item.result.candidates) {
      output.line(`           candidate ${printable(candidate)}  (item ${item.versionId})`);
    }
  }
  for (const line of nextSteps(restore)) output.line(line);
}

function nextSteps({ id, results }: RestorePreview['restore']): string[] {
  if (results === null) return [];
  const failed = results.failed + results.differs + results.not_written;
  const written = results.verified + results.differs + results.failed;
  return [
    ...(results.unknown > 0 ? [`Decide with: tenantatlas restore decide ${id} --help`] : []),
    ...(failed > 0 ? [`Try the failed ones again with: tenantatlas restore retry ${id}`] : []),
    ...(written > 0 ? [`Take it back with: tenantatlas restore undo ${id}`] : []),
  ];
}
