// A signature as it is kept: strokes of x, y, x, y … in whole numbers on a field of w × h. Pure.

import { svg } from "lit";

const MOST_NUMBERS = 4000;
const MOST_STROKES = 200;
const MOST_ACROSS = 8000;

export const isEmpty = (drawn) => !drawn?.strokes.some((stroke) => stroke.length >= 4);

// The field widens when the canvas, turned since, lets somebody write beside it: nothing is cut off.
export function grown({ w, h, strokes }) {
  const xs = strokes.flatMap((stroke) => stroke.filter((_, at) => at % 2 === 0));
  const ys = strokes.flatMap((stroke) => stroke.filter((_, at) => at % 2));
  const [left, top] = [Math.min(0, ...xs), Math.min(0, ...ys)];
  const cut = (value) => Math.min(value, MOST_ACROSS);
  return {
    w: cut(Math.max(w, ...xs) - left),
    h: cut(Math.max(h, ...ys) - top),
    strokes: left || top ? strokes.map((stroke) => stroke.map((value, at) => cut(value - (at % 2 ? top : left)))) : strokes,
  };
}

// What is sent is bounded: every second point goes from the longest lines until it fits.
export function thinned(drawn) {
  let strokes = drawn.strokes.slice(0, MOST_STROKES);
  while (strokes.reduce((sum, stroke) => sum + stroke.length, 0) > MOST_NUMBERS) {
    const longest = Math.max(...strokes.map((stroke) => stroke.length));
    strokes = strokes.map((stroke) => (stroke.length > longest / 2 ? halved(stroke) : stroke));
  }
  return { ...drawn, strokes };
}

function halved(stroke) {
  const points = stroke.length / 2;
  return stroke.filter((_, at) => Math.floor(at / 2) % 2 === 0 || Math.floor(at / 2) === points - 1);
}

// How a field lies in a box: as large as fits, in the middle.
export function placed({ w, h }, width, height) {
  const scale = Math.min(width / w, height / h);
  return { scale, left: (width - w * scale) / 2, top: (height - h * scale) / 2 };
}

// The same curve as the server draws (rules_evidence.signature_svg).
function path(numbers) {
  const points = [];
  for (let at = 0; at < numbers.length; at += 2) points.push([numbers[at], numbers[at + 1]]);
  const [first, ...rest] = points;
  const bends = rest.slice(0, -1).map(([x, y], at) => `Q${x} ${y} ${(x + rest[at + 1][0]) / 2} ${(y + rest[at + 1][1]) / 2}`);
  const [x, y] = rest.at(-1) ?? first;
  return `M${first[0]} ${first[1]} ${bends.join(" ")} L${x} ${y}`;
}

export function signaturePicture({ strokes }, title) {
  const [xs, ys] = [0, 1].map((odd) => strokes.flatMap((stroke) => stroke.filter((_, at) => at % 2 === odd)));
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  const [width, height] = [Math.max(...xs) - left, Math.max(...ys) - top];
  const pen = Math.max(Math.floor(width / 90), Math.floor(height / 30), 2);
  const frame = [left - pen, top - pen, width + 2 * pen, height + 2 * pen].join(" ");
  return svg`<svg class="jt-signature" role="img" aria-label=${title} viewBox=${frame}><path d=${strokes.map(path).join(" ")}
    fill="none" stroke="currentColor" stroke-width=${pen} stroke-linecap="round" stroke-linejoin="round"></path></svg>`;
}
