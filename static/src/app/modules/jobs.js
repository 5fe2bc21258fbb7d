// Long work refreshes itself by htmx every second; people who listen hear only each quarter
// and the end, and the window's title shows how far it is.

const spoken = new Map();

function follow(job) {
  const { job: id, percent, state, said } = job.dataset;
  const quarter = state === "running" ? Math.floor(Number(percent) / 25) : state;
  document.title = document.title.replace(/^(\d+% )?/, state === "running" ? `${percent}% ` : "");
  if (spoken.get(id) === quarter) return;
  const first = !spoken.has(id);
  if (!first && state !== "running" && job.dataset.renews !== undefined) location.reload();
  spoken.set(id, quarter);
  const voice = document.getElementById("voice");
  if (voice && !first) voice.textContent = said;
}

export function watchJobs() {
  const all = () => document.querySelectorAll("[data-job]").forEach(follow);
  document.addEventListener("htmx:afterSettle", all);
  all();
}
