// What the chief judge's page says of a file that this tablet handed over, read by the camera: docs/handover.md. It is a word to
// the judge, no more: events leave this tablet by the server's own answer alone.

import { codeOf, hashOf } from "./handover-code.js";
import { cameraFault, closeCamera, codeReader, faultOf, openCamera } from "./reader.js";

const LOOK_MS = 200;
const RECEIPT = /^(JR1:([2-9ACFHKPXY-]{19}):(\d{1,6}):(\d{1,6}):(\d{1,6})):([2-9ACFHKPXY-]{19})$/;

// {taken, aside, other}, or the word for why it is no receipt for what this tablet handed over last.
export async function readReceipt(text, device, last) {
  const [, said, code, taken, aside, other, proof] = RECEIPT.exec(text) ?? [];
  if (!said) return "receipt_none";
  if (code !== last.code) return "receipt_other";
  const due = await codeOf(`${await hashOf(device.token)}\n${said}`);
  return due === proof ? { taken: Number(taken), aside: Number(aside), other: Number(other) } : "receipt_wrong";
}

export class ReceiptCamera {
  constructor(handing, device, last) {
    Object.assign(this, { handing, device, last, stream: null, fault: cameraFault(), why: "", seen: "" });
  }

  async start() {
    if (this.fault) return;
    try {
      this.stream = await openCamera();
      // The judge went back while it was being opened.
      if (this.handing.receipt !== this) {
        this.stop();
        return;
      }
      this.watch(this.stream, await codeReader());
    } catch (error) {
      this.fault = this.stream ? "camera_no_reader" : faultOf(error);
    }
    this.handing.app.redraw();
  }

  async watch(stream, read) {
    while (this.stream === stream) {
      if (this.handing.app.view !== "handover") {
        this.handing.endReceipt();
        return;
      }
      const video = this.handing.app.querySelector("video");
      const text = video?.videoWidth ? await read(video).catch(() => null) : null;
      if (text && text !== this.seen && this.stream === stream) {
        this.seen = text;
        await this.handing.takeReceipt(text);
      }
      await new Promise((done) => setTimeout(done, LOOK_MS));
    }
  }

  stop() {
    closeCamera(this.stream);
    this.stream = null;
  }
}
