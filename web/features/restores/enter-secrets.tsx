import { Button, Group, PasswordInput, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { RestoreItem } from '../../../src/api/restores.ts';
import { useChangeRestore } from './use-restore.ts';

/** Values that Graph hides: entered for this restore alone, and never shown again. */
export function EnterSecrets({
  item,
  path,
}: {
  readonly item: RestoreItem;
  readonly path: string;
}) {
  return (
    <Stack gap="xs">
      <Text size="sm">
        Microsoft does not give these values away, so no backup holds them. Enter them, or the item
        is left out. They are sealed, used once, and erased.
      </Text>
      {item.secrets.map((secret) => (
        <EnterSecret
          key={secret.place}
          place={secret.place}
          isEntered={secret.isEntered}
          versionId={item.versionId}
          path={path}
        />
      ))}
    </Stack>
  );
}

interface EnterSecretProps {
  readonly place: string;
  readonly isEntered: boolean;
  readonly versionId: string;
  readonly path: string;
}

function EnterSecret({ place, isEntered, versionId, path }: EnterSecretProps) {
  const [value, setValue] = useState('');
  const enter = useChangeRestore(path, 'secrets');
  const save = () =>
    enter.mutate({ entries: [{ versionId, place, value }] }, { onSuccess: () => setValue('') });
  return (
    <Group gap="xs" align="flex-end">
      <PasswordInput
        size="xs"
        w={320}
        label={place === '' ? 'Hidden value' : place}
        description={isEntered ? 'Entered. A new value replaces it.' : undefined}
        autoComplete="off"
        value={value}
        onChange={(event) => setValue(event.currentTarget.value)}
      />
      <Button variant="default" loading={enter.isPending} disabled={value === ''} onClick={save}>
        Seal
      </Button>
    </Group>
  );
}
