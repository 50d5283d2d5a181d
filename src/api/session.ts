import { z } from 'zod';
import { userIdSchema } from '../kernel/ids.ts';
import { instantSchema } from './instant.ts';

/** Who is signed in, and since when. */
export const sessionSchema = z
  .object({
    user: z.object({ id: userIdSchema, name: z.string(), isAdmin: z.boolean() }),
    session: z.object({
      id: z.uuid(),
      createdAt: instantSchema,
      expiresAt: instantSchema,
      authenticatedAt: instantSchema,
    }),
  })
  .meta({ id: 'Session' });

export type Session = z.infer<typeof sessionSchema>;
