import { z } from 'zod';
import { restoreIdSchema } from '../../kernel/ids.ts';

export const planInputSchema = z.strictObject({ restoreId: restoreIdSchema });
export type PlanInput = z.infer<typeof planInputSchema>;

/** Failures that may pass are tried this often. */
export const PLAN_ATTEMPTS_MAX = 5;
