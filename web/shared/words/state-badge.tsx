import { Group, Text } from '@mantine/core';
import {
  IconAlertTriangleFilled,
  IconCircleCheckFilled,
  IconCircleDashed,
  IconCircleXFilled,
  IconLoader,
} from '@tabler/icons-react';
import classes from './state-badge.module.css';

/** How a state is to be taken; never told by colour alone. */
export type Tone = 'good' | 'bad' | 'warn' | 'live' | 'quiet';

const ICONS = {
  good: IconCircleCheckFilled,
  bad: IconCircleXFilled,
  warn: IconAlertTriangleFilled,
  live: IconLoader,
  quiet: IconCircleDashed,
} as const satisfies Record<Tone, unknown>;

/** A state in words, with a sign for how to take it. */
export function StateBadge({ tone, children }: { readonly tone: Tone; readonly children: string }) {
  const Icon = ICONS[tone];
  return (
    <Group gap={6} wrap="nowrap" component="span" className={classes.badge} data-tone={tone}>
      <Icon size={15} aria-hidden className={classes.icon} />
      <Text span inherit>
        {children}
      </Text>
    </Group>
  );
}
