// A text as a row of QR codes, and back: see docs/handover.md. Any order will do, and each code as often as it comes.

const PREFIX = "JH1:";
const LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
const HEAD = 13;
// With its head 203 bytes: 309 letters, a code of 57 modules that a camera of 640 × 480 reads.
export const CHUNK = 190;
const DEFLATED = 1;
// Whatever a row of codes claims: no tablet makes more.
const MOST_FRAMES = 20000;
const MOST_BYTES = 8 * 1024 * 1024;

const TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let sum = n;
  for (let bit = 0; bit < 8; bit += 1) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
  return sum;
});

export function crc32(bytes) {
  let sum = 0xffffffff;
  for (const byte of bytes) sum = TABLE[(sum ^ byte) & 255] ^ (sum >>> 8);
  return (sum ^ 0xffffffff) >>> 0;
}

// Base45 (RFC 9285): what QR codes carry in their letters, two bytes in three.
export function toLetters(bytes) {
  let text = "";
  for (let at = 0; at < bytes.length; at += 2) {
    const isPair = at + 1 < bytes.length;
    let value = isPair ? bytes[at] * 256 + bytes[at + 1] : bytes[at];
    for (let n = isPair ? 3 : 2; n; n -= 1, value = Math.floor(value / 45)) text += LETTERS[value % 45];
  }
  return text;
}

// null for what is no Base45.
export function fromLetters(text) {
  const bytes = [];
  for (let at = 0; at < text.length; at += 3) {
    const digits = [...text.slice(at, at + 3)].map((letter) => LETTERS.indexOf(letter));
    const value = digits.reduceRight((sum, digit) => sum * 45 + digit, 0);
    if (digits.length === 1 || digits.includes(-1) || value > (digits.length === 3 ? 65535 : 255)) return null;
    if (digits.length === 3) bytes.push(value >> 8);
    bytes.push(value & 255);
  }
  return Uint8Array.from(bytes);
}

async function through(stream, bytes, most = Infinity) {
  const reader = new Blob([bytes]).stream().pipeThrough(stream).getReader();
  const parts = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > most) throw new Error("too long");
    parts.push(value);
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

// The letters of each code, in order.
export async function toFrames(text) {
  const plain = new TextEncoder().encode(text);
  const packs = "CompressionStream" in globalThis;
  const bytes = packs ? await through(new CompressionStream("deflate-raw"), plain) : plain;
  const total = Math.ceil(bytes.length / CHUNK);
  const whole = crc32(bytes);
  return Array.from({ length: total }, (_, index) => {
    const chunk = bytes.subarray(index * CHUNK, (index + 1) * CHUNK);
    const frame = new Uint8Array(HEAD + chunk.length);
    const head = new DataView(frame.buffer);
    head.setUint32(4, whole);
    head.setUint8(8, packs ? DEFLATED : 0);
    head.setUint16(9, index);
    head.setUint16(11, total);
    frame.set(chunk, HEAD);
    head.setUint32(0, crc32(frame.subarray(4)));
    return PREFIX + toLetters(frame);
  });
}

// One code: null when it is none of ours or was not read rightly.
export function frameOf(letters) {
  if (!letters.startsWith(PREFIX)) return null;
  const frame = fromLetters(letters.slice(PREFIX.length));
  if (!frame || frame.length <= HEAD) return null;
  const head = new DataView(frame.buffer);
  if (head.getUint32(0) !== crc32(frame.subarray(4))) return null;
  const [whole, flags, index, total] = [head.getUint32(4), head.getUint8(8), head.getUint16(9), head.getUint16(11)];
  if (index >= total || total > MOST_FRAMES) return null;
  return { whole, flags, index, total, chunk: frame.subarray(HEAD) };
}

// Collects the codes of one row; a code of another row begins anew.
export class Gathering {
  constructor() {
    this.reset();
  }

  reset() {
    this.first = null;
    this.chunks = new Map();
  }

  get total() {
    return this.first?.total ?? 0;
  }

  get got() {
    return this.chunks.size;
  }

  get isWhole() {
    return this.got > 0 && this.got === this.total;
  }

  get missing() {
    return Array.from({ length: this.total }, (_, at) => at).filter((at) => !this.chunks.has(at));
  }

  // "new", "known", "other" (of another row: that one is collected now), or null.
  add(letters) {
    const frame = frameOf(letters);
    if (!frame) return null;
    const isOther = this.first !== null && (this.first.whole !== frame.whole || this.first.total !== frame.total);
    if (isOther) this.reset();
    this.first ??= frame;
    const isKnown = this.chunks.has(frame.index);
    this.chunks.set(frame.index, frame.chunk);
    return isOther ? "other" : isKnown ? "known" : "new";
  }

  // The text; throws when the whole is not what was sent.
  async text() {
    const parts = Array.from({ length: this.total }, (_, at) => this.chunks.get(at));
    const bytes = new Uint8Array(await new Blob(parts).arrayBuffer());
    if (crc32(bytes) !== this.first.whole) throw new Error("damaged");
    const plain = this.first.flags & DEFLATED ? await through(new DecompressionStream("deflate-raw"), bytes, MOST_BYTES) : bytes;
    return new TextDecoder("utf-8", { fatal: true }).decode(plain);
  }
}
