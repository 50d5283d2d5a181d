import { z } from 'zod';
import { allCapabilities, ROLES } from '../kernel/capabilities.ts';
import { tenantIdSchema } from '../kernel/ids.ts';
import { instantSchema } from './instant.ts';

export const roleSchema = z.enum(ROLES);
export const capabilitySchema = z.enum(allCapabilities());

/** A tenant as the caller may see it. */
export const tenantSchema = z
  .object({
    id: tenantIdSchema,
    name: z.string(),
    role: roleSchema,
    /** What this caller may do here: the role, cut down to the token's scopes. */
    capabilities: z.array(capabilitySchema),
    createdAt: instantSchema,
    links: z.object({ self: z.string() }),
  })
  .meta({ id: 'Tenant' });

export type Tenant = z.infer<typeof tenantSchema>;
