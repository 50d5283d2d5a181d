-- Users are made and shut out by admins of the installation, in the browser as well. Each function
-- asks whether the person of its transaction is one.
create function require_admin() returns void language plpgsql stable security definer
set search_path = pg_catalog, public as $$
begin
  if not exists (select 1 from users u
      where u.id = current_person() and u.is_admin and u.disabled_at is null) then
    raise exception 'only admins may do this' using errcode = '42501';
  end if;
end $$;
revoke execute on function require_admin() from public;

create function list_users() returns table (id uuid, name text, is_admin boolean,
  created_at timestamptz, disabled_at timestamptz, can_sign_in boolean)
language plpgsql stable security definer set search_path = pg_catalog, public as $$
begin
  perform require_admin();
  return query select u.id, u.name, u.is_admin, u.created_at, u.disabled_at,
    exists (select 1 from passwords p where p.user_id = u.id)
  from users u order by lower(u.name), u.id limit 2000;
end $$;

create function add_user(p_id uuid, p_name text, p_admin boolean) returns boolean
language plpgsql security definer set search_path = pg_catalog, public as $$
begin
  perform require_admin();
  insert into users (id, name, is_admin) values (p_id, p_name, p_admin)
    on conflict (name) do nothing;
  return found;
end $$;

create function add_password_link(p_user uuid, p_token_hash bytea, p_life interval) returns boolean
language plpgsql security definer set search_path = pg_catalog, public as $$
begin
  perform require_admin();
  insert into one_time_links (token_hash, purpose, user_id, expires_at)
  select p_token_hash, 'password', u.id, clock_timestamp() + p_life
  from users u where u.id = p_user and u.disabled_at is null;
  return found;
end $$;

-- Nobody shuts themself out: somebody would have to let them in again.
create function set_user_disabled(p_user uuid, p_is_disabled boolean) returns boolean
language plpgsql security definer set search_path = pg_catalog, public as $$
begin
  perform require_admin();
  if p_user = current_person() then return false; end if;
  update users set disabled_at = case when p_is_disabled
    then coalesce(disabled_at, clock_timestamp()) end where id = p_user;
  return found;
end $$;

-- An owner adds people that are known to the installation, by the name they sign in with.
create function find_user(p_name text) returns uuid
language sql stable security definer set search_path = pg_catalog, public as $$
  select id from users where name = p_name and disabled_at is null
$$;

do $$
declare
  signature text;
begin
  foreach signature in array array['list_users()', 'add_user(uuid, text, boolean)',
    'add_password_link(uuid, bytea, interval)', 'set_user_disabled(uuid, boolean)'] loop
    execute 'revoke execute on function ' || signature || ' from public';
    execute 'grant execute on function ' || signature || ' to atlas_person';
  end loop;
end $$;
revoke execute on function find_user(text) from public;
grant execute on function find_user(text) to atlas_tenant;
