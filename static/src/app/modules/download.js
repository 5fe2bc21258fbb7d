// A paper that is made once: it is saved, and the page then shows what was made. Without this script the
// browser saves it as well, and the page is renewed by hand.

function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}

async function make(form) {
  const body = new URLSearchParams(new FormData(form));
  const answer = await fetch(form.action, { method: "POST", body, redirect: "manual" });
  if (answer.ok && answer.headers.get("Content-Type")?.startsWith("application/pdf")) {
    save(await answer.blob(), form.dataset.saves);
  } else if (answer.type !== "opaqueredirect") {
    // A refusal: the page that says why.
    form.submit();
    return;
  }
  // A moment, so that the browser has taken the file.
  setTimeout(() => location.reload(), 150);
}

export function watchDownloads() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || !form.dataset.saves) return;
    event.preventDefault();
    make(form).catch(() => location.reload());
  });
}
