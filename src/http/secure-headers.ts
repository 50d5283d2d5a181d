import type { MiddlewareHandler } from 'hono';
import type { ServedAddress } from './served-address.ts';

/** Where an answer does not say otherwise: data of customers is never cached, and runs nothing. */
const UNLESS_SAID = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
} as const;

/** Never guessed at, never framed, shared with no other origin's window. */
const HEADERS = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
} as const;

const HSTS = 'max-age=31536000';

/** The headers that every answer carries. */
export function secureHeaders(address: ServedAddress): MiddlewareHandler {
  return async (c, next) => {
    await next();
    const { headers } = c.res;
    for (const [name, value] of Object.entries(UNLESS_SAID)) {
      if (!headers.has(name)) headers.set(name, value);
    }
    for (const [name, value] of Object.entries(HEADERS)) headers.set(name, value);
    if (address.origin().startsWith('https:')) headers.set('strict-transport-security', HSTS);
  };
}
