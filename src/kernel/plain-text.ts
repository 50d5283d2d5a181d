import { z } from 'zod';

/**
 * One line of text that a person typed: trimmed, 1 to `lengthMax` characters, no control characters
 * (PostgreSQL keeps no NUL) and no half characters.
 */
export function plainText(lengthMax: number) {
  return z
    .string()
    .trim()
    .min(1)
    .max(lengthMax)
    .refine((text) => text.isWellFormed() && !/\p{Cc}/u.test(text), {
      error: 'must be one line of plain text',
    });
}
