import { z } from 'zod';
import { sessionIdSchema } from '../kernel/ids.ts';
import { plainText } from '../kernel/plain-text.ts';
import { instantSchema } from './instant.ts';

export const PASSWORD_LENGTH_MIN = 12;
/** Longer ones would only make the server work. */
const PASSWORD_LENGTH_MAX = 512;
const LINK_LENGTH_MAX = 100;

const enteredPasswordSchema = z.string().min(1).max(PASSWORD_LENGTH_MAX);
const newPasswordSchema = z
  .string()
  .min(PASSWORD_LENGTH_MIN, `Must have at least ${PASSWORD_LENGTH_MIN} characters`)
  .max(PASSWORD_LENGTH_MAX);
const nameSchema = plainText(200);
const linkTokenSchema = z.string().min(1).max(LINK_LENGTH_MAX);

export const signInSchema = z
  .strictObject({ name: z.string().min(1).max(200), password: enteredPasswordSchema })
  .meta({ id: 'SignIn' });

export const confirmIdentitySchema = z
  .strictObject({ password: enteredPasswordSchema })
  .meta({ id: 'ConfirmIdentity' });

export const changePasswordSchema = z
  .strictObject({ current: enteredPasswordSchema, password: newPasswordSchema })
  .meta({ id: 'ChangePassword' });

export const lookAtLinkSchema = z
  .strictObject({ token: linkTokenSchema })
  .meta({ id: 'LookAtLink' });

/** What a one-time link is for. */
export const oneTimeLinkSchema = z
  .object({
    purpose: z.enum(['set_up', 'password', 'demo']),
    /** Whose it is; null for the first admin. */
    userName: z.string().nullable(),
  })
  .meta({ id: 'OneTimeLink' });

export const redeemLinkSchema = z
  .strictObject({
    token: linkTokenSchema,
    name: nameSchema.optional(),
    password: newPasswordSchema.optional(),
  })
  .meta({ id: 'RedeemLink' });

/** That it was done. */
export const doneSchema = z.object({ done: z.literal(true) }).meta({ id: 'Done' });

/** A session of one's own. */
export const openSessionSchema = z
  .object({
    id: sessionIdSchema,
    isThis: z.boolean(),
    browser: z.string(),
    network: z.string(),
    createdAt: instantSchema,
    seenAt: instantSchema,
    endsAt: instantSchema,
  })
  .meta({ id: 'OpenSession' });

export const openSessionsSchema = z
  .object({ items: z.array(openSessionSchema) })
  .meta({ id: 'OpenSessions' });
