import type { Clock } from '../../kernel/clock.ts';
import { HeldBack, type Send } from '../client/exchange.ts';
import { retryAfterMs } from '../client/retry-after.ts';
import type { Budget } from './budget.ts';

/** Lets a request through when the tenant's budget allows it, and tells the budget the outcome. */
export function spendBudget(next: Send, budget: Budget, clock: Clock): Send {
  return async (request) => {
    const { bucket, cost, signal } = request;
    for (;;) {
      const permit = await budget.acquire(bucket, 'read', cost, signal);
      try {
        const answer = await next({ ...request, mayGo: permit.isValid });
        permit.settle(answer.status, retryAfterMs(answer, clock));
        return answer;
      } catch (error) {
        permit.giveUp();
        // Bounded by the budget: it sends away whoever has to wait too long.
        if (!(error instanceof HeldBack)) throw error;
      }
    }
  };
}
