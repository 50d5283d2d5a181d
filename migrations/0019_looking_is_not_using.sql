-- A stream of events asks each second whether its session still opens anything. That is no use of
-- it: an open window that nobody touches must not keep a session from ending unused.
create function is_session_open(p_id_hash bytea) returns boolean
language sql stable security definer set search_path = pg_catalog, public as $$
  select exists (select 1 from sessions s join users u on u.id = s.user_id
    where s.id_hash = p_id_hash and s.ends_at > clock_timestamp()
      and s.seen_at + s.idle > clock_timestamp() and u.disabled_at is null)
$$;
revoke execute on function is_session_open(bytea) from public;
grant execute on function is_session_open(bytea) to atlas_person;
