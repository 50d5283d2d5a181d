import type { Clock } from '../../kernel/clock.ts';
import type { Send } from '../client/exchange.ts';
import { retryAfterMs } from '../client/retry-after.ts';
import type { Budget } from './budget.ts';

/** Lets a request through when the tenant's budget allows it, and tells the budget the outcome. */
export function spendBudget(next: Send, budget: Budget, clock: Clock): Send {
  return async (request) => {
    const { bucket, cost, signal } = request;
    const permit = await budget.acquire(bucket, 'read', cost, signal);
    const answer = await next(request);
    permit.settle(answer.status, retryAfterMs(answer, clock));
    return answer;
  };
}
