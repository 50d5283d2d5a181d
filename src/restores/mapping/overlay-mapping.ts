import { isNewGroupId } from '../../graph/writing/new-groups.ts';
import type { Restore } from '../find-restore.ts';
import { isPendingId, keyOf } from '../planning/resolve-references.ts';
import type { ReferenceRow } from './list-references.ts';

/**
 * A page of references as the mapping has them now. What was mapped by hand since the preview is
 * shown as if it had been known then (whether it exists is found out by the next one), and what is
 * not mapped any more as nothing. No target for what the restore only makes.
 */
export function overlayMapping(
  {
    mapping,
    revision,
    planned_revision,
  }: Pick<Restore, 'mapping' | 'revision' | 'planned_revision'>,
  rows: readonly ReferenceRow[],
): readonly ReferenceRow[] {
  if (revision === planned_revision) return rows.map(withoutPending);
  const byHand = new Map(Object.entries(mapping).map(([key, to]) => [lowerId(key), to]));
  return rows.map((row) => {
    const target = byHand.get(keyOf(row.kind, row.source_id));
    if (target !== undefined) return { ...row, how: 'by_hand', target };
    return row.how === 'by_hand' ? { ...row, how: 'nothing', target: null } : withoutPending(row);
  });
}

function withoutPending(row: ReferenceRow): ReferenceRow {
  const { target } = row;
  const isMade = target !== null && (isPendingId(target) || isNewGroupId(target));
  return isMade ? { ...row, target: null } : row;
}

/** As people may have written it; a kind has no colon in it. */
function lowerId(key: string): string {
  const at = key.indexOf(':');
  return keyOf(key.slice(0, at), key.slice(at + 1));
}
