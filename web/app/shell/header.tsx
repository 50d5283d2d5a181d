import { Box, Burger, Group, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import classes from './shell.module.css';

/** Comes after the page, in the room that is kept for it. */
const Corner = lazy(() => import('./corner.tsx'));
const CORNER_WIDTH = 110;

interface HeaderProps {
  readonly isMenuOpen: boolean;
  toggleMenu(): void;
}

/** On every page: where one is, what is under way, what has happened, and who one is. */
export function Header({ isMenuOpen, toggleMenu }: HeaderProps) {
  return (
    <Group h="100%" px="sm" justify="space-between" wrap="nowrap" gap="xs">
      <Group gap="xs" wrap="nowrap" miw={0}>
        <Burger
          opened={isMenuOpen}
          onClick={toggleMenu}
          hiddenFrom="sm"
          size="sm"
          aria-label={isMenuOpen ? 'Close the menu' : 'Open the menu'}
        />
        <Link to="/" className={classes.mark} aria-label="TenantAtlas: overview of tenants">
          <img src="/mark.svg" alt="" width={24} height={24} />
          <Text fw={650} visibleFrom="xs">
            TenantAtlas
          </Text>
        </Link>
      </Group>
      <Group gap={4} wrap="nowrap">
        <Suspense fallback={<Box w={CORNER_WIDTH} />}>
          <Corner />
        </Suspense>
      </Group>
    </Group>
  );
}
