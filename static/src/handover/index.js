// The chief judge's camera reads the moving codes of a tablet. What was gathered is sent as the file that it is.

import { fill } from "../app/modules/words.js";
import { cameraFault, closeCamera, codeReader, openCamera } from "../judging/reader.js";
import { Gathering } from "./frames.js";

const LOOK_MS = 40;
const WIDEST = 960;
const MOST_NAMED = 12;
const words = JSON.parse(document.getElementById("handover-words")?.textContent ?? "{}");
const box = document.querySelector("[data-handover]");
const part = (name) => box.querySelector(`[data-${name}]`);
const gathering = new Gathering();
let stream = null;

const say = (key, values = {}) => {
  const text = fill(words[key], values);
  if (part("say").textContent !== text) part("say").textContent = text;
};

function show(result) {
  const { got, total, missing } = gathering;
  part("count").textContent = total ? `${got} / ${total}` : "";
  part("progress").max = total || 1;
  part("progress").value = got;
  const isNearlyDone = total > 0 && missing.length > 0 && missing.length <= MOST_NAMED;
  part("missing").textContent = isNearlyDone ? fill(words.missing, { list: missing.map((at) => at + 1).join(words.comma) }) : "";
  if (result === "other") say("other");
  else if (total) say("got", { n: got, all: total });
}

async function start() {
  const fault = cameraFault();
  if (fault) {
    say(fault === "camera_http" ? "insecure" : "no_camera", { why: "" });
    return;
  }
  try {
    stream = await openCamera();
    part("video").srcObject = stream;
    await part("video").play();
    await look(await codeReader(WIDEST), stream);
  } catch (error) {
    stop();
    say("no_camera", { why: error?.name ?? "" });
  }
}

async function look(read, mine) {
  part("start").hidden = true;
  part("again").hidden = false;
  say("looking");
  while (stream === mine) {
    const letters = await read(part("video")).catch(() => null);
    const result = letters ? gathering.add(letters) : null;
    if (result) show(result);
    if (gathering.isWhole) return finish();
    await new Promise((done) => setTimeout(done, LOOK_MS));
  }
  return undefined;
}

async function finish() {
  let text;
  try {
    text = await gathering.text();
  } catch {
    begin();
    say("damaged");
    return;
  }
  stop();
  say("whole");
  const form = document.querySelector("[data-form]");
  const files = new DataTransfer();
  files.items.add(new File([text], `camera-${gathering.first.whole.toString(16)}.json`, { type: "application/json" }));
  form.elements.files.files = files.files;
  form.submit();
}

function begin() {
  gathering.reset();
  show(null);
  if (!stream) start();
  else say("looking");
}

function stop() {
  closeCamera(stream);
  stream = null;
  part("start").hidden = false;
}

part("start").addEventListener("click", start);
part("again").addEventListener("click", begin);
addEventListener("pagehide", stop);
say("ready");
