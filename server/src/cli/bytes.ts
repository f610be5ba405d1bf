const units = ['B', 'KB', 'MB', 'GB', 'TB'];

/** `1.4 MB`: a size as people read it, in steps of 1,024. */
export function shownBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}
