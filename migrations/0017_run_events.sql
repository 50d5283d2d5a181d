-- Live views are told which run has changed, never what of it: whoever is told reads it as the
-- person who looks. Revisions grow with checkpoints, at most once a second or fifty items, so this
-- is seldom; what one transaction says twice PostgreSQL tells once.
create function tell_run_changed() returns trigger language plpgsql
set search_path = pg_catalog, public as $$
begin
  perform pg_notify('run_changed', new.tenant_id || ' ' || new.id);
  return null;
end $$;
create trigger told after insert or update of revision on runs
  for each row execute function tell_run_changed();
