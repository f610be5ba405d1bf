const opening = '<think>';
const closing = '</think>';

/**
 * Some servers leave a model's reasoning in its text, between `<think>` and `</think>` at the very beginning.
 * Tells the two apart piece by piece; tags may be split between pieces. Elsewhere in a text the tag is just text.
 */
export class ThinkSplitter {
  #state: 'start' | 'thinking' | 'after' | 'text' = 'start';
  #held = '';

  /** Hands the parts of a piece on in order. */
  feed(piece: string, say: (type: 'text' | 'reasoning', text: string) => void): void {
    if (this.#state === 'text') {
      say('text', piece);
      return;
    }
    let rest = this.#held + piece;
    this.#held = '';
    if (this.#state === 'start') {
      const trimmed = rest.trimStart();
      if (opening.startsWith(trimmed) && trimmed.length < opening.length) {
        this.#held = rest;
        return;
      }
      if (!trimmed.startsWith(opening)) {
        this.#state = 'text';
        say('text', rest);
        return;
      }
      this.#state = 'thinking';
      rest = trimmed.slice(opening.length);
    }
    if (this.#state === 'thinking') {
      const end = rest.indexOf(closing);
      if (end < 0) {
        const kept = heldBack(rest);
        if (rest.length > kept) say('reasoning', rest.slice(0, rest.length - kept));
        this.#held = rest.slice(rest.length - kept);
        return;
      }
      if (end > 0) say('reasoning', rest.slice(0, end));
      this.#state = 'after';
      rest = rest.slice(end + closing.length);
    }
    // The blank lines between the reasoning and the answer belong to neither.
    rest = rest.trimStart();
    if (rest === '') return;
    this.#state = 'text';
    say('text', rest);
  }

  /** Hands on what was held back in case a tag would follow. */
  end(say: (type: 'text' | 'reasoning', text: string) => void): void {
    if (this.#held) say(this.#state === 'thinking' ? 'reasoning' : 'text', this.#held);
    this.#held = '';
  }
}

/** How many characters at the end of `text` could be the beginning of the closing tag. */
function heldBack(text: string): number {
  for (let n = Math.min(closing.length - 1, text.length); n > 0; n--) {
    if (closing.startsWith(text.slice(text.length - n))) return n;
  }
  return 0;
}
