const side = 96;

/** A picture of 96 × 96 pixels as text, cut to its middle: small enough to be stored with what it stands for. */
export async function pictureText(file: Blob): Promise<string> {
  const bitmap = await createImageBitmap(file);
  const canvas = document.createElement('canvas');
  canvas.width = side;
  canvas.height = side;
  const cut = Math.min(bitmap.width, bitmap.height);
  canvas
    .getContext('2d')
    ?.drawImage(bitmap, (bitmap.width - cut) / 2, (bitmap.height - cut) / 2, cut, cut, 0, 0, side, side);
  bitmap.close();
  return canvas.toDataURL('image/webp', 0.85);
}
