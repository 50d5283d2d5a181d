import { ActionIcon, Menu, useMantineColorScheme } from '@mantine/core';
import { IconCheck, IconLogout, IconUser, IconUsers } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { z } from 'zod';
import { tellProblem } from '../../shared/action/tell-problem.tsx';
import { request } from '../../shared/api/request.ts';
import { usePerson } from '../../shared/session/use-session.ts';

const SCHEMES = { auto: 'As the system', light: 'Light', dark: 'Dark' } as const;

/** Who is signed in, how things look, and the way out. */
export function PersonMenu() {
  const person = usePerson();
  const scheme = useMantineColorScheme();
  const signOut = useSignOut();
  if (person === null) return null;
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          size="lg"
          aria-label={`Signed in as ${person.name}`}
        >
          <IconUser size={19} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{person.name}</Menu.Label>
        <Menu.Item
          leftSection={<IconUser size={15} />}
          renderRoot={(props: Record<string, unknown>) => <Link {...props} to="/account" />}
        >
          Your account
        </Menu.Item>
        {person.isAdmin && (
          <Menu.Item
            leftSection={<IconUsers size={15} />}
            renderRoot={(props: Record<string, unknown>) => <Link {...props} to="/users" />}
          >
            People
          </Menu.Item>
        )}
        <Menu.Label>Appearance</Menu.Label>
        {(['auto', 'light', 'dark'] as const).map((name) => (
          <Menu.Item
            key={name}
            closeMenuOnClick={false}
            onClick={() => scheme.setColorScheme(name)}
            rightSection={scheme.colorScheme === name ? <IconCheck size={15} /> : null}
          >
            {SCHEMES[name]}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={15} />} onClick={() => signOut.mutate()}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function useSignOut() {
  const cache = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: () => request(z.unknown(), '/api/session/sign-out', { body: {} }),
    onSuccess: async () => {
      await navigate({ to: '/sign-in' });
      // what one person saw is not for the next one
      cache.clear();
    },
    onError: tellProblem,
  });
}
