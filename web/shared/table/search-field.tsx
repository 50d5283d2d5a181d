import { CloseButton, Kbd, TextInput } from '@mantine/core';
import { useDebouncedCallback, useHotkeys } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';

const TYPING_PAUSE_MS = 250;

interface SearchFieldProps {
  readonly label: string;
  /** As it is in the address. */
  readonly value: string;
  change(value: string): void;
}

/** The filter of a page: `/` focuses it; what is typed goes into the address after a pause. */
export function SearchField({ label, value, change }: SearchFieldProps) {
  const input = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  const changeLater = useDebouncedCallback(change, TYPING_PAUSE_MS);
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
        changeLater(event.currentTarget.value);
      }}
    />
  );
}
