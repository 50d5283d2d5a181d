import { Box, Breadcrumbs, Group, Stack, Text, Title } from '@mantine/core';
import { type ReactNode, useEffect } from 'react';

interface PageProps {
  readonly title: string;
  /** One line below the title. */
  readonly summary?: ReactNode;
  /** Links to where this page hangs from, outermost first: `<AppLink …>`. */
  readonly trail?: readonly ReactNode[];
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** What every page has: a title (the tab's as well), where it is, and what can be done. */
export function Page({ title, summary, trail, actions, children }: PageProps) {
  useEffect(() => {
    document.title = `${title} · TenantAtlas`;
  }, [title]);
  return (
    <Stack gap="md">
      <Box component="header">
        {trail !== undefined && trail.length > 0 && (
          <Breadcrumbs mb={4} fz="xs" aria-label="Breadcrumb" component="nav">
            {[
              ...trail,
              <Text key="here" fz="xs" c="dimmed" span aria-current="page">
                {title}
              </Text>,
            ]}
          </Breadcrumbs>
        )}
        <Group justify="space-between" align="flex-start" gap="sm">
          <Title order={1}>{title}</Title>
          {actions !== undefined && <Group gap="xs">{actions}</Group>}
        </Group>
        {summary !== undefined && (
          <Text c="dimmed" size="sm" mt={2} component="div">
            {summary}
          </Text>
        )}
      </Box>
      {children}
    </Stack>
  );
}
