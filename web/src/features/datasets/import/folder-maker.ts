interface FolderPort {
  find(datasetId: string, parentId: string | null, name: string): Promise<string | undefined>;
  make(datasetId: string, parentId: string | null, name: string): Promise<string>;
}

/** Makes the folders that files were dropped in, each once, also when many files need it at the same time. */
export class FolderMaker {
  readonly #port: FolderPort;
  readonly #known = new Map<string, Promise<string>>();

  constructor(port: FolderPort) {
    this.#port = port;
  }

  /** The folder of these names below `parentId`. One that exists already is used. */
  async require(
    datasetId: string,
    parentId: string | null,
    names: readonly string[],
  ): Promise<string | null> {
    let folder = parentId;
    for (const name of names) folder = await this.#one(datasetId, folder, name);
    return folder;
  }

  #one(datasetId: string, parentId: string | null, name: string): Promise<string> {
    const key = JSON.stringify([datasetId, parentId, name]);
    const known = this.#known.get(key);
    if (known) return known;
    const made = this.#findOrMake(datasetId, parentId, name).finally(() => {
      // It may be deleted or renamed later: only those who ask at the same time share the answer for a moment.
      setTimeout(() => this.#known.delete(key), 10_000);
    });
    made.catch(() => this.#known.delete(key));
    this.#known.set(key, made);
    return made;
  }

  async #findOrMake(datasetId: string, parentId: string | null, name: string): Promise<string> {
    return (
      (await this.#port.find(datasetId, parentId, name)) ?? (await this.#port.make(datasetId, parentId, name))
    );
  }
}
