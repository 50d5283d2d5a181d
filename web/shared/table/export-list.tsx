import { ActionIcon, Menu, Tooltip } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconDownload } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import type { z } from 'zod';
import { tellProblem } from '../action/tell-problem.tsx';
import { type ListQuery, readAll } from '../api/use-list.ts';
import { toCsv } from './to-csv.ts';

/** More rows than this are not put into one file; filters make the list shorter. */
const ROWS_MAX = 50_000;

interface ExportListProps<Item extends z.ZodType> {
  /** Of the file, without what comes after the dot. */
  readonly name: string;
  readonly item: Item;
  readonly path: string;
  /** The filters that are on: what is seen is what is exported, all pages of it. */
  readonly query: ListQuery;
}

/** A list as a file: every page of what is filtered. */
export function ExportList<Item extends z.ZodType>(props: ExportListProps<Item>) {
  const { name, item, path, query } = props;
  const write = useMutation({
    mutationFn: async (format: 'csv' | 'json') => {
      const { rows, isComplete } = await readAll(item, path, query, { max: ROWS_MAX });
      const text = format === 'csv' ? toCsv(rows) : JSON.stringify(rows, null, 2);
      save(`${name}.${format}`, text, format === 'csv' ? 'text/csv' : 'application/json');
      return { count: rows.length, isComplete };
    },
    onSuccess: ({ count, isComplete }) =>
      notifications.show({
        title: `${count} rows written`,
        message: isComplete ? 'All that matched.' : `Only the first ${ROWS_MAX}: filter further.`,
      }),
    onError: tellProblem,
  });
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Tooltip label="Export">
          <ActionIcon variant="default" size={30} loading={write.isPending} aria-label="Export">
            <IconDownload size={16} />
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => write.mutate('csv')}>CSV</Menu.Item>
        <Menu.Item onClick={() => write.mutate('json')}>JSON</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function save(name: string, text: string, type: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
