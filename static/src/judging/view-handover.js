import { html } from "lit";
import { asWritten, clock, say } from "./words.js";

// What waits here, and how it reaches the chief judge without a network.
export function handoverView(handing) {
  if (handing.codes) return codesView(handing);
  if (handing.receipt) return receiptView(handing);
  return html`<section class="jt-list jt-handover">
    <h1>${say("handover_title")}</h1>
    <p>${say("handover_help")}</p>
    ${handing.isSigned ? "" : html`<p class="jt-bad">${say("handover_unsigned")}</p>`}
    ${handing.fault ? html`<p class="jt-bad" role="alert">${say("handover_failed", { why: handing.fault })}</p>` : ""}
    ${handing.parts.map((part) => partView(handing, part))}
  </section>`;
}

function partView(handing, part) {
  const { device, waiting, stuck, last } = part;
  return html`<div class="jt-part">
    <h2>${say("seat_n", { n: device.number })} <small>${asWritten(device.panel)}</small></h2>
    <p><b>${waiting || stuck ? say("handover_waits", { n: waiting }) : say("handover_nothing")}</b>${stuck ? html` ${say("stuck_n", { n: stuck })}` : ""}</p>
    ${part.photos ? html`<p>${say("handover_photos")}</p>` : ""}
    ${waiting || stuck ? html`<p class="jt-acts">
      <button type="button" class="jt-main" @click=${() => handing.toCodes(device)}>${say("handover_by_code")}</button>
      <button type="button" class="jt-plain" @click=${() => handing.toFile(device)}>${say("handover_by_file")}</button>
      ${handing.canShare ? html`<button type="button" class="jt-plain" @click=${() => handing.toFile(device, true)}>${say("handover_share")}</button>` : ""}
    </p>` : ""}
    ${last ? html`<p class="jt-check" role="status">${say("handover_last", { at: clock(last.at), n: last.count })} <b>${last.code}</b></p>` : ""}
    ${last?.receipt && (waiting || stuck) ? html`<p class="jt-note" role="status"><b>${say("receipt_held", { at: clock(last.receipt.at), taken: last.receipt.taken, aside: last.receipt.aside, other: last.receipt.other })}</b></p>` : ""}
    ${last && (waiting || stuck) ? html`<p class="jt-acts"><button type="button" class="jt-plain" @click=${() => handing.scanReceipt(part)}>${say("receipt_scan")}</button></p>` : ""}
  </div>`;
}

// The tablet's camera looks at the chief judge's page.
function receiptView(handing) {
  const { receipt } = handing;
  return html`<section class="jt-list jt-handover">
    <h1>${say("receipt_point")}</h1>
    <p class="jt-check">${say("check_handover")} <b>${receipt.last.code}</b></p>
    ${receipt.stream && !receipt.fault
      ? html`<video class="jt-video" aria-label=${say("scan_picture")} autoplay playsinline .muted=${true} .srcObject=${receipt.stream}></video>`
      : html`<p class="jt-care">${say(receipt.fault ? "receipt_no_camera" : "camera_opening")}</p>`}
    <p role="alert">${receipt.why ? html`<strong class="jt-bad">${say(receipt.why, { code: receipt.last.code })}</strong>` : ""}</p>
    <p class="jt-acts"><button type="button" class="jt-main" @click=${() => handing.endReceipt()}>${say("receipt_back")}</button></p>
  </section>`;
}

function codesView(handing) {
  const { codes } = handing;
  return html`<section class="jt-codes">
    <div class="jt-code-box">${codes.canvas}</div>
    <div class="jt-code-say">
      <h1>${say("handover_show")}</h1>
      <p class="jt-code-at">${say("handover_at", { at: codes.at + 1, all: codes.frames.length })}</p>
      <p class="jt-check">${say("check_handover")} <b>${codes.code}</b></p>
      ${codes.isLong ? html`<p class="jt-bad">${say("handover_long")}</p>` : ""}
      <p class="jt-acts">
        <button type="button" class="jt-plain" @click=${() => handing.change("isPaused")}>${say(codes.isPaused ? "handover_go_on" : "handover_pause")}</button>
        <button type="button" class="jt-plain" aria-pressed=${codes.isSlow ? "true" : "false"} @click=${() => handing.change("isSlow")}>${say("handover_slower")}</button>
        <button type="button" class="jt-main" @click=${() => handing.end()}>${say("handover_end")}</button>
      </p>
    </div>
  </section>`;
}
