import { graphError, innerError } from '../graph/errors.ts';
import type { Answer, GraphCall } from '../graph/graph-call.ts';
import type { Charge } from './limits.ts';
import type { Verdict } from './throttle.ts';

/** How Retry-After is given: all three were seen in the wild. */
export type RetryAfterStyle = 'whole' | 'fractional' | 'absent';

/** The seconds that the header will say, or nothing when there is none. */
export function retryAfterSeconds(style: RetryAfterStyle, waitMs: number): number | null {
  if (style === 'absent') return null;
  const seconds = Math.max(waitMs, 1) / 1000;
  return style === 'whole' ? Math.ceil(seconds) : Math.ceil(seconds * 1000) / 1000;
}

/** 429 in the body that each family sends. */
export function throttledAnswer(
  call: GraphCall,
  charge: Charge,
  scope: Verdict['scope'],
  retryAfter: number | null,
): Answer {
  const headers: Record<string, string> = {};
  if (retryAfter !== null) headers['retry-after'] = String(retryAfter);
  const problem = { status: 429, code: 'TooManyRequests', headers };
  if (charge.family === 'intune') {
    const more = { details: [] };
    return graphError(call, { ...problem, message: 'An error has occurred.', more });
  }
  if (charge.family === 'conditionalAccess') {
    return graphError(call, { ...problem, message: 'Too many requests.' });
  }
  const kind = scope === 'write' ? 'Write' : 'ReadWrite';
  headers['x-ms-throttle-scope'] = `Tenant_Application/${kind}/${charge.appId}/${charge.tenantId}`;
  headers['x-ms-throttle-information'] =
    scope === 'write' ? 'WriteLimitExceeded' : 'ResourceUnitLimitExceeded';
  return {
    status: 429,
    headers,
    body: {
      error: {
        code: 'TooManyRequests',
        innerError: {
          code: '429',
          message: 'Please retry after',
          status: '429',
          ...innerError(call),
        },
        message: 'Please retry again later.',
      },
    },
  };
}
