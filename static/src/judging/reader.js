// The tablet's camera, and what reads QR codes from its pictures: the browser's own reader, else jsQR, loaded when it is needed.

const WIDEST = 640;
const FAULTS = { NotAllowedError: "camera_refused", NotFoundError: "camera_none", OverconstrainedError: "camera_none" };

// Why there can be no camera here, or "": browsers give none to pages that came over plain http.
export const cameraFault = () => (navigator.mediaDevices?.getUserMedia ? "" : isSecureContext ? "camera_none" : "camera_http");

export function openCamera() {
  return navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: { ideal: 1280 } }, audio: false });
}

// The word for what getUserMedia threw.
export const faultOf = (error) => FAULTS[error?.name] ?? "camera_failed";

export const closeCamera = (stream) => stream?.getTracks().forEach((track) => track.stop());

// Gives a function that looks at a playing video, or at a photo (an ImageBitmap), once: the text of a QR code in it, or null. A browser whose own reader
// turns out to read nothing gets the other one. `widest`: how large a picture jsQR looks at: small ones are quick, fine codes want more.
export async function codeReader(widest = WIDEST) {
  let read = (await ownReader()) ?? (await loadedReader(widest));
  return async (video) => {
    try {
      return await read(video);
    } catch {
      read = await loadedReader(widest);
      return null;
    }
  };
}

async function loadedReader(widest) {
  const { default: found } = await import("jsqr");
  const jsQR = found.default ?? found;
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  return (video) => {
    const [wide, high] = [video.videoWidth ?? video.width, video.videoHeight ?? video.height];
    const scale = Math.min(1, widest / wide);
    const [width, height] = [Math.round(wide * scale), Math.round(high * scale)];
    Object.assign(canvas, { width, height });
    pen.drawImage(video, 0, 0, width, height);
    return jsQR(pen.getImageData(0, 0, width, height).data, width, height, { inversionAttempts: "dontInvert" })?.data || null;
  };
}

async function ownReader() {
  try {
    if (!(await BarcodeDetector.getSupportedFormats()).includes("qr_code")) return null;
    const detector = new BarcodeDetector({ formats: ["qr_code"] });
    return async (video) => (await detector.detect(video))[0]?.rawValue || null;
  } catch {
    return null;
  }
}
