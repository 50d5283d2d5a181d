import type { RestoreItem } from '../../api/restores.ts';
import { describeDifference, withGroupNames } from '../changes/print-changes.ts';
import { type Output, printable } from '../output.ts';
import type { RestorePreview } from './read-preview.ts';

/** More differences of one item than this are counted, not listed. */
const DIFFERENCES_SHOWN = 20;

type Action = NonNullable<RestoreItem['action']>;

const WORDS = {
  create: ['green', 'create'],
  update: ['yellow', 'update'],
  delete: ['red', 'delete'],
  unchanged: ['dim', 'same'],
  skip: ['dim', 'skip'],
  blocked: ['red', 'blocked'],
} as const satisfies Record<Action, readonly [string, string]>;

/** Says what a restore would do, item by item and setting by setting. */
export function printPreview(output: Output, preview: RestorePreview): void {
  const { restore, items } = preview;
  for (const item of items.filter(isWorthALine)) printItem(output, preview, item);
  if (restore.counts !== null) {
    const { create, update, unchanged, skip, blocked } = restore.counts;
    const deleted = restore.counts.delete === 0 ? '' : `${restore.counts.delete} to delete, `;
    output.line(
      `${create} to create, ${update} to update, ${deleted}${unchanged} unchanged, ` +
        `${skip} left out, ${blocked} blocked. Nothing was written.`,
    );
  }
  if (items.some(({ secrets }) => secrets.some(({ isEntered }) => !isEntered))) {
    const command = `tenantatlas restore secret ${restore.id} --item NAME --place PLACE`;
    output.line(`Enter missing values with: ${command} --value-file FILE`);
  }
  for (const { message, next } of restore.stale) output.line(`${message} ${next}`);
}

/** What is as it was, and what somebody chose to leave out, is only counted. */
function isWorthALine({ action, warnings }: RestoreItem): boolean {
  return action !== null && (warnings.length > 0 || (action !== 'unchanged' && action !== 'skip'));
}

function printItem(output: Output, { groupNames }: RestorePreview, item: RestoreItem): void {
  if (item.action === null) return;
  const [colour, word] = WORDS[item.action];
  const name = output.style('bold', printable(item.name));
  output.line(`  ${output.style(colour, word.padEnd(8))} ${name}  ${item.typeTitle}`);
  for (const difference of item.differences.slice(0, DIFFERENCES_SHOWN)) {
    output.line(`${INDENT}${describeDifference(output, difference, groupNames)}`);
  }
  const more = item.differenceCount - Math.min(item.differences.length, DIFFERENCES_SHOWN);
  if (more > 0) output.line(`${INDENT}… and ${more} more`);
  if (item.reason !== null && item.action === 'blocked') {
    output.line(`${INDENT}${output.style('red', item.reason.message)} ${item.reason.next}`);
  }
  for (const { place, isEntered } of item.secrets) {
    const mark = isEntered ? output.style('green', '=') : output.style('yellow', '?');
    const where = place === '' ? 'place "" (the policy itself)' : `place ${printable(place)}`;
    output.line(`${INDENT}${mark} ${where}: value ${isEntered ? 'entered' : 'missing'}`);
  }
  for (const warning of item.warnings.filter(({ code }) => code !== 'restore.secrets_missing')) {
    const what = warning.id === undefined ? '' : ` (${warning.kind} ${warning.id})`;
    const words = `${warning.message}${printable(withGroupNames(what, groupNames))}`;
    output.line(`${INDENT}${output.style('yellow', '!')} ${words}`);
  }
}

const INDENT = '             ';
