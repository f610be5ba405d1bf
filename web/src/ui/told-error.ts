/** Something that did not work, in words that were written for whoever reads them. */
export class ToldError extends Error {}
