import { Anchor } from '@mantine/core';
import { createLink } from '@tanstack/react-router';

/** A link within the application, typed by its routes. */
export const AppLink = createLink(Anchor<'a'>);
