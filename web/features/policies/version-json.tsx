import { Code, Group, Select, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { type Version, versionDetailSchema } from '../../../src/api/versions.ts';
import { CopyButton } from '../../shared/action/copy-button.tsx';
import { request } from '../../shared/api/request.ts';
import { FailedState } from '../../shared/page/failed-state.tsx';
import { LoadingRows } from '../../shared/page/loading-rows.tsx';
import classes from './version-json.module.css';

/** A version as it is kept, to the letter. */
export function VersionJson({ versions }: { readonly versions: readonly Version[] }) {
  const [chosen, setChosen] = useState(versions[0]?.id ?? null);
  const version = versions.find(({ id }) => id === chosen);
  const { data, error, refetch } = useQuery({
    queryKey: ['version', version?.links.self],
    queryFn: () => request(versionDetailSchema, version?.links.self ?? ''),
    enabled: version !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const text = data === undefined ? '' : JSON.stringify(data.body, null, 2);
  return (
    <Stack gap="xs">
      <Group gap="xs">
        <Select
          aria-label="Version"
          value={chosen}
          data={versions.map(({ id, number }) => ({ value: id, label: `Version ${number}` }))}
          onChange={setChosen}
          allowDeselect={false}
        />
        <CopyButton value={text} label="Copy JSON" />
      </Group>
      {error !== null && <FailedState error={error} retry={() => refetch()} />}
      {data === undefined && error === null && <LoadingRows rows={6} />}
      {data !== undefined && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reachable by keyboard
        <section aria-label="JSON" tabIndex={0} className={classes.scroll}>
          <Code block className={classes.json}>
            {text}
          </Code>
        </section>
      )}
    </Stack>
  );
}
