import { z } from 'zod';
import { instantSchema } from './instant.ts';
import { reasonSchema } from './reason.ts';

/** What a tenant's connection can see of one policy type, as last found out. */
export const coverageSchema = z
  .object({
    type: z.string(),
    typeTitle: z.string(),
    state: z.enum(['covered', 'not_licensed', 'not_permitted', 'refused']),
    reason: reasonSchema.nullable(),
    checkedAt: instantSchema,
  })
  .meta({ id: 'Coverage' });
