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
  const box = tell("error", say(event.detail.xhr.status === 401 ? "signed_out" : "refused"));
  // What somebody pressed is answered where the eye is; a page that renews itself does not jump.
  if (event.detail.requestConfig.verb !== "get") box?.scrollIntoView({ block: "center" });
});
