import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { systemClock } from '../../kernel/clock.ts';
import { Budget, type Permit } from './budget.ts';
import { DOCUMENTED_LIMITS, TIGHT_LIMITS } from './limits.ts';

const NEVER = new AbortController().signal;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] });
});

afterEach(() => {
  vi.useRealTimers();
});

test('a documented window lets 98 % through at once, the rest once it has moved', async () => {
  const budget = new Budget(DOCUMENTED_LIMITS, systemClock);
  const granted = requestMany(budget, 990);
  await vi.advanceTimersByTimeAsync(0);
  expect(granted).toHaveLength(980);
  await vi.advanceTimersByTimeAsync(14_000);
  expect(granted).toHaveLength(980);
});

test('a request counts in a window from its leave until the window after its end', async () => {
  const budget = new Budget(DOCUMENTED_LIMITS, systemClock);
  const [late, ...others] = await requestNow(budget, 980);
  for (const permit of others) permit.settle(200, undefined);
  await vi.advanceTimersByTimeAsync(6_000);
  late?.giveUp();
  await vi.advanceTimersByTimeAsync(14_000);
  // The late one may have reached Graph 14 s ago.
  expect(await requestNow(budget, 980)).toHaveLength(979);
});

test('whatever latencies are, no window at Graph holds more than is allowed', async () => {
  const budget = new Budget(DOCUMENTED_LIMITS, systemClock);
  const arrivedAtMs: number[] = [];
  for (let request = 0; request < 6_000; request += 1) {
    const onItsWayMs = (request * 7_919) % 1_500;
    budget
      .acquire('deviceConfigurationV2', 'write', 1, NEVER)
      .then((permit) => {
        setTimeout(() => arrivedAtMs.push(performance.now()), onItsWayMs);
        setTimeout(() => permit.settle(200, undefined), onItsWayMs + 50);
      })
      .catch(() => {});
    if (request % 10 === 9) await vi.advanceTimersByTimeAsync(150);
  }
  await vi.advanceTimersByTimeAsync(2_000);
  const mostInWindow = Math.max(
    ...arrivedAtMs.map(
      (from) => arrivedAtMs.filter((at) => at >= from && at < from + 20_000).length,
    ),
  );
  expect(arrivedAtMs.length).toBeGreaterThan(380);
  expect(mostInWindow).toBeLessThanOrEqual(100);
});

test('one whose end is never told is taken for ended when no call can last longer', async () => {
  const budget = new Budget(DOCUMENTED_LIMITS, systemClock);
  requestMany(budget, 980);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(await requestNow(budget, 1)).toHaveLength(0);
  await vi.advanceTimersByTimeAsync(26_000);
  expect(await requestNow(budget, 1)).toHaveLength(1);
});

test('in no window of 20 s go more requests than allowed, and at least 90 % of them', async () => {
  const budget = new Budget(DOCUMENTED_LIMITS, systemClock);
  const granted: number[] = [];
  const ask = () =>
    budget
      .acquire('deviceConfigurationV2', 'read', 1, NEVER)
      .then((permit) => {
        granted.push(performance.now());
        permit.settle(200, undefined);
      })
      .catch(() => {});
  for (let second = 0; second < 60; second += 1) {
    for (let request = 0; request < 60; request += 1) ask();
    await vi.advanceTimersByTimeAsync(1_000);
  }
  const mostInWindow = Math.max(
    ...granted.map((from) => granted.filter((at) => at >= from && at < from + 20_000).length),
  );
  expect(mostInWindow).toBeLessThanOrEqual(1_000);
  expect(mostInWindow).toBeGreaterThanOrEqual(900);
});

test('a rate holds bursts and then goes evenly, for all Intune buckets together', async () => {
  const budget = new Budget(TIGHT_LIMITS, systemClock);
  const granted = [...requestMany(budget, 0)];
  const buckets = ['deviceConfiguration', 'deviceConfigurationV2'] as const;
  for (let request = 0; request < 200; request += 1) {
    const bucket = buckets[request % 2] ?? 'deviceConfiguration';
    budget.acquire(bucket, 'read', 1, NEVER).then((permit) => granted.push(permit));
  }
  await vi.advanceTimersByTimeAsync(0);
  expect(granted.length).toBeLessThanOrEqual(50);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(granted.length).toBeGreaterThanOrEqual(45 + 0.9 * 100);
  expect(granted.length).toBeLessThanOrEqual(50 + 100);
});

test('Conditional Access goes one a second and holds up nobody else', async () => {
  const budget = new Budget(DOCUMENTED_LIMITS, systemClock);
  const granted = requestMany(budget, 5, 'conditionalAccess');
  const others = requestMany(budget, 5);
  await vi.advanceTimersByTimeAsync(0);
  expect([granted.length, others.length]).toEqual([1, 5]);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(granted).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1_300);
  expect(granted).toHaveLength(3);
});

test('first come, first served', async () => {
  const budget = new Budget(DOCUMENTED_LIMITS, systemClock);
  const order: number[] = [];
  for (let turn = 0; turn < 5; turn += 1) {
    budget.acquire('conditionalAccess', 'read', 1, NEVER).then(() => order.push(turn));
  }
  await vi.advanceTimersByTimeAsync(10_000);
  expect(order).toEqual([0, 1, 2, 3, 4]);
});

test('whoever would wait longer than 15 s is sent away with the time to wait', async () => {
  const budget = new Budget(DOCUMENTED_LIMITS, systemClock);
  const permit = await budget.acquire('deviceConfiguration', 'read', 1, NEVER);
  permit.settle(429, 60_000);
  await expect(budget.acquire('deviceConfiguration', 'read', 1, NEVER)).rejects.toMatchObject({
    code: 'graph.throttled',
    details: { retryAfterSeconds: 60 },
  });
});

test('a waiter that is aborted leaves the queue to the others', async () => {
  const budget = new Budget(DOCUMENTED_LIMITS, systemClock);
  await budget.acquire('conditionalAccess', 'read', 1, NEVER);
  const leaving = new AbortController();
  const left = budget.acquire('conditionalAccess', 'read', 1, leaving.signal);
  const stays = budget.acquire('conditionalAccess', 'read', 1, NEVER);
  leaving.abort(new Error('cancelled'));
  await expect(left).rejects.toThrow('cancelled');
  await vi.advanceTimersByTimeAsync(1_200);
  await expect(stays).resolves.toBeDefined();
});

test('no request goes before a Retry-After has passed, and then at half the rate', async () => {
  const budget = new Budget(TIGHT_LIMITS, systemClock);
  const first = await budget.acquire('deviceConfiguration', 'read', 1, NEVER);
  first.settle(429, 2_128);
  const granted = requestMany(budget, 100, 'deviceConfiguration');
  await vi.advanceTimersByTimeAsync(2_127);
  expect(granted).toHaveLength(0);
  await vi.advanceTimersByTimeAsync(1 + 4_000);
  // Half of just below 20 a second for 4 s, without the burst.
  expect(granted.length).toBeGreaterThan(30);
  expect(granted.length).toBeLessThanOrEqual(41);
});

test('refusals of requests that were under way together halve the rate once', async () => {
  const budget = new Budget(TIGHT_LIMITS, systemClock);
  const permits = requestMany(budget, 10, 'deviceConfiguration');
  await vi.advanceTimersByTimeAsync(0);
  for (const permit of permits) permit.settle(429, 1_000);
  const granted = requestMany(budget, 100, 'deviceConfiguration');
  await vi.advanceTimersByTimeAsync(1_000 + 4_000);
  expect(granted.length).toBeGreaterThan(30);
});

test('success restores the rate step by step', async () => {
  const budget = new Budget(TIGHT_LIMITS, systemClock);
  const [refused] = requestMany(budget, 1, 'deviceConfiguration');
  await vi.advanceTimersByTimeAsync(0);
  (refused ?? (await budget.acquire('deviceConfiguration', 'read', 1, NEVER))).settle(429, 100);
  let count = 0;
  const inSecond = async () => {
    const before = count;
    for (let request = 0; request < 30; request += 1) {
      const counted = (permit: Permit) => {
        count += 1;
        permit.settle(200, undefined);
      };
      budget.acquire('deviceConfiguration', 'read', 1, NEVER).then(counted, () => {});
    }
    await vi.advanceTimersByTimeAsync(1_000);
    return count - before;
  };
  const early = await inSecond();
  for (let second = 0; second < 30; second += 1) await inSecond();
  const late = await inSecond();
  expect(early).toBeLessThanOrEqual(11);
  expect(late).toBeGreaterThanOrEqual(18);
});

test('an untold wait grows from refusal to refusal', async () => {
  const budget = new Budget([], systemClock);
  const waits: number[] = [];
  for (let refusal = 0; refusal < 3; refusal += 1) {
    const askedAt = performance.now();
    const granted = budget.acquire('directory', 'read', 1, NEVER);
    await vi.advanceTimersByTimeAsync(15_000);
    (await granted).settle(429, undefined);
    const before = performance.now();
    const next = budget.acquire('directory', 'read', 1, NEVER).then(() => performance.now());
    await vi.advanceTimersByTimeAsync(15_000);
    waits.push(Math.round(((await next) - before) / 1_000));
    expect(askedAt).toBeLessThan(before);
  }
  expect(waits).toEqual([2, 4, 8]);
});

test('writes have a window of their own inside the one for everything', async () => {
  const budget = new Budget(DOCUMENTED_LIMITS, systemClock);
  const writes: Permit[] = [];
  for (let request = 0; request < 120; request += 1) {
    budget
      .acquire('deviceConfiguration', 'write', 1, NEVER)
      .then((permit) => writes.push(permit))
      .catch(() => {});
  }
  const reads = requestMany(budget, 900, 'deviceConfiguration');
  await vi.advanceTimersByTimeAsync(0);
  expect(writes).toHaveLength(98);
  expect(reads).toHaveLength(882);
});

/** Those of so many that are let through at once. */
async function requestNow(budget: Budget, count: number): Promise<readonly Permit[]> {
  const granted = requestMany(budget, count);
  await vi.advanceTimersByTimeAsync(0);
  return [...granted];
}

function requestMany(
  budget: Budget,
  count: number,
  bucket:
    | 'deviceConfiguration'
    | 'deviceConfigurationV2'
    | 'conditionalAccess' = 'deviceConfigurationV2',
): Permit[] {
  const granted: Permit[] = [];
  for (let request = 0; request < count; request += 1) {
    budget
      .acquire(bucket, 'read', 1, NEVER)
      .then((permit) => granted.push(permit))
      .catch(() => {});
  }
  return granted;
}
