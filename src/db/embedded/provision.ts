import { Client } from 'pg';
import type { Secret } from '../../kernel/secret.ts';
import type { Passwords } from './passwords.ts';

/** The database that the application lives in. */
export const DATABASE_NAME = 'tenantatlas';

/**
 * The two roles that sign in, and the database. Each step looks first, so that a start that was
 * killed half-way is completed by the next one. The tenant roles come from the migrations.
 */
export async function provisionServer(
  adminUrl: Secret<string>,
  passwords: Passwords,
): Promise<void> {
  const client = new Client({ connectionString: adminUrl.reveal() });
  await client.connect();
  try {
    const roles = await client.query<{ rolname: string }>(
      `select rolname from pg_roles where rolname in ('atlas_owner', 'atlas_login')`,
    );
    const existing = new Set(roles.rows.map((row) => row.rolname));
    const { atlas_owner, atlas_login } = passwords.reveal();
    // Passwords are base64url, so they need no quoting; CREATE ROLE takes no parameters.
    if (!existing.has('atlas_owner')) {
      await client.query(
        `create role atlas_owner login createrole createdb nosuperuser nobypassrls
           password '${atlas_owner}'`,
      );
    }
    if (!existing.has('atlas_login')) {
      await client.query(
        `create role atlas_login login noinherit nosuperuser nobypassrls
           password '${atlas_login}'`,
      );
    }
    const found = await client.query('select 1 from pg_database where datname = $1', [
      DATABASE_NAME,
    ]);
    if (found.rowCount === 0) {
      await client.query(`create database ${DATABASE_NAME} owner atlas_owner`);
    }
  } finally {
    await client.end();
  }
}
