// Rewrites the newest CSS colour functions into plain ones, for browsers before 2023:
// `light-dark()`, `oklch()` and the `color-mix()` that only carries an opacity.
// The scheme is always light; our own tokens give the big screen its dark one.

const open = "(";

function closing(css, start) {
  let depth = 0;
  for (let at = start; at < css.length; at += 1) {
    if (css[at] === open) depth += 1;
    else if (css[at] === ")" && (depth -= 1) === 0) return at;
  }
  throw new Error("unbalanced brackets in CSS");
}

function split(args) {
  const parts = [""];
  let depth = 0;
  for (const sign of args) {
    if (sign === "," && depth === 0) parts.push("");
    else {
      if (sign === open) depth += 1;
      if (sign === ")") depth -= 1;
      parts[parts.length - 1] += sign;
    }
  }
  return parts.map((part) => part.trim());
}

function replaceCalls(css, name, change) {
  let from = css.length;
  for (;;) {
    const start = css.lastIndexOf(`${name}(`, from);
    if (start < 0) return css;
    const end = closing(css, start + name.length);
    const whole = css.slice(start, end + 1);
    const next = change(split(css.slice(start + name.length + 1, end)), whole);
    css = css.slice(0, start) + next + css.slice(end + 1);
    if (start === 0) return css;
    from = start - 1;
  }
}

const channel = (value) => {
  const light = Math.min(Math.max(value, 0), 1);
  const coded = light <= 0.0031308 ? 12.92 * light : 1.055 * light ** (1 / 2.4) - 0.055;
  return Math.round(coded * 255);
};

// The conversion of CSS Color 4, section 9.
export function oklch(lightness, chroma, hue, alpha = 1) {
  const angle = (hue * Math.PI) / 180;
  const a = chroma * Math.cos(angle);
  const b = chroma * Math.sin(angle);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const rgb = [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ].map(channel);
  return alpha === 1 ? `rgb(${rgb.join(", ")})` : `rgba(${rgb.join(", ")}, ${alpha})`;
}

const amount = (text) => (text.endsWith("%") ? Number.parseFloat(text) / 100 : Number.parseFloat(text));

function plainOklch([args], whole) {
  const [colour, alpha = "1"] = args.split("/").map((part) => part.trim());
  const [lightness, chroma, hue] = colour.split(/\s+/);
  const values = [amount(lightness), amount(chroma), Number.parseFloat(hue), amount(alpha)];
  return values.every(Number.isFinite) ? oklch(...values) : whole;
}

// color-mix(in oklab, COLOUR calc(var(--tblr-bg-opacity, 1) * 100%), transparent): the opacity
// is 1 unless an opacity utility is used, and we use none.
function plainOpacity([, colour, other], whole) {
  const carried = colour?.match(/^(.*\S)\s+calc\(var\(--tblr-[a-z-]*opacity.*\) \* 100%\)$/s);
  return carried && other === "transparent" ? carried[1] : whole;
}

export function plainColours(css) {
  const light = replaceCalls(css, "light-dark", ([first]) => first);
  return replaceCalls(replaceCalls(light, "oklch", plainOklch), "color-mix", plainOpacity);
}
