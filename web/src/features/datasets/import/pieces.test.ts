import { describe, expect, it } from 'vitest';
import { firstPiece, nextPiece, pieceRange, SpeedMeter } from './pieces.ts';

const megabyte = 1024 * 1024;

describe('pieces', () => {
  it('are ranges that the server understands', () => {
    expect(pieceRange(0, 10, firstPiece)).toEqual({ start: 0, end: 10, header: 'bytes 0-9/10' });
    const whole = 5 * megabyte;
    expect(pieceRange(4 * megabyte, whole, 2 * megabyte).header).toBe(
      `bytes ${4 * megabyte}-${whole - 1}/${whole}`,
    );
  });

  it('become about a second long, in steps, within bounds', () => {
    expect(nextPiece(megabyte, 1000)).toBe(megabyte);
    expect(nextPiece(megabyte, 20)).toBe(2 * megabyte);
    expect(nextPiece(megabyte, 60_000)).toBe(megabyte / 2);
    expect(nextPiece(8 * megabyte, 1)).toBe(8 * megabyte);
    expect(nextPiece(256 * 1024, 60_000)).toBe(256 * 1024);
  });
});

describe('the speed', () => {
  it('is that of the last seconds, and not known at once', () => {
    const meter = new SpeedMeter();
    expect(meter.perSecond).toBeUndefined();
    meter.begin(0);
    meter.add(500, 500);
    expect(meter.perSecond).toBeUndefined();
    meter.add(500, 1000);
    expect(meter.perSecond).toBe(1000);
    for (let second = 2; second <= 20; second++) meter.add(3000, second * 1000);
    expect(meter.perSecond).toBe(3000);
  });

  it('leaves out the pause before somebody goes on', () => {
    const meter = new SpeedMeter();
    meter.begin(0);
    meter.add(1000, 1000);
    meter.begin(60_000);
    expect(meter.perSecond).toBeUndefined();
    meter.add(2000, 61_000);
    expect(meter.perSecond).toBe(2000);
  });
});
