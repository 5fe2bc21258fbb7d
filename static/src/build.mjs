// Builds what browsers load: every folder here with an index.js or index.css becomes one
// hashed file in static/build, named after its folder, with manifest.json as the way to it;
// pictures in images/ go along under their own names.
//
// The tablet's page and the one that scans certificates also start without a server: tablet.json and scan.json say which files they
// are made of, and their version.
//
//   node static/src/build.mjs

import { createHash } from "node:crypto";
import { readFile, readdir, rename, rm, writeFile, mkdir, access } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import zlib from "node:zlib";
import * as esbuild from "esbuild";
import { plainColours } from "./colours.mjs";

const source = path.dirname(fileURLToPath(import.meta.url));
const root = path.resolve(source, "../..");
const target = path.resolve(source, "../build");
const manifestFile = path.join(target, "manifest.json");

const exists = (file) => access(file).then(() => true, () => false);

async function entryPoints() {
  const entries = [];
  for (const folder of (await readdir(source, { withFileTypes: true })).filter((one) => one.isDirectory())) {
    for (const kind of ["js", "css"]) {
      const file = path.join(source, folder.name, `index.${kind}`);
      if (await exists(file)) entries.push({ in: file, out: folder.name });
    }
  }
  for (const file of await readdir(path.join(source, "images"))) {
    entries.push({ in: path.join(source, "images", file), out: path.parse(file).name });
  }
  return entries.sort((a, b) => a.in.localeCompare(b.in));
}

// Tabler writes its colours in functions that tablets of 2021 do not know.
const tablerColours = {
  name: "tabler-colours",
  setup(build) {
    build.onLoad({ filter: /@tabler[\\/]core[\\/].*\.css$/ }, async ({ path: file }) => ({
      contents: plainColours(await readFile(file, "utf8")),
      loader: "css",
    }));
  },
};

async function bundle() {
  const result = await esbuild.build({
    absWorkingDir: root,
    entryPoints: await entryPoints(),
    outdir: target,
    entryNames: "[name]-[hash]",
    chunkNames: "part-[hash]",
    assetNames: "[name]-[hash]",
    bundle: true,
    splitting: true,
    format: "esm",
    minify: true,
    charset: "utf8",
    legalComments: "eof",
    target: ["es2022", "chrome89", "safari15", "firefox89"],
    loader: { ".svg": "copy", ".png": "copy" },
    metafile: true,
    logLevel: "warning",
    plugins: [tablerColours],
  });
  return result.metafile.outputs;
}

function manifestOf(outputs) {
  const names = {};
  for (const [file, output] of Object.entries(outputs)) {
    if (!output.entryPoint) continue;
    const entry = path.parse(output.entryPoint);
    const name = (entry.name === "index" ? path.basename(entry.dir) : entry.name) + path.extname(file);
    names[name] = path.basename(file);
  }
  return Object.fromEntries(Object.entries(names).sort());
}

// What these pages load by their tags, and everything that those load in turn, at once or when it is needed.
const KEPT = {
  tablet: ["app.css", "floor.js", "judging.css", "judging.js", "mark.svg"],
  scan: ["app.css", "app.js", "certificates.css", "mark.svg", "scan.js"],
};

function pageOf(tags, outputs, manifest) {
  const now = new Set();
  const later = new Set();
  const roots = [];
  const walk = (file, into) => {
    if (now.has(file) || into.has(file)) return;
    into.add(file);
    for (const one of outputs[file].imports.filter((each) => !each.external)) {
      if (one.kind === "dynamic-import") roots.push(one.path);
      else walk(one.path, into);
    }
  };
  for (const name of tags) walk(path.relative(root, path.join(target, manifest[name])).replaceAll(path.sep, "/"), now);
  while (roots.length) walk(roots.pop(), later);
  const names = (files) => [...files].map((file) => path.basename(file)).sort();
  const files = { now: names(now), later: names(later) };
  // Every name holds the hash of what is in the file.
  const version = createHash("sha256").update([...files.now, ...files.later].join()).digest("hex").slice(0, 12);
  return { version, ...files };
}

async function compress(files) {
  for (const file of files.filter((one) => /\.(js|css|svg)$/.test(one))) {
    const full = path.join(target, file);
    if (await exists(`${full}.br`)) continue;
    const bytes = await readFile(full);
    await writeFile(`${full}.gz`, await promisify(zlib.gzip)(bytes, { level: 9 }));
    await writeFile(`${full}.br`, await promisify(zlib.brotliCompress)(bytes));
  }
}

async function readHistory() {
  try {
    return JSON.parse(await readFile(path.join(target, "history.json"), "utf8"));
  } catch {
    return [];
  }
}

// A page that was open before a new build still finds its parts: the last two builds stay.
async function tidy(files) {
  const history = [files, ...(await readHistory()).filter((old) => String(old) !== String(files))].slice(0, 2);
  const keep = new Set(history.flat());
  for (const file of await readdir(target)) {
    const plain = file.replace(/\.(gz|br)$/, "");
    if (!keep.has(plain) && /-[A-Z0-9]{8}\./.test(file)) await rm(path.join(target, file), { force: true });
  }
  await writeWhole(path.join(target, "history.json"), JSON.stringify(history));
}

// Readers never see half a file.
async function writeWhole(file, text) {
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, text);
  await rename(draft, file);
}

await mkdir(target, { recursive: true });
const outputs = await bundle();
const files = Object.keys(outputs).map((file) => path.basename(file)).sort();
const manifest = manifestOf(outputs);
await compress(files);
await writeWhole(manifestFile, `${JSON.stringify(manifest, null, 2)}\n`);
for (const [page, tags] of Object.entries(KEPT)) {
  await writeWhole(path.join(target, `${page}.json`), `${JSON.stringify(pageOf(tags, outputs, manifest), null, 2)}\n`);
}
await tidy(files);
for (const [name, file] of Object.entries(manifest)) {
  console.log(`${name.padEnd(14)} ${String(outputs[path.relative(root, path.join(target, file))].bytes).padStart(8)}  ${file}`);
}
