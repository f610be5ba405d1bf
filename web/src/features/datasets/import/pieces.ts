const least = 256 * 1024;
const most = 8 * 1024 * 1024;
/** Bytes of the first piece. */
export const firstPiece = 1024 * 1024;

/** The next piece of a file of `size` bytes, of which `offset` have arrived. */
export function pieceRange(offset: number, size: number, piece: number) {
  const end = Math.min(size, offset + piece);
  return { start: offset, end, header: `bytes ${offset}-${end - 1}/${size}` };
}

/**
 * How large the piece after one of `bytes` should be that took `ms`: about a second's worth, so that progress moves
 * on a slow line and little is said on a fast one.
 */
export function nextPiece(bytes: number, ms: number): number {
  const factor = Math.min(2, Math.max(0.5, 1000 / Math.max(1, ms)));
  return Math.round(Math.min(most, Math.max(least, bytes * factor)));
}

/** Milliseconds that the speed is an average of. */
const span = 8000;

/** How fast bytes arrive, over the last seconds. */
export class SpeedMeter {
  #marks: { at: number; bytes: number }[] = [];

  /** Something begins to be sent: a pause before does not count. */
  begin(now: number): void {
    const last = this.#marks.at(-1);
    if (!last || now - last.at > span) this.#marks = [{ at: now, bytes: 0 }];
  }

  add(bytes: number, now: number): void {
    this.#marks.push({ at: now, bytes });
    const old = this.#marks.findIndex(({ at }) => now - at <= span);
    if (old > 1) this.#marks.splice(0, old - 1);
  }

  /** Bytes a second; undefined until there is enough to say it of. */
  get perSecond(): number | undefined {
    const [first, ...rest] = this.#marks;
    const last = rest.at(-1);
    if (!first || !last || last.at - first.at < 800) return undefined;
    return (1000 * rest.reduce((sum, { bytes }) => sum + bytes, 0)) / (last.at - first.at);
  }
}
