const side = 256;

/** The middle of a picture as a small square PNG, as a data URL. Throws what the browser cannot read. */
export async function squarePicture(file: Blob): Promise<string> {
  const picture = await createImageBitmap(file);
  const canvas = document.createElement('canvas');
  canvas.width = side;
  canvas.height = side;
  const least = Math.min(picture.width, picture.height);
  const context = canvas.getContext('2d');
  context?.drawImage(
    picture,
    (picture.width - least) / 2,
    (picture.height - least) / 2,
    least,
    least,
    0,
    0,
    side,
    side,
  );
  picture.close();
  return canvas.toDataURL('image/png');
}
