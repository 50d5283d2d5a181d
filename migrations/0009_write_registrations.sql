-- Rights to write are not standing: a second application of the same tenant may write, and is of
-- use only while somebody has armed it, for some hours and with a reason.

create table write_registrations (
  tenant_id uuid not null,
  connection_id uuid not null,
  -- new with each credential: tokens and seals of an earlier one do not pass for it
  id uuid not null,
  client_id uuid not null,
  credential_kind text not null check (credential_kind in ('secret', 'certificate')),
  -- AES-256-GCM, bound to tenant, row and column: tenants/seal.ts
  sealed_credential bytea not null,
  -- grows with each change of application or credential
  version integer not null default 1,
  verified_at timestamptz,
  -- application roles seen in its token, a hint; null: nobody has looked, or it did not tell
  granted text[],
  armed_until timestamptz,
  armed_by text,
  armed_reason text check (length(armed_reason) between 1 and 500),
  created_at timestamptz not null default clock_timestamp(),
  primary key (tenant_id, connection_id),
  foreign key (tenant_id, connection_id) references connections (tenant_id, id)
    on delete cascade,
  check (num_nulls(armed_until, armed_by, armed_reason) in (0, 3))
);
alter table write_registrations enable row level security;
alter table write_registrations force row level security;
create policy tenant_wall on write_registrations to atlas_tenant
  using (tenant_id = current_tenant()) with check (tenant_id = current_tenant());
grant select, insert, update, delete on write_registrations to atlas_tenant;

-- What would have written when the preview was made. No foreign key: it outlives its registration,
-- whose id is never used again.
alter table restores
  add column write_registration_id uuid,
  add column write_registration_version integer,
  add check ((write_registration_id is null) = (write_registration_version is null));
