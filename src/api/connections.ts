import { z } from 'zod';
import { connectionIdSchema } from '../kernel/ids.ts';
import { instantSchema } from './instant.ts';

/** The application that may write, while it is armed; never with its credential. */
const writeRegistrationSchema = z
  .object({
    clientId: z.string(),
    verifiedAt: instantSchema.nullable(),
    /** Null: runs may not write to this tenant now. */
    armedUntil: instantSchema.nullable(),
    armedBy: z.string().nullable(),
  })
  .meta({ id: 'WriteRegistration' });

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
    /** Null: nothing may write to this tenant. */
    writeRegistration: writeRegistrationSchema.nullable(),
  })
  .meta({ id: 'Connection' });

export type Connection = z.infer<typeof connectionSchema>;
