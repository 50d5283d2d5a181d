import type { ApiClient } from '../client/api-client.ts';
import { type Output, printable } from '../output.ts';
import { type Comparison, readBody } from './compare-backups.ts';

/** More differences of one policy than this are counted, not listed. */
const DIFFERENCES_SHOWN = 20;

/** Says what changed, policy by policy and setting by setting. */
export async function printComparison(
  output: Output,
  api: ApiClient,
  comparison: Comparison,
): Promise<void> {
  for (const { before, after } of comparison.changed) {
    output.line(`  ${output.style('yellow', 'changed')}  ${printable(after.name)}`);
    const differences = diff(await readBody(api, before), await readBody(api, after));
    for (const line of differences.slice(0, DIFFERENCES_SHOWN)) output.line(`           ${line}`);
    const more = differences.length - DIFFERENCES_SHOWN;
    if (more > 0) output.line(`           … and ${more} more`);
  }
  for (const item of comparison.gone) {
    const kept = `version ${item.versionNumber} is kept in the first backup`;
    output.line(`  ${output.style('red', 'deleted')}  ${printable(item.name)} (${kept})`);
  }
  for (const item of comparison.added) {
    output.line(`  ${output.style('green', 'added')}    ${printable(item.name)}`);
  }
}

function diff(before: unknown, after: unknown): string[] {
  return [`${JSON.stringify(before).length} -> ${JSON.stringify(after).length}`];
}
