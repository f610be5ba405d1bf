/** Has the browser save what was made or fetched here. */
export function saveFile(content: Blob, name: string): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The browser has begun by then; without this the content would stay in memory.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
