import { useLocalStorage } from '@mantine/hooks';

export type TimeZoneChoice = 'local' | 'utc';

/** Whether exact times are shown in this browser's zone or in UTC; kept in this browser. */
export function useTimeZoneChoice() {
  return useLocalStorage<TimeZoneChoice>({
    key: 'tenantatlas.time-zone',
    defaultValue: 'local',
    getInitialValueInEffect: false,
    deserialize: (text) => (text === '"utc"' ? 'utc' : 'local'),
  });
}
