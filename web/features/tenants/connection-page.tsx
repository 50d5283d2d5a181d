import { Group, Paper, Stack, Table, Text, Title } from '@mantine/core';
import { type Connection, connectionSchema } from '../../../src/api/connections.ts';
import { coverageSchema } from '../../../src/api/coverage.ts';
import { GatedButton } from '../../shared/action/gated-button.tsx';
import { useStartRun } from '../../shared/action/use-start-run.tsx';
import { useList } from '../../shared/api/use-list.ts';
import { EmptyState } from '../../shared/page/empty-state.tsx';
import { Page } from '../../shared/page/page.tsx';
import { ListView } from '../../shared/table/list-view.tsx';
import { useRefusal, useTenant, useTenantApi } from '../../shared/tenant/use-tenant.ts';
import { Instant } from '../../shared/time/instant.tsx';
import { StateBadge, type Tone } from '../../shared/words/state-badge.tsx';
import { WriteAccess } from './write-access.tsx';

const CLOUDS = { global: 'Worldwide', usGov: 'US Government', china: 'China (21Vianet)' } as const;
const COVERAGE = {
  covered: { tone: 'good', words: 'Covered' },
  not_licensed: { tone: 'quiet', words: 'Not licensed' },
  not_permitted: { tone: 'bad', words: 'Not permitted' },
  refused: { tone: 'bad', words: 'Refused by Microsoft' },
} as const satisfies Record<string, { tone: Tone; words: string }>;
const REFRESH_MS = 5_000;

/** How we sign in to the tenant, what can be seen through it, and whether it may write. */
export function ConnectionPage() {
  const tenant = useTenant();
  const list = useList(connectionSchema, `${useTenantApi()}/connections`, {}, REFRESH_MS);
  return (
    <Page title="Connection" summary={`How TenantAtlas signs in to ${tenant.name}.`}>
      <ListView
        list={list}
        empty={
          <EmptyState title="Not connected yet">
            Register an application in the customer’s Entra tenant, then add it on the server with
            “tenantatlas connection add”.
          </EmptyState>
        }
      >
        {(rows) => rows.map((row) => <OneConnection key={row.id} connection={row} />)}
      </ListView>
      <CoverageTable />
    </Page>
  );
}

function OneConnection({ connection }: { readonly connection: Connection }) {
  const { id: tenant } = useTenant();
  const refusal = useRefusal('connections:verify');
  const start = useStartRun();
  return (
    <Stack gap="md" maw={820}>
      <Paper withBorder p="md">
        <Stack gap="sm">
          <Group justify="space-between">
            <Title order={2}>Reading</Title>
            <GatedButton
              variant="default"
              refusal={refusal}
              loading={start.isPending}
              onClick={() => {
                const input = { connectionId: connection.id };
                start.mutate({ tenant, type: 'connection.verify', title: 'Verification', input });
              }}
            >
              Verify
            </GatedButton>
          </Group>
          <Fact name="State">
            {connection.verifiedAt === null ? (
              <StateBadge tone="warn">Never verified</StateBadge>
            ) : (
              <>
                Verified <Instant at={connection.verifiedAt} />
              </>
            )}
          </Fact>
          <Fact name="Cloud">{CLOUDS[connection.cloud]}</Fact>
          <Fact name="Entra tenant">{connection.entraTenantId}</Fact>
          <Fact name="Application">{connection.clientId}</Fact>
          <Fact name="Signs in with">
            {connection.credentialKind === 'secret' ? 'a client secret' : 'a certificate'}
          </Fact>
        </Stack>
      </Paper>
      <WriteAccess connection={connection} />
    </Stack>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: React.ReactNode }) {
  return (
    <Group gap="sm" wrap="nowrap" align="baseline">
      <Text size="sm" c="dimmed" w={130} flex="none">
        {name}
      </Text>
      <Text size="sm" component="div">
        {children}
      </Text>
    </Group>
  );
}

/** What the connection can see of each type, and what to do where it cannot. */
function CoverageTable() {
  const list = useList(coverageSchema, `${useTenantApi()}/coverage`, { limit: 200 }, REFRESH_MS);
  return (
    <Stack gap="xs">
      <Title order={2}>What it can see</Title>
      <ListView list={list} empty={<EmptyState title="Not known yet">Verify it.</EmptyState>}>
        {(rows) => (
          <Table withTableBorder verticalSpacing={6}>
            <Table.Tbody>
              {rows.map((row) => (
                <Table.Tr key={row.type}>
                  <Table.Td>{row.typeTitle}</Table.Td>
                  <Table.Td>
                    <StateBadge tone={COVERAGE[row.state].tone}>
                      {COVERAGE[row.state].words}
                    </StateBadge>
                  </Table.Td>
                  <Table.Td>
                    {row.reason !== null && (
                      <Text size="sm">
                        {row.reason.message} {row.reason.next}
                      </Text>
                    )}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        )}
      </ListView>
    </Stack>
  );
}
