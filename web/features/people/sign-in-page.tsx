import { Container } from '@mantine/core';
import { Page } from '../../shared/page/page.tsx';

/** For who is not signed in. */
export function SignInPage() {
  return (
    <Container size="xs" py="xl">
      <Page title="Sign in">{null}</Page>
    </Container>
  );
}
