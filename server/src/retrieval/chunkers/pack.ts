import type { CountTokens } from '../tokens.ts';
import type { Block } from './blocks.ts';
import { sentencesOf, stretches } from './sentences.ts';
import { cutRow, recordsOf } from './table-rows.ts';

export interface PackOptions {
  /** Tokens a piece should have; pieces end between 0.8 and 1.2 of it where the text allows. */
  target: number;
  /** Tokens of its predecessor's last sentences that a piece cut inside a paragraph begins with. */
  overlap: number;
  count: CountTokens;
}

/** Something that goes into a piece whole, and what stands between it and what is before it. */
interface Unit {
  text: string;
  glue: string;
  tokens: number;
}

const lower = 0.8;
const upper = 1.2;
const shortTail = 0.4;

/** Fills blocks that belong together into pieces of about the target size, in order; nothing is lost. */
export function pack(blocks: Block[], options: PackOptions): string[] {
  const packer = new Packer(options);
  for (const block of blocks) packer.add(block);
  return packer.finish();
}

class Packer {
  readonly #options: PackOptions;
  readonly #pieces: string[] = [];
  #units: Unit[] = [];
  #tokens = 0;
  /** How many units at the start of the open piece repeat the end of the one before. */
  #repeated = 0;
  /** A heading waits for the block it stands over, so that it never ends a piece. */
  #heading = '';

  constructor(options: PackOptions) {
    this.#options = options;
  }

  add(block: Block): void {
    if (block.kind === 'heading') {
      this.#heading += (this.#heading === '' ? '' : '\n\n') + block.text;
      return;
    }
    const text = this.#heading === '' ? block.text : `${this.#heading}\n\n${block.text}`;
    const lead = this.#heading;
    this.#heading = '';
    const unit = this.#unit(text, '\n\n');
    if (this.#takes(unit)) return;
    if (block.kind === 'paragraph') this.#addSentences(text);
    else if (block.kind === 'table') this.#addRows(block, lead);
    else this.#addCode(block.text, lead, unit);
  }

  finish(): string[] {
    if (this.#heading !== '') this.#put(this.#unit(this.#heading, '\n\n'));
    this.#heading = '';
    this.#close(true);
    return this.#pieces;
  }

  #unit(text: string, glue: string): Unit {
    return { text, glue, tokens: this.#options.count(text) };
  }

  #put(unit: Unit): void {
    this.#units.push(unit);
    this.#tokens += unit.tokens;
  }

  /** Takes the unit if it fits, closing the open piece first or after when that has its size. */
  #takes(unit: Unit): boolean {
    const { target } = this.#options;
    if (this.#tokens + unit.tokens > target && this.#tokens >= lower * target) this.#close(false);
    if (this.#tokens + unit.tokens > upper * target) return false;
    this.#put(unit);
    if (this.#tokens > target) this.#close(false);
    return true;
  }

  /**
   * Code stays whole though it is larger than a piece, unless it is larger than several: then it is cut between lines,
   * and each part begins and ends with the fence.
   */
  #addCode(code: string, lead: string, whole: Unit): void {
    this.#close(false);
    const { target, count } = this.#options;
    if (whole.tokens <= 3 * target) {
      this.#put(whole);
      this.#close(false);
      return;
    }
    if (lead !== '') this.#put(this.#unit(lead, '\n\n'));
    for (const part of fencedParts(code, target, count)) {
      this.#put(this.#unit(part, '\n\n'));
      this.#close(false);
    }
  }

  #addSentences(text: string): void {
    const { target, overlap, count } = this.#options;
    let glue = '\n\n';
    for (const sentence of sentencesOf(text)) {
      for (const part of stretches(sentence, target, count)) {
        const unit = this.#unit(part, glue);
        glue = '';
        const sum = this.#tokens + unit.tokens;
        const full = this.#tokens >= lower * target;
        if (sum > upper * target || (sum > target && full)) this.#close(false, overlap);
        this.#put(unit);
      }
    }
  }

  #addRows(block: Extract<Block, { kind: 'table' }>, lead: string): void {
    const { target, count } = this.#options;
    this.#close(false);
    const header = this.#unit([...(lead === '' ? [] : [`${lead}\n`]), ...block.header].join('\n'), '');
    if (header.tokens > target / 2) {
      this.#addRecords(block, lead);
      return;
    }
    this.#put(header);
    let rows = 0;
    const large = upper * target - header.tokens;
    for (const row of block.rows) {
      const parts = count(row) > large ? cutRow(row, target - header.tokens, count) : [row];
      for (const part of parts) {
        const unit = this.#unit(part, '\n');
        if (rows > 0 && this.#tokens + unit.tokens > target) {
          this.#close(false);
          this.#put(header);
          rows = 0;
        }
        this.#put(unit);
        rows += 1;
      }
    }
    this.#close(false);
  }

  /** A header of half a piece would leave no room: its names stand before the values instead. */
  #addRecords({ header, rows }: Extract<Block, { kind: 'table' }>, lead: string): void {
    const { target, count } = this.#options;
    if (lead !== '') this.#put(this.#unit(lead, '\n\n'));
    for (const row of rows) {
      for (const part of recordsOf(header[0] ?? '', row, target, count)) {
        const unit = this.#unit(part, '\n\n');
        if (this.#takes(unit)) continue;
        this.#close(false);
        this.#put(unit);
      }
    }
    this.#close(false);
  }

  /** Ends the open piece; at the end of a section a short one joins its predecessor. */
  #close(last: boolean, overlap = 0): void {
    const fresh = this.#units.slice(this.#repeated);
    const tail = textOf(fresh, true);
    const freshTokens = fresh.reduce((sum, unit) => sum + unit.tokens, 0);
    const before = this.#pieces.at(-1);
    if (last && before !== undefined && fresh.length > 0 && freshTokens < shortTail * this.#options.target) {
      this.#pieces[this.#pieces.length - 1] = (before + tail).trim();
    } else if (fresh.length > 0) this.#pieces.push(textOf(this.#units).trim());
    const kept = last ? [] : lastSentences(fresh, overlap);
    this.#units = kept;
    this.#repeated = kept.length;
    this.#tokens = kept.reduce((sum, unit) => sum + unit.tokens, 0);
  }
}

/** A fenced block as several of about `limit` tokens, cut between lines where those are short enough. */
function fencedParts(code: string, limit: number, count: CountTokens): string[] {
  const [opening = '', ...rest] = code.split('\n');
  const fence = /[`~]{3,}/.exec(opening)?.[0] ?? '```';
  const lines = rest.at(-1)?.trim().startsWith(fence) ? rest.slice(0, -1) : rest;
  const room = Math.max(1, limit - count(opening) - count(fence));
  const parts: string[] = [];
  let part: string[] = [];
  let tokens = 0;
  const end = (): void => {
    if (part.some((line) => line.trim() !== '')) parts.push([opening, ...part, fence].join('\n'));
    part = [];
    tokens = 0;
  };
  for (const line of lines) {
    const size = count(line) + 1;
    if (tokens + size > room) end();
    for (const piece of size > room ? stretches(line, room, count) : [line]) {
      part.push(piece);
      tokens += size;
      if (size > room) end();
    }
  }
  end();
  return parts;
}

function textOf(units: Unit[], continues = false): string {
  return units.map((unit, i) => (i === 0 && !continues ? unit.text : unit.glue + unit.text)).join('');
}

/** As many sentences from the end as fit into `limit` tokens, of the same paragraph only. */
function lastSentences(units: Unit[], limit: number): Unit[] {
  const kept: Unit[] = [];
  let tokens = 0;
  for (const unit of units.toReversed()) {
    tokens += unit.tokens;
    if (tokens > limit) break;
    kept.unshift(unit);
    if (unit.glue !== '') break;
  }
  return kept;
}
