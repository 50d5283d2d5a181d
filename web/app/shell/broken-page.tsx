import { Button, Container } from '@mantine/core';
import type { ErrorComponentProps } from '@tanstack/react-router';
import { ApiProblem } from '../../shared/api/problem.ts';
import { EmptyState } from '../../shared/page/empty-state.tsx';
import { FailedState } from '../../shared/page/failed-state.tsx';

/** A page that could not be drawn: what the API said, or that the fault is ours. */
export function BrokenPage({ error, reset }: ErrorComponentProps) {
  if (error instanceof ApiProblem) {
    return (
      <Container size="sm" py="lg">
        <FailedState error={error} retry={reset} />
      </Container>
    );
  }
  return (
    <EmptyState
      title="This page broke"
      action={<Button onClick={() => window.location.reload()}>Reload</Button>}
    >
      The fault is ours. Nothing that you did is lost: work goes on in the background.
    </EmptyState>
  );
}
