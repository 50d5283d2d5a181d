import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { AppError } from '../kernel/errors.ts';
import { COMMON_PASSWORDS } from './common-passwords.ts';

/** What OWASP names as the least for argon2id: 19 MiB, two passes, one lane. */
const COST = { memory: 19 * 1024, passes: 2, parallelism: 1, tagLength: 32 };
const SALT_BYTES = 16;
/** Each takes 19 MiB and most of a core for some 20 ms; more at once would only slow each other. */
const AT_ONCE_MAX = 2;
/** Whoever would wait behind more is told to come back. */
const WAITING_MAX = 100;

export interface PasswordHash {
  readonly salt: Buffer;
  readonly hash: Buffer;
}

/** A new salt, and what the password becomes with it. @throws AppError server.busy */
export async function hashPassword(password: string): Promise<PasswordHash> {
  const salt = randomBytes(SALT_BYTES);
  return { salt, hash: await derive(password, salt) };
}

/**
 * Whether it is the password. For somebody unknown, who has none, it takes as long and is false.
 * @throws AppError server.busy
 */
export async function isPassword(
  password: string,
  known: PasswordHash | undefined,
): Promise<boolean> {
  const hash = await derive(password, known?.salt ?? Buffer.alloc(SALT_BYTES));
  return known !== undefined && timingSafeEqual(hash, known.hash);
}

/** Long enough, and not among those that are tried first. @throws AppError password.too_common */
export function requireGoodPassword(password: string): void {
  if (COMMON_PASSWORDS.has(password.toLowerCase())) throw new AppError('password.too_common');
}

let atWork = 0;
const waiting: (() => void)[] = [];

async function derive(password: string, salt: Buffer): Promise<Buffer> {
  if (atWork >= AT_ONCE_MAX) {
    if (waiting.length >= WAITING_MAX) throw new AppError('server.busy');
    await new Promise<void>((resolve) => waiting.push(resolve));
  } else {
    atWork += 1;
  }
  try {
    return await new Promise((resolve, reject) => {
      // the same text may reach us composed or not, by keyboard
      const message = password.normalize('NFC');
      argon2('argon2id', { ...COST, message, nonce: salt }, (error, hash) => {
        if (error) reject(error);
        else resolve(Buffer.from(hash));
      });
    });
  } finally {
    // a place goes to who waits, and is free when nobody does
    const next = waiting.shift();
    if (next === undefined) atWork -= 1;
    else next();
  }
}
