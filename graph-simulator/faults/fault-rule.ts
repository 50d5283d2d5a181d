import { z } from 'zod';
import { APP_USES } from '../state/tenant.ts';

const seconds = z.number().min(0).max(86_400);
const milliseconds = z.number().int().min(0).max(600_000);

/** What can go wrong on request. */
export const faultSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('status'),
    status: z.number().int().min(400).max(599),
    code: z.string().max(100).optional(),
    message: z.string().max(2000).optional(),
    retryAfter: seconds.optional(),
  }),
  /** 429; null = without Retry-After, a fraction is sent as such. */
  z.strictObject({ kind: z.literal('throttle'), retryAfter: seconds.nullable().optional() }),
  /** The connection is destroyed before anything is executed. */
  z.strictObject({ kind: z.literal('reset') }),
  /** Executed; half of the body is sent, then the connection is destroyed. */
  z.strictObject({ kind: z.literal('resetMidBody') }),
  z.strictObject({ kind: z.literal('executedThenReset') }),
  z.strictObject({
    kind: z.literal('executedThenStatus'),
    status: z.number().int().min(400).max(599).default(504),
  }),
  /** Half of the elements are left out, and so is the next link. */
  z.strictObject({ kind: z.literal('halfPage') }),
  z.strictObject({ kind: z.literal('wrongSettingCount'), delta: z.number().int() }),
  /** Executed at once, answered later; goes together with other faults. */
  z.strictObject({ kind: z.literal('delay'), ms: milliseconds }),
  z.strictObject({ kind: z.literal('notPermitted') }),
  z.strictObject({ kind: z.literal('notLicensed') }),
  z.strictObject({ kind: z.literal('malformedJson') }),
  /** Never answered. */
  z.strictObject({ kind: z.literal('hang') }),
  /** What this POST creates shows up later, by id and in the list; goes together with others. */
  z.strictObject({
    kind: z.literal('visibleAfter'),
    getMs: milliseconds.default(0),
    listMs: milliseconds.default(0),
  }),
  /** Standing: what the tenant grants from now on; to both applications unless one is named. */
  z.strictObject({
    kind: z.literal('roles'),
    roles: z.array(z.string()),
    app: z.enum(APP_USES).optional(),
  }),
  /** Standing: how long new tokens last. */
  z.strictObject({ kind: z.literal('tokenLife'), seconds: z.number().int().min(1).max(86_400) }),
  /** Standing: how the real limits say how long to wait. */
  z.strictObject({
    kind: z.literal('retryAfterStyle'),
    style: z.enum(['whole', 'fractional', 'absent']),
  }),
]);

/** A fault, the requests it befalls, and how often. */
export const faultRuleSchema = z.strictObject({
  match: z
    .strictObject({
      method: z.string().optional(),
      path: z.string().refine(isRegularExpression, 'is not a regular expression').optional(),
      tenant: z.string().optional(),
      /** true: parts of a $batch only; false: whole requests only. */
      batched: z.boolean().optional(),
    })
    .default({}),
  times: z.union([z.number().int().min(1), z.literal('always')]).default(1),
  skip: z.number().int().min(0).default(0),
  /** Strikes this share of the requests that are due, told by the seed and their number. */
  chance: z.number().gt(0).max(1).default(1),
  fault: faultSchema,
});

export type Fault = z.infer<typeof faultSchema>;
export type FaultRule = z.infer<typeof faultRuleSchema>;

function isRegularExpression(text: string): boolean {
  try {
    new RegExp(text);
    return true;
  } catch {
    return false;
  }
}
