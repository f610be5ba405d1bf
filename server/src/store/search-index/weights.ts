/** What a term counts by where it stands; measured on the development sets. The same on both engines. */
export const columnWeights = { title: 2.5, body: 1, exact: 0.15 } as const;
