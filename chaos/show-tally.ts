import type { Output } from '../src/cli/output.ts';
import type { Tally } from './tally.ts';

/** What it came to, for people: how workers ended, how items did, and whatever must not be. */
export function showTally(output: Output, title: string, tally: Tally): void {
  output.line(output.style('bold', title));
  output.table(['what', 'count'], Object.entries(tally.figures()));
  output.table(['a worker ended', 'times'], byCount(tally.deaths));
  output.table(['an item became', 'times'], byCount(tally.results));
  for (const { charge, what } of tally.findings) output.line(`${charge}: ${what}`);
}

function byCount(counts: ReadonlyMap<string, number>): (readonly [string, number])[] {
  return [...counts].sort(([, one], [, other]) => other - one);
}
