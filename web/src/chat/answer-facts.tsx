import { Table, Text } from '@mantine/core';

/** Names and values of an answer: model, tokens, points, time. */
export default function AnswerFacts({ rows }: { rows: readonly (readonly [string, string])[] }) {
  return (
    <Table withRowBorders={false} verticalSpacing={2}>
      <Table.Tbody>
        {rows.map(([name, value]) => (
          <Table.Tr key={name}>
            <Table.Th scope="row">
              <Text size="xs" c="dimmed">
                {name}
              </Text>
            </Table.Th>
            <Table.Td>
              <Text size="xs">{value}</Text>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
