// The door: the number box waits for the next badge. The browser focused it while the menu of pages
// without script still stood above it, and scrolled; put the page back to its top.

const box = document.querySelector("[data-scan]");

if (box && !location.hash) {
  box.focus({ preventScroll: true });
  window.scrollTo(0, 0);
}
