import { z } from 'zod';
import { connectionIdSchema } from '../kernel/ids.ts';
import { instantSchema } from './instant.ts';

/** How we sign in to a tenant's Graph; never with its credential. */
export const connectionSchema = z
  .object({
    id: connectionIdSchema,
    cloud: z.enum(['global', 'usGov', 'china']),
    entraTenantId: z.string(),
    clientId: z.string(),
    credentialKind: z.enum(['secret', 'certificate']),
    /** Grows with each change of credentials. */
    version: z.int(),
    verifiedAt: instantSchema.nullable(),
    createdAt: instantSchema,
  })
  .meta({ id: 'Connection' });
