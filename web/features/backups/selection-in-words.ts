import { z } from 'zod';

const selectionSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('all') }),
  z.object({ kind: z.literal('types'), types: z.array(z.string()) }),
  z.object({ kind: z.literal('policies'), policyIds: z.array(z.string()) }),
]);

/** What a backup was asked to hold. */
export function selectionInWords(selection: unknown): string {
  const parsed = selectionSchema.safeParse(selection);
  if (!parsed.success) return 'What a run chose';
  const chosen = parsed.data;
  switch (chosen.kind) {
    case 'all':
      return 'Everything';
    case 'types':
      return chosen.types.length === 1 ? 'One type' : `${chosen.types.length} types`;
    case 'policies':
      if (chosen.policyIds.length === 0) return 'What a restore overwrote';
      return chosen.policyIds.length === 1 ? 'One policy' : `${chosen.policyIds.length} policies`;
  }
}
