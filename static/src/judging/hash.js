// SHA-256 of bytes, in hex. Over plain http browsers keep their own from pages, and a photo is taken all the same.

export async function sha256(bytes) {
  const digest = crypto.subtle ? new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)) : plainSha256(new Uint8Array(bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// The first bits of the fractions of roots of primes, as FIPS 180-4 wants them.
function constants() {
  const primes = [];
  for (let n = 2; primes.length < 64; n += 1) if (primes.every((prime) => n % prime)) primes.push(n);
  const bits = (root) => Math.floor((root - Math.floor(root)) * 2 ** 32) | 0;
  return { start: primes.slice(0, 8).map((prime) => bits(Math.sqrt(prime))), round: primes.map((prime) => bits(Math.cbrt(prime))) };
}

export function plainSha256(bytes) {
  const { start, round } = constants();
  const blocks = new Uint8Array(((bytes.length + 8) >> 6) * 64 + 64);
  blocks.set(bytes);
  blocks[bytes.length] = 0x80;
  const view = new DataView(blocks.buffer);
  view.setUint32(blocks.length - 8, Math.floor(bytes.length / 2 ** 29));
  view.setUint32(blocks.length - 4, (bytes.length << 3) >>> 0);
  const words = new Int32Array(64);
  const state = Int32Array.from(start);
  const turn = (x, n) => (x >>> n) | (x << (32 - n));
  for (let block = 0; block < blocks.length; block += 64) {
    for (let at = 0; at < 64; at += 1) {
      if (at < 16) {
        words[at] = view.getInt32(block + at * 4);
        continue;
      }
      const [near, far] = [words[at - 15], words[at - 2]];
      words[at] = words[at - 16] + (turn(near, 7) ^ turn(near, 18) ^ (near >>> 3)) + words[at - 7] + (turn(far, 17) ^ turn(far, 19) ^ (far >>> 10));
    }
    let [a, b, c, d, e, f, g, h] = state;
    for (let at = 0; at < 64; at += 1) {
      const one = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + round[at] + words[at]) | 0;
      const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      [h, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + two) | 0];
    }
    for (const [at, value] of [a, b, c, d, e, f, g, h].entries()) state[at] += value;
  }
  const out = new DataView(new ArrayBuffer(32));
  state.forEach((value, at) => out.setInt32(at * 4, value));
  return new Uint8Array(out.buffer);
}
