// What the page can show, by name.

import { handoverView } from "./handing-door.js";
import { promptsView } from "./prompts.js";
import { evidenceView } from "./view-evidence.js";
import { habitsView } from "./view-habits.js";
import { listView } from "./view-list.js";
import { openView } from "./view-open.js";
import { prepareView } from "./view-prepare.js";
import { reviewView } from "./view-review.js";
import { scanView } from "./view-scan.js";
import { sheetView } from "./view-sheet.js";
import { signView } from "./view-sign.js";
import { stuckView } from "./view-stuck.js";
import { timerView } from "./view-timer.js";

export const VIEWS = {
  open: openView, list: listView, prepare: prepareView, sheet: sheetView, review: reviewView, sign: signView, evidence: evidenceView,
  stuck: stuckView, scan: scanView, timer: timerView, habits: habitsView, handover: handoverView, prompts: promptsView,
};
