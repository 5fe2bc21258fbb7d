// A photo as it is kept and sent: a JPEG of at most 1600 px, drawn anew, so that nothing of where and with what it was taken is left.

import { sha256 } from "./hash.js";

const LONGEST = 1600;
const QUALITIES = [0.82, 0.65, 0.5];
const MOST_BYTES = 2 * 1024 * 1024;

export async function taken(file) {
  const image = await decoded(file);
  const scale = Math.min(1, LONGEST / Math.max(image.width, image.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(image.width * scale));
  canvas.height = Math.max(1, Math.round(image.height * scale));
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  image.close?.();
  for (const quality of QUALITIES) {
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", quality));
    if (!blob || blob.size > MOST_BYTES) continue;
    const bytes = await blob.arrayBuffer();
    return { bytes, hash: await sha256(bytes) };
  }
  throw new Error("too large");
}

// Older browsers do not know the option that turns a picture upright.
async function decoded(file) {
  try {
    return await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    return createImageBitmap(file);
  }
}
