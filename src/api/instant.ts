import { z } from 'zod';

/** An instant in UTC, ISO 8601. */
export const instantSchema = z.iso.datetime();
