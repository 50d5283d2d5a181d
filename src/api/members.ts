import { z } from 'zod';
import { userIdSchema } from '../kernel/ids.ts';
import { plainText } from '../kernel/plain-text.ts';
import { instantSchema } from './instant.ts';
import { roleSchema } from './tenants.ts';

/** Somebody who may see a tenant, and how much they may do there. */
export const memberSchema = z
  .object({ id: userIdSchema, name: z.string(), role: roleSchema, since: instantSchema })
  .meta({ id: 'Member' });

export const membersSchema = z.object({ items: z.array(memberSchema) }).meta({ id: 'Members' });

export const addMemberSchema = z
  .strictObject({ name: plainText(200), role: roleSchema })
  .meta({ id: 'AddMember' });

export const changeMemberSchema = z.strictObject({ role: roleSchema }).meta({ id: 'ChangeMember' });

/** Somebody that the installation knows. */
export const userSchema = z
  .object({
    id: userIdSchema,
    name: z.string(),
    isAdmin: z.boolean(),
    createdAt: instantSchema,
    isDisabled: z.boolean(),
    /** Has chosen a password. */
    canSignIn: z.boolean(),
  })
  .meta({ id: 'User' });

export const usersSchema = z.object({ items: z.array(userSchema) }).meta({ id: 'Users' });

export const addUserSchema = z
  .strictObject({ name: plainText(200), isAdmin: z.boolean().default(false) })
  .meta({ id: 'AddUser' });

/** A link to choose a password with; told once. */
export const userLinkSchema = z
  .object({
    id: userIdSchema,
    link: z.string().meta({ description: 'Works once, for three days' }),
  })
  .meta({ id: 'UserLink' });

export type Member = z.infer<typeof memberSchema>;
export type User = z.infer<typeof userSchema>;
