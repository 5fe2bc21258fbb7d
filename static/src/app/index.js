import "./modules/hypertext.js";
import "bootstrap/js/src/offcanvas.js";
import { goBackToForm } from "./modules/again.js";
import { watchBatches } from "./modules/rows.js";
import { watchConfirmations } from "./modules/confirm.js";
import { watchCopies } from "./modules/copy.js";
import { watchDownloads } from "./modules/download.js";
import { watchJobs } from "./modules/jobs.js";
import { watchKeptForms } from "./modules/kept.js";
import { showPlaceInMenu, watchMenus } from "./modules/menus.js";
import { watchReveals } from "./modules/reveal.js";
import { watchSubmits } from "./modules/submits.js";

document.documentElement.classList.add("js");

watchMenus();
showPlaceInMenu();
watchKeptForms();
watchSubmits();
watchDownloads();
watchBatches();
watchConfirmations();
watchCopies();
watchJobs();
watchReveals();
document.getElementById("error-summary")?.focus();
goBackToForm();
