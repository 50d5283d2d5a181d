import { z } from 'zod';

/** The server answers; it says nothing about the database. */
export const healthSchema = z.object({ status: z.literal('ok') }).meta({ id: 'Health' });
