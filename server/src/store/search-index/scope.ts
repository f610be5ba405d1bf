/*
 * The tokens in the index's `scope` column, by which a match is narrowed to datasets and collections. Apart from the
 * writing side, so that the search worker loads nothing else of it.
 */

export const datasetToken = (datasetId: string): string => `d${datasetId}`;
export const collectionToken = (collectionId: string): string => `c${collectionId}`;
