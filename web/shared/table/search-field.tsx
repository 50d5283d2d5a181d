import { CloseButton, Kbd, TextInput } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';

interface SearchFieldProps {
  readonly label: string;
  /** As it is in the address. */
  readonly value: string;
  change(value: string): void;
}

/**
 * The filter of a page: `/` focuses it. What is typed goes into the address at once: after a pause
 * it could come behind a click on a link, and lead back from where that leads.
 */
export function SearchField({ label, value, change }: SearchFieldProps) {
  const input = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  useHotkeys([['/', () => input.current?.focus()]]);
  return (
    <TextInput
      ref={input}
      aria-label={label}
      placeholder={label}
      value={typed}
      w={{ base: '100%', xs: 260 }}
      leftSection={<IconSearch size={15} aria-hidden />}
      rightSection={
        typed === '' ? (
          <Kbd size="xs" aria-hidden>
            /
          </Kbd>
        ) : (
          <CloseButton size="sm" aria-label="Clear" onClick={() => change('')} />
        )
      }
      onChange={(event) => {
        setTyped(event.currentTarget.value);
        change(event.currentTarget.value);
      }}
    />
  );
}
