/** A part of the console did not load: nobody reaches the server, or it has another version of the console by now. */
export class NotLoaded extends Error {
  constructor(cause: unknown) {
    super('a part of the console was not loaded', { cause });
    this.name = 'NotLoaded';
  }
}

/** What browsers say of a part that did not load, each in its own words. */
const words =
  /^(failed to fetch dynamically imported module|error loading dynamically imported module|importing a module script failed|unable to preload css)/i;

/** Whether an error of a screen means that a part of it did not load. */
export const isNotLoaded = (error: unknown): boolean =>
  error instanceof NotLoaded || (error instanceof Error && words.test(error.message));
