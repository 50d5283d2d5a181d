import { Alert, Text } from '@mantine/core';
import { ApiProblem } from '../../shared/api/problem.ts';

/** Why a form was not accepted, right where one entered it; a field that is bad is named. */
export function ProblemNote({ error }: { readonly error: unknown }) {
  if (!(error instanceof ApiProblem)) throw error;
  const { detail, next, errors } = error.problem;
  return (
    <Alert role="alert" color="red" variant="outline" title={detail} p="xs">
      {errors?.map((field) => (
        <Text size="sm" key={field.pointer}>
          {field.pointer.slice(1)}: {field.detail}
        </Text>
      ))}
      {errors === undefined && next !== undefined && <Text size="sm">{next}</Text>}
    </Alert>
  );
}
