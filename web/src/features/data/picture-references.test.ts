import { describe, expect, it } from 'vitest';
import { withAddresses, withReferences } from './picture-references.ts';

const id = '6743e3f2a1b2c3d4e5f60742';
const stored = `Herons ![a heron](/api/core/dataset/image/${id}?token=abc.def) stand.`;

describe('pictures of a text that is edited', () => {
  it('are short references while it is written, and have their addresses again when it is shown', () => {
    const edited = withReferences(stored).replace('stand', 'fish');
    expect(edited).toBe(`Herons ![a heron](picture:${id}) fish.`);
    expect(withAddresses(edited, stored)).toBe(stored.replace('stand', 'fish'));
  });

  it('stay as they are where the stored text has no such picture', () => {
    const other = `![x](picture:${'f'.repeat(24)})`;
    expect(withAddresses(other, stored)).toBe(other);
  });
});
