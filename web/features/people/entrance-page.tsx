import { Center, Paper, Stack, Title } from '@mantine/core';
import { type ReactNode, useEffect } from 'react';

/** A page for strangers: the mark, what it is for, and one form. */
export function EntrancePage(props: { readonly title: string; readonly children: ReactNode }) {
  const { title, children } = props;
  useEffect(() => {
    document.title = `${title} · TenantAtlas`;
  }, [title]);
  return (
    <Center component="main" mih="100dvh" p="md">
      <Paper withBorder p="xl" w="100%" maw={400}>
        <Stack gap="md">
          <Stack gap={6} align="center">
            <img src="/mark.svg" alt="" width={40} height={40} />
            <Title order={1}>{title}</Title>
          </Stack>
          {children}
        </Stack>
      </Paper>
    </Center>
  );
}
