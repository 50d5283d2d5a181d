import { Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';

interface EmptyStateProps {
  readonly title: string;
  readonly children?: ReactNode;
  /** The next step, as a button or a link. */
  readonly action?: ReactNode;
}

/** Nothing to show, on purpose: why, and what to do next. */
export function EmptyState({ title, children, action }: EmptyStateProps) {
  return (
    <Stack align="center" gap="xs" py="xl" px="md" maw={520} mx="auto" ta="center">
      <Title order={2}>{title}</Title>
      {children !== undefined && (
        <Text c="dimmed" size="sm" component="div">
          {children}
        </Text>
      )}
      {action}
    </Stack>
  );
}
