// The designer with a pointer or arrow keys: what is moved on the picture fills the form that saves it. Without scripts the form does all.

const stage = document.querySelector("[data-designer]");
const form = document.getElementById("block-form");
const told = document.getElementById("designer-told");
const paper = JSON.parse(document.getElementById("designer-stage").textContent);
const picture = stage.querySelector("img");
const chosen = Number(stage.dataset.block);
const place = { ...paper.blocks[chosen] };
const words = stage.dataset;
let unsaved = false;
let waiting = 0;

const inputs = Object.fromEntries(["x", "y", "w", "h"].map((name) => [name, form.elements.namedItem(name)]));
const rounded = (value) => Math.round(value * 10) / 10;

function put(element, block) {
  element.style.left = `${(100 * block.x) / paper.width}%`;
  element.style.top = `${(100 * block.y) / paper.height}%`;
  element.style.width = `${(100 * block.w) / paper.width}%`;
  element.style.height = `${(100 * block.h) / paper.height}%`;
}

function handle(block, number) {
  // The others are for a pointer alone: keys and voices choose them in the list.
  const element = document.createElement(number === chosen ? "button" : "div");
  element.className = "designer-block";
  put(element, block);
  stage.append(element);
  if (number !== chosen) {
    element.setAttribute("aria-hidden", "true");
    element.addEventListener("click", () => document.querySelectorAll(".designer-list a")[number].click());
    return element;
  }
  element.type = "button";
  element.setAttribute("aria-label", words.wordsBlock.replace("{n}", number + 1));
  element.setAttribute("aria-current", "true");
  element.setAttribute("aria-description", words.wordsHelp);
  return element;
}

const handles = paper.blocks.map(handle);
const own = handles[chosen];
// The chosen one lies over the others, but for those that are smaller: a border covers the whole paper.
const area = ({ w, h }) => w * h;
stage.append(own, ...handles.filter((each, number) => area(paper.blocks[number]) < area(place)));

function changed() {
  for (const [name, input] of Object.entries(inputs)) input.value = String(place[name]);
  put(own, place);
  soon();
}

// The real paper with the block as the form has it; nothing is saved by looking.
function preview() {
  const address = new URL(picture.src);
  for (const name of [...address.searchParams.keys()]) if (!["row", "edits"].includes(name)) address.searchParams.delete(name);
  address.searchParams.set("block", chosen);
  address.searchParams.set("whole", "1");
  for (const [name, value] of new FormData(form)) if (!["seen", "csrf_token"].includes(name)) address.searchParams.set(name, value);
  // Longer than servers take an address: it is seen when it is saved.
  if (address.href.length < 3500) picture.src = address;
}

function soon() {
  unsaved = true;
  told.textContent = words.wordsUnsaved;
  clearTimeout(waiting);
  waiting = setTimeout(preview, 700);
}

function moved(across, down, resizing) {
  if (resizing) {
    place.w = Math.max(1, rounded(place.w + across));
    place.h = Math.max(0.2, rounded(place.h + down));
  } else {
    place.x = rounded(place.x + across);
    place.y = rounded(place.y + down);
  }
  changed();
}

function draggable(element, resizing) {
  element.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    event.stopPropagation();
    own.focus();
    element.setPointerCapture(event.pointerId);
    const begun = { ...place };
    const from = [event.clientX, event.clientY];
    const scale = paper.width / stage.clientWidth;
    const drag = (move) => {
      Object.assign(place, begun);
      moved((move.clientX - from[0]) * scale, (move.clientY - from[1]) * scale, resizing);
    };
    element.addEventListener("pointermove", drag);
    const end = () => element.removeEventListener("pointermove", drag);
    element.addEventListener("pointerup", end, { once: true });
    element.addEventListener("pointercancel", end, { once: true });
  });
}

const grip = document.createElement("span");
grip.className = "designer-grip";
own.append(grip);
draggable(own, false);
draggable(grip, true);

const KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
own.addEventListener("keydown", (event) => {
  const way = KEYS[event.key];
  if (!way) return;
  event.preventDefault();
  const step = event.shiftKey ? 0.1 : 1;
  moved(way[0] * step, way[1] * step, event.altKey);
});

for (const [name, input] of Object.entries(inputs)) {
  input.addEventListener("input", () => {
    const value = Number(input.value);
    if (!Number.isFinite(value) || input.value.trim() === "") return;
    place[name] = value;
    put(own, place);
  });
}
form.addEventListener("input", soon);
form.addEventListener("change", soon);

// Placeholders go where the cursor was.
let last = form.elements.namedItem("text1");
form.addEventListener("focusin", (event) => {
  if (event.target.tagName === "TEXTAREA") last = event.target;
});
for (const code of form.querySelectorAll("[data-insert]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-sm";
  button.textContent = code.dataset.insert;
  button.addEventListener("click", () => {
    last.setRangeText(code.dataset.insert, last.selectionStart, last.selectionEnd, "end");
    last.dispatchEvent(new Event("input", { bubbles: true }));
    last.focus();
  });
  code.replaceWith(button);
}

form.addEventListener("input", () => { unsaved = true; });
form.addEventListener("submit", () => { unsaved = false; });
window.addEventListener("beforeunload", (event) => { if (unsaved) event.preventDefault(); });
