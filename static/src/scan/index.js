// Checks certificates by camera or photo, also without a network. Nothing that is scanned leaves the device.

import { fill } from "../app/modules/words.js";
import { cameraFault, closeCamera, codeReader, openCamera } from "../judging/reader.js";
import { FIELDS } from "../verify/signed.js";
import { decide, isStale } from "./decide.js";
import { Known } from "./known.js";

const LOOK_MS = 80;
const WIDEST = 1280;
const PHOTO = 2000;
const REFRESH_MS = 600000;
const words = JSON.parse(document.getElementById("scan-words").textContent);
const box = document.querySelector("[data-scan]");
const part = (name) => box.querySelector(`[data-${name}]`);
const known = new Known();
let stream = null;
let last = "";

const moment = (at) => new Date(at).toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });

function tellKnown() {
  const { keys, list } = known;
  if (!keys.length) part("known").textContent = words.nothing;
  else if (!list) part("known").textContent = words.no_list;
  else part("known").textContent = fill(isStale(list, Date.now()) ? words.stale : words.fresh, { made: moment(list.issued), until: moment(list.next) });
}

function show(text) {
  const hosts = [location.host, box.dataset.host];
  const answer = decide(text, { hosts, keys: known.keys, list: known.list, now: Date.now() });
  for (const each of box.querySelectorAll("[data-found]")) each.hidden = each.dataset.found !== answer.found;
  for (const each of box.querySelectorAll("[data-foreign]")) each.textContent = answer.host ?? "";
  const facts = part("values");
  facts.replaceChildren(...FIELDS.filter((name) => answer.values?.[name]).flatMap((name) => row(words.fields[name], answer.values[name])));
  facts.hidden = !answer.values;
  part("online").hidden = !answer.code;
  if (answer.code) part("online").querySelector("a").href = `/v/${answer.code}${new URL(text).hash}`;
  part("result").focus();
}

function row(name, value) {
  const [term, said] = [document.createElement("dt"), document.createElement("dd")];
  [term.textContent, said.textContent] = [name, value];
  return [term, said];
}

const say = (key) => (part("say").textContent = words[key] ?? "");

async function start() {
  const fault = cameraFault();
  if (fault) {
    say(fault === "camera_http" ? "insecure" : "no_camera");
    return;
  }
  try {
    stream = await openCamera();
    part("video").hidden = false;
    part("video").srcObject = stream;
    await part("video").play();
    part("start").hidden = true;
    part("stop").hidden = false;
    await look(await codeReader(WIDEST), stream);
  } catch {
    stop();
    say("no_camera");
  }
}

// The same code again says nothing new while it lies before the camera.
async function look(read, mine) {
  say("looking");
  while (stream === mine) {
    const text = await read(part("video")).catch(() => null);
    if (text && text !== last) {
      last = text;
      show(text);
    }
    await new Promise((done) => setTimeout(done, LOOK_MS));
  }
}

function stop() {
  closeCamera(stream);
  stream = null;
  last = "";
  part("video").hidden = true;
  part("start").hidden = false;
  part("stop").hidden = true;
  say("ready");
}

async function takePhoto({ target }) {
  const [file] = target.files;
  if (!file) return;
  try {
    const picture = await createImageBitmap(file);
    const text = await (await codeReader(PHOTO))(picture);
    say(text ? "ready" : "no_qr");
    if (text) show(text);
  } catch {
    say("no_qr");
  }
  target.value = "";
}

async function refresh() {
  await known.refresh();
  tellKnown();
}

async function keepPage() {
  const workers = navigator.serviceWorker;
  if (!workers) {
    part("kept").textContent = words.not_kept;
    return;
  }
  try {
    const works = await workers.register("/v/sw.js", { scope: "/v/scan", updateViaCache: "none" });
    works.waiting?.postMessage("use");
    await (await caches.open("certificates-language")).put("/v/scan/language", new Response(document.documentElement.lang));
  } catch {
    // No server or no storage: what was kept before goes on.
  }
  const ready = await workers.ready;
  part("kept").textContent = ready.active && known.isKept ? words.kept : words.not_kept;
}

part("start").addEventListener("click", start);
part("stop").addEventListener("click", stop);
part("photo").addEventListener("change", takePhoto);
addEventListener("pagehide", stop);
addEventListener("online", refresh);
setInterval(refresh, REFRESH_MS);
say("ready");
tellKnown();
refresh().then(keepPage);
