// A full number is shown for a minute: then it is masked again, also when the page is left or comes back from the cache.

function hide(element) {
  element.textContent = element.dataset.masked || "";
  element.removeAttribute("data-hide-after");
}

export function watchReveals() {
  for (const element of document.querySelectorAll("[data-hide-after]")) {
    setTimeout(() => hide(element), Number(element.dataset.hideAfter) * 1000);
    window.addEventListener("pagehide", () => hide(element));
  }
}
