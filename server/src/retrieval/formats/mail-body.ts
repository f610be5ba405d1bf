/** Shorter bodies are read as they are. Bytes. */
const longBody = 1e6;
/** Headers end before, in any mail that somebody wrote. */
const longestHeaders = 256 * 1024;

/**
 * The same mail, with a long body that is no multipart and has no encoding in quoted-printable. The library keeps every
 * line of a body without an encoding as an object of its own: it takes ten times as long and several times the memory.
 */
export function encodedBody(bytes: Uint8Array): Uint8Array {
  const mail = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const blank = /\r?\n\r?\n/.exec(mail.toString('latin1', 0, longestHeaders));
  if (!blank || mail.length - blank.index < longBody) return bytes;
  const headers = mail.toString('latin1', 0, blank.index);
  if (/^content-type:\s*(?:multipart|message)\//im.test(headers)) return bytes;
  const encoding = /^content-transfer-encoding:\s*(\S+).*$/im;
  if (!/^(?:7bit|8bit|binary)?$/i.test(encoding.exec(headers)?.[1] ?? '')) return bytes;
  const encoded = 'Content-Transfer-Encoding: quoted-printable';
  const kept = headers.replace(new RegExp(`${encoding.source}\\r?\\n?`, 'gim'), '').trimEnd();
  // Every `=` would begin an escape. One byte a character, whatever the text is written in.
  const body = mail.toString('latin1', blank.index + blank[0].length).replaceAll('=', '=3D');
  return Buffer.from(`${kept}\r\n${encoded}\r\n\r\n${body}`, 'latin1');
}
