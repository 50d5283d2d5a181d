import { z } from 'zod';
import { instantSchema } from './instant.ts';

/** A group of the tenant's directory as last seen. */
export const groupSchema = z
  .object({
    /** As Microsoft Graph calls it, in small letters. */
    id: z.string(),
    name: z.string(),
    description: z.string().nullable(),
    /** Says who belongs to it; null where members are added by hand. */
    membershipRule: z.string().nullable(),
    kind: z
      .enum(['security', 'mail_security', 'microsoft365', 'distribution'])
      .nullable()
      .meta({ description: 'Null until the groups of the tenant were synced' }),
    seenAt: instantSchema,
    /** Microsoft Graph does not know it any more. */
    missingSince: instantSchema.nullable(),
  })
  .meta({ id: 'Group' });

export type Group = z.infer<typeof groupSchema>;
