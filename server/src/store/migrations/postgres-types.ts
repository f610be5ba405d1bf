import {
  type ColumnDefinitionNode,
  DataTypeNode,
  type KyselyPlugin,
  OperationNodeTransformer,
  RawNode,
} from 'kysely';

/*
 * Migrations name types as SQLite does. On Postgres a text gets the collation "C": texts are then compared, sorted and
 * put into lower case byte by byte, as SQLite does it, whatever language the database was made for.
 */
const onPostgres: Partial<Record<string, string>> = { text: 'text collate "C"', blob: 'bytea' };

class TypeNames extends OperationNodeTransformer {
  protected override transformColumnDefinition(node: ColumnDefinitionNode): ColumnDefinitionNode {
    const definition = super.transformColumnDefinition(node);
    const { dataType } = definition;
    const name = DataTypeNode.is(dataType) ? onPostgres[dataType.dataType] : undefined;
    return name === undefined ? definition : { ...definition, dataType: RawNode.createWithSql(name) };
  }
}

/** Puts the types of a migration into Postgres' words. */
export const postgresTypes: KyselyPlugin = {
  transformQuery: ({ node, queryId }) => new TypeNames().transformNode(node, queryId),
  transformResult: async ({ result }) => result,
};
