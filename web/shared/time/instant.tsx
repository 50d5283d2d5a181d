import { Tooltip } from '@mantine/core';
import { useEffect, useState } from 'react';
import { type TimeZoneChoice, useTimeZoneChoice } from './time-display.ts';

/** A point in time: relative, with the exact one on hover and for screen readers. */
export function Instant({ at, isExact }: { readonly at: string; readonly isExact?: boolean }) {
  const [zone] = useTimeZoneChoice();
  useMinuteTick();
  const exact = exactTime(at, zone);
  if (isExact) return <time dateTime={at}>{exact}</time>;
  return (
    <Tooltip label={exact}>
      <time dateTime={at} title={exact}>
        {relativeTime(at, Date.now())}
      </time>
    </Tooltip>
  );
}

export function exactTime(at: string, zone: TimeZoneChoice): string {
  const format = new Intl.DateTimeFormat(undefined, {
    dateStyle: 'medium',
    timeStyle: 'medium',
    ...(zone === 'utc' && { timeZone: 'UTC' }),
  });
  return format.format(new Date(at)) + (zone === 'utc' ? ' UTC' : '');
}

const UNITS = [
  { unit: 'year', ms: 31_536_000_000 },
  { unit: 'month', ms: 2_592_000_000 },
  { unit: 'day', ms: 86_400_000 },
  { unit: 'hour', ms: 3_600_000 },
  { unit: 'minute', ms: 60_000 },
] as const;

export function relativeTime(at: string, now: number): string {
  const distance = new Date(at).getTime() - now;
  const found = UNITS.find(({ ms }) => Math.abs(distance) >= ms);
  if (found === undefined) return distance > 0 ? 'in a moment' : 'just now';
  const format = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' });
  return format.format(Math.trunc(distance / found.ms), found.unit);
}

/** One timer per shown time is enough: each minute it is drawn anew. */
function useMinuteTick(): void {
  const [, draw] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => draw((count) => count + 1), 60_000);
    return () => clearInterval(timer);
  }, []);
}
