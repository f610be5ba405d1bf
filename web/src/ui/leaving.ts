/** Something of this tab that belongs to whoever is logged in, and would be lost with their session. */
export interface Holding {
  /** Whether it may be lost; asks where somebody has to say so. */
  mayGo: () => boolean | Promise<boolean>;
  /** Drops it: the session is over, or somebody else's. */
  drop?: () => void;
}

const holdings = new Set<Holding>();
let owner: string | undefined;

/** What has to be asked before a session ends, and dropped with it. */
export const leaving = {
  /** Answers what takes it off the list again. */
  hold(holding: Holding): () => void {
    holdings.add(holding);
    return () => {
      holdings.delete(holding);
    };
  },
  /** Asks about one thing after the other, until one is to stay. */
  async mayGo(): Promise<boolean> {
    for (const holding of [...holdings]) if (!(await holding.mayGo())) return false;
    return true;
  },
  drop(): void {
    for (const { drop } of holdings) drop?.();
  },
  /** Says who is logged in, by the id of the member: nothing passes from one to the next. */
  belongTo(memberId: string): void {
    if (owner !== undefined && owner !== memberId) leaving.drop();
    owner = memberId;
  },
};
