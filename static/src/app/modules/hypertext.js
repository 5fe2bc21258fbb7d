// htmx under a strict content policy: no eval, no scripts in fragments, no inline styles.

import htmx from "htmx.org";
import { say, tell } from "./words.js";

Object.assign(htmx.config, {
  includeIndicatorStyles: false,
  allowEval: false,
  allowScriptTags: false,
  selfRequestsOnly: true,
  historyEnabled: false,
});

document.addEventListener("htmx:configRequest", (event) => {
  const token = document.querySelector('meta[name="csrf-token"]')?.content;
  if (token && event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = token;
});

document.addEventListener("htmx:sendError", () => tell("warning", say("offline")));

document.addEventListener("htmx:responseError", (event) => {
  tell("error", say(event.detail.xhr.status === 401 ? "signed_out" : "refused"));
});
