import { z } from 'zod';
import { auditIdSchema } from '../kernel/ids.ts';
import { instantSchema } from './instant.ts';

/** Who did what, as the names were. */
export const auditEntrySchema = z
  .object({
    id: auditIdSchema,
    at: instantSchema,
    actor: z.object({
      kind: z.enum(['user', 'token', 'schedule', 'system']),
      id: z.string().nullable(),
      label: z.string(),
    }),
    action: z.string(),
    subject: z.object({ kind: z.string(), id: z.string() }),
    details: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'AuditEntry' });
