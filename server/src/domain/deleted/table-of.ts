/** The table that a deletion's objects stand in. */
export const tableOf = { dataset: 'datasets', app: 'apps' } as const;
