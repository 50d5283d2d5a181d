import { z } from 'zod';
import type { Key } from '../db/keyset.ts';
import { AppError } from '../kernel/errors.ts';

/** A cursor is a list's name, whose it is (tenant or person), and the last key that was shown. */
const cursorSchema = z.tuple([z.string(), z.string()], z.string());

/**
 * Opaque to clients. It is not signed: it opens nothing, since the tenant of the request decides
 * what is read; whoever makes one up chooses a place in their own list.
 */
export function writeCursor(listName: string, owner: string, key: Key): string {
  return Buffer.from(JSON.stringify([listName, owner, ...key])).toString('base64url');
}

/** @throws AppError forbidden when it is malformed, or of another tenant, list or order */
export function readCursor<K extends Key>(
  keySchema: z.ZodType<K>,
  listName: string,
  owner: string,
  cursor: string,
): K {
  const parts = cursorSchema.safeParse(parseJson(Buffer.from(cursor, 'base64url').toString()));
  if (!parts.success) throw new AppError('forbidden');
  const [foundName, foundOwner, ...key] = parts.data;
  const parsed = keySchema.safeParse(key);
  const isOurs = foundName === listName && foundOwner === owner;
  const isStorable = key.every((part) => part.isWellFormed() && !part.includes('\u0000'));
  if (!isOurs || !isStorable || !parsed.success) throw new AppError('forbidden');
  return parsed.data;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
