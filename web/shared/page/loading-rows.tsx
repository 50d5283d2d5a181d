import { Skeleton, Stack, VisuallyHidden } from '@mantine/core';

/** Takes the room that rows will take, so that nothing jumps when they come. */
export function LoadingRows({ rows = 8, height = 34 }: { rows?: number; height?: number }) {
  return (
    <Stack gap={6} role="status">
      <VisuallyHidden>Loading</VisuallyHidden>
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: placeholders are all alike
        <Skeleton key={row} height={height} radius="sm" aria-hidden />
      ))}
    </Stack>
  );
}
