import pg from 'pg';

/** Roles that a transaction takes; nobody signs in as one of them. */
const TRANSACTION_ROLES = ['atlas_tenant', 'atlas_system', 'atlas_person'] as const;

/**
 * Makes the transaction roles where they are missing and lets the application's login take them.
 * Roles belong to the whole cluster, so another database may have made them first, even just now.
 */
export async function createRoles(client: pg.Client, loginRole: string): Promise<void> {
  for (const role of TRANSACTION_ROLES) {
    await client.query(`do $$ begin
      create role ${role} nologin noinherit;
    exception when duplicate_object or unique_violation then null;
    end $$`);
    const granted = await client.query(
      `select 1 from pg_auth_members m join pg_roles r on r.oid = m.roleid
         join pg_roles g on g.oid = m.member where r.rolname = $1 and g.rolname = $2`,
      [role, loginRole],
    );
    if (granted.rowCount === 0) {
      await client.query(`grant ${role} to ${pg.escapeIdentifier(loginRole)}`);
    }
  }
}
