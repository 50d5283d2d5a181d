import { expect, test } from 'vitest';
import type { Charge } from './limits.ts';
import { createSlidingWindow } from './sliding-window.ts';
import { createThrottle } from './throttle.ts';
import { createTokenBucket } from './token-bucket.ts';

const READ: Charge = {
  tenantId: 't',
  appId: 'a',
  family: 'intune',
  bucket: 'deviceConfigV2',
  isWrite: false,
  units: 1,
};
const WRITE: Charge = { ...READ, isWrite: true };
const ACCESS: Charge = { ...READ, family: 'conditionalAccess', bucket: 'conditionalAccess' };

test('a window slides: a call passes when enough of the old ones are out of it', () => {
  const window = createSlidingWindow(3, 1000);
  expect([0, 100, 200].map((at) => window.charge(at, 1))).toEqual([0, 0, 0]);
  expect(window.charge(300, 1)).toBe(700);
  // The refused call counts as well, so the next must wait for the second one to leave.
  expect(window.charge(1001, 1)).toBe(99);
  expect(window.charge(1301, 1)).toBe(0);
});

test('a bucket gives its burst, then its rate', () => {
  const bucket = createTokenBucket(20, 50);
  for (let call = 0; call < 50; call += 1) expect(bucket.take(1000)).toBe(0);
  expect(bucket.take(1000)).toBeGreaterThan(0);
  let passed = 0;
  for (let at = 1000; at < 3000; at += 10) if (bucket.take(at) === 0) passed += 1;
  expect(passed).toBeGreaterThanOrEqual(39);
  expect(passed).toBeLessThanOrEqual(40);
});

test('documented: 1,000 reads and 100 writes in 20 s per bucket, others unharmed', () => {
  const throttle = createThrottle('documented', 0);
  for (let call = 0; call < 100; call += 1) {
    expect(throttle.charge(WRITE, 10).isThrottled).toBe(false);
  }
  expect(throttle.charge(WRITE, 10)).toMatchObject({ isThrottled: true, scope: 'write' });
  for (let call = 0; call < 899; call += 1) {
    expect(throttle.charge(READ, 10).isThrottled).toBe(false);
  }
  expect(throttle.charge(READ, 10)).toMatchObject({ isThrottled: true, scope: 'any' });
  expect(throttle.charge({ ...READ, bucket: 'rbac' }, 10).isThrottled).toBe(false);
  expect(throttle.charge({ ...READ, tenantId: 'u' }, 10).isThrottled).toBe(false);
});

test('documented: Conditional Access allows one a second for all apps of a tenant', () => {
  const throttle = createThrottle('documented', 0);
  expect(throttle.charge(ACCESS, 0).isThrottled).toBe(false);
  expect(throttle.charge({ ...ACCESS, appId: 'b' }, 500).isThrottled).toBe(true);
  expect(throttle.charge({ ...ACCESS, tenantId: 'u' }, 500).isThrottled).toBe(false);
  expect(throttle.charge(ACCESS, 1500).isThrottled).toBe(false);
});

test('tight: all Intune buckets of a tenant share 20/s, ADMX has 5/s of its own', () => {
  const throttle = createThrottle('tight', 0);
  for (let call = 0; call < 50; call += 1) {
    const bucket = call % 2 === 0 ? 'rbac' : 'deviceConfigV2';
    expect(throttle.charge({ ...READ, bucket }, 1).isThrottled).toBe(false);
  }
  expect(throttle.charge(READ, 1).isThrottled).toBe(true);
  const admx = { ...READ, tenantId: 'u', bucket: 'groupPolicy' };
  for (let call = 0; call < 5; call += 1) expect(throttle.charge(admx, 1).isThrottled).toBe(false);
  expect(throttle.charge(admx, 1).isThrottled).toBe(true);
});

test('a call before the promised time is refused and early, unless it was on its way', () => {
  const throttle = createThrottle('none', 80);
  throttle.promise(READ, 'read', 2, 1000);
  expect(throttle.charge(READ, 1100)).toMatchObject({ isThrottled: true, isEarly: false });
  expect(throttle.charge(READ, 1500)).toMatchObject({ isThrottled: true, isEarly: true });
  expect(throttle.charge(WRITE, 1500).isThrottled).toBe(false);
  expect(throttle.charge({ ...READ, bucket: 'rbac' }, 1500).isThrottled).toBe(false);
  // The client hears of it after the latency, so its two seconds end at 3080.
  expect(throttle.charge(READ, 3050).isThrottled).toBe(true);
  expect(throttle.charge(READ, 3075).isThrottled).toBe(false);
});
