import { z } from 'zod';

/** Why something ended as it did: the code, and its words for people. */
export const reasonSchema = z
  .object({ code: z.string(), message: z.string(), next: z.string() })
  .meta({ id: 'Reason' });

export type Reason = z.infer<typeof reasonSchema>;
