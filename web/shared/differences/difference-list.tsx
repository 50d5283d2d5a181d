import { Table, Text } from '@mantine/core';
import { StateBadge } from '../words/state-badge.tsx';
import classes from './difference-list.module.css';

export interface Difference {
  readonly path: string;
  readonly label: string;
  readonly kind: 'added' | 'removed' | 'changed';
  readonly before: unknown;
  readonly after: unknown;
}

interface DifferenceListProps {
  readonly differences: readonly Difference[];
  /** All there are; more than are listed. */
  readonly count: number;
  /** Groups by id in small letters. */
  readonly groupNames: Readonly<Record<string, string>>;
  /** What the two sides are called. */
  readonly sides: readonly [string, string];
}

const TONES = { added: 'good', removed: 'bad', changed: 'warn' } as const;
const WORDS = { added: 'Added', removed: 'Removed', changed: 'Changed' } as const;

/** What is not the same, setting by setting, side by side. */
export function DifferenceList({ differences, count, groupNames, sides }: DifferenceListProps) {
  if (count === 0) return <Text size="sm">No difference.</Text>;
  return (
    <div className={classes.scroll}>
      <Table verticalSpacing={6} layout="fixed" className={classes.table}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th w={110}>What</Table.Th>
            <Table.Th>Setting</Table.Th>
            <Table.Th>{sides[0]}</Table.Th>
            <Table.Th>{sides[1]}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {differences.map((difference) => (
            <Table.Tr key={difference.path}>
              <Table.Td>
                <StateBadge tone={TONES[difference.kind]}>{WORDS[difference.kind]}</StateBadge>
              </Table.Td>
              <Table.Td className={classes.label}>
                {withNames(difference.label, groupNames)}
              </Table.Td>
              <Table.Td className={classes.value}>
                {inWords(difference.before, groupNames)}
              </Table.Td>
              <Table.Td className={classes.value}>{inWords(difference.after, groupNames)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {count > differences.length && (
        <Text size="sm" c="dimmed" p="xs">
          {count - differences.length} more are not listed here.
        </Text>
      )}
    </div>
  );
}

const ID = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi;
/** Longer values are cut; the whole is in the JSON. */
const VALUE_LENGTH_MAX = 600;

/** Ids of groups become their names, as far as they are known. */
function withNames(text: string, names: Readonly<Record<string, string>>): string {
  return text.replace(ID, (id) => names[id.toLowerCase()] ?? id);
}

function inWords(value: unknown, names: Readonly<Record<string, string>>): string {
  if (value === undefined || value === null) return '—';
  if (typeof value === 'boolean') return value ? 'Yes' : 'No';
  const text = typeof value === 'string' ? value : JSON.stringify(value, null, 1);
  const named = withNames(text, names);
  return named.length > VALUE_LENGTH_MAX ? `${named.slice(0, VALUE_LENGTH_MAX)} …` : named;
}
