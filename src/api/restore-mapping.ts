import { z } from 'zod';
import { pageSchema } from './page.ts';

const candidateSchema = z.object({ id: z.string(), name: z.string() });

/** Something of the source that items of a restore refer to, and what it means in this tenant. */
export const restoreReferenceSchema = z
  .object({
    /** A policy type, or group, user, application and the like. */
    kind: z.string(),
    /** In the source, in small letters; `kind:sourceId` is its key in the mapping. */
    sourceId: z.string(),
    /** What the source calls it, as far as that is known. */
    sourceName: z.string().nullable(),
    how: z
      .enum([
        'by_hand',
        'same_id',
        'same_name',
        'restore_item',
        'new_group',
        'unchecked',
        'nothing',
      ])
      .meta({
        description:
          '`restore_item`: as another item of the restore becomes; `new_group`: a group that the ' +
          'restore makes; `unchecked`: taken over, though it could not be looked up',
      }),
    /** Null: nothing, or what the restore only makes. */
    mappedTo: candidateSchema.extend({ name: z.string().nullable() }).nullable(),
    /** Items that refer to it. */
    items: z.int(),
    /** What could be meant, the likeliest first: by name, among what is known of this tenant. */
    candidates: z.array(candidateSchema).max(5),
  })
  .meta({ id: 'RestoreReference' });

export const restoreMappingPageSchema = pageSchema(restoreReferenceSchema);

export type RestoreReference = z.infer<typeof restoreReferenceSchema>;
