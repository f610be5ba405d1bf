/** Indexes of its own that one data item can have, besides those of q and a. */
export const mostIndexes = 20;
