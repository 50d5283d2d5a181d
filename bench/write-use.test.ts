import { expect, test } from 'vitest';
import type { LoggedEntry } from './call-list.ts';
import { writeTimes, writeUse } from './write-use.ts';

/** Bursts of so many writes, 10 ms apart, each so long after the one before. */
function bursts(count: number, size: number, everyMs: number): number[] {
  return Array.from({ length: count * size }, (_, at) => {
    return Math.floor(at / size) * everyMs + (at % size) * 10;
  });
}

test('whoever sends a hundred every 20 s uses all of it, in bursts or evenly', () => {
  expect(writeUse(bursts(6, 100, 20_000))).toBe(1);
  expect(writeUse(bursts(600, 1, 200))).toBe(1);
});

test('a smaller share and a later turn both count', () => {
  expect(writeUse(bursts(40, 95, 20_000))).toBeCloseTo(0.95, 2);
  expect(writeUse(bursts(40, 100, 22_000))).toBeCloseTo(20 / 22, 2);
  expect(writeUse(bursts(40, 95, 22_000))).toBeCloseTo((0.95 * 20) / 22, 2);
});

test('a hundred writes tell nothing of a steady state', () => {
  expect(() => writeUse(bursts(1, 100, 0))).toThrow('too few writes');
});

test('only writes that Graph accepted count, by the order of their arrival', () => {
  const call = (method: string, path: string, status: number, second: number): LoggedEntry => ({
    time: `2026-11-23T12:00:0${second}.000Z`,
    ...{ method, path, status, bucket: 'x', throttled: status === 429 },
  });
  const calls = [
    call('POST', '/beta/deviceManagement/configurationPolicies/1/assign', 200, 4),
    call('POST', '/beta/deviceManagement/configurationPolicies', 201, 1),
    call('POST', '/beta/deviceManagement/configurationPolicies', 429, 2),
    call('GET', '/beta/deviceManagement/configurationPolicies', 200, 0),
    call('POST', '/beta/directoryObjects/getByIds', 200, 0),
  ];
  const seconds = writeTimes(calls).map((ms) => new Date(ms).getUTCSeconds());
  expect(seconds).toEqual([1, 4]);
});
