import { z } from 'zod';

/** One field that was not valid, and where it stood. */
export const invalidFieldSchema = z
  .object({
    in: z.enum(['body', 'query', 'header']),
    /** JSON pointer (RFC 6901) to the field: `/selection/types/0`. */
    pointer: z.string(),
    detail: z.string(),
  })
  .meta({ id: 'InvalidField' });

/** Every error body, RFC 9457. What clients may rely on is `code`. */
export const problemSchema = z
  .object({
    type: z.string().meta({ description: 'urn:tenantatlas:problem: and the code' }),
    title: z.string(),
    status: z.int(),
    code: z.string().meta({ description: 'A promise: programs branch on this' }),
    detail: z.string().meta({ description: 'What happened, in a sentence for people' }),
    next: z.string().meta({ description: 'What the reader can do next' }).optional(),
    pointer: z.string().meta({ description: 'JSON pointer of the first bad field' }).optional(),
    errors: z.array(invalidFieldSchema).optional(),
    capability: z.string().meta({ description: 'The right that is missing' }).optional(),
    retryAfterSeconds: z.number().optional(),
    links: z.object({ run: z.string() }).optional(),
  })
  .meta({ id: 'Problem' });

export type InvalidField = z.infer<typeof invalidFieldSchema>;
export type Problem = z.infer<typeof problemSchema>;

export const PROBLEM_MEDIA_TYPE = 'application/problem+json';
