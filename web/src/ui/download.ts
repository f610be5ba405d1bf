/** Has the browser save what was made or fetched here. */
export function saveFile(content: Blob, fileName: string): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  link.click();
  // The browser has begun by then; without this the content would stay in memory.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** The same for a text. */
export const downloadText = (text: string, fileName: string, type = 'application/json'): void =>
  saveFile(new Blob([text], { type }), fileName);
