import { z } from 'zod';
import { WRITE_POINTS } from '../../src/restores/writing/points.ts';

/**
 * At which point of a restore a worker is to kill itself: the nth time that it comes there, and so
 * long after. At once means before the next thing is done; later, somewhere in it.
 */
export const orderSchema = z.object({
  point: z.enum(WRITE_POINTS),
  after: z.number(),
  delayMs: z.number(),
});
export type Order = z.infer<typeof orderSchema>;
