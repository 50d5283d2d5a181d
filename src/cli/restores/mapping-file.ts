import type { RestoreReference } from '../../api/restore-mapping.ts';

/** Before the key that it speaks about; whoever reads the file skips it. */
export const REMARK = '// ';

/**
 * A file for `--map`: what is mapped now, null for what has nothing, and before each a remark for
 * people. JSON knows no comments, so remarks are entries of their own.
 */
export function mappingFile(
  references: readonly RestoreReference[],
): Record<string, string | null> {
  const entries = references.flatMap((reference): [string, string | null][] => {
    const key = `${reference.kind}:${reference.sourceId}`;
    const { how, mappedTo } = reference;
    // What the restore makes has no id that could be written down.
    const isMade = mappedTo === null && (how === 'restore_item' || how === 'new_group');
    const remark: [string, string] = [REMARK + key, remarkOf(reference)];
    return isMade ? [remark] : [remark, [key, mappedTo?.id ?? null]];
  });
  return Object.fromEntries(entries);
}

const WORDS = {
  by_hand: 'mapped by hand',
  same_id: 'the same here',
  same_name: 'found by its name',
  restore_item: 'comes with this restore',
  new_group: 'would be made, new and empty',
  unchecked: 'taken over; it could not be looked up',
  nothing: 'not known here',
} as const satisfies Record<RestoreReference['how'], string>;

function remarkOf({ sourceName, how, mappedTo, items, candidates }: RestoreReference): string {
  const name = sourceName === null ? 'name not known' : `"${sourceName}"`;
  const target = mappedTo?.name == null ? '' : ` as "${mappedTo.name}"`;
  const uses = items === 1 ? '1 item' : `${items} items`;
  const likely = candidates
    .filter(({ id }) => id !== mappedTo?.id)
    .map((candidate) => `${candidate.id} "${candidate.name}"`);
  const offered = likely.length === 0 ? '' : `; could be ${likely.join(', ')}`;
  return `${name}: ${WORDS[how]}${target}; ${uses}${offered}`;
}
