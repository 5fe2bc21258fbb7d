// Open menus close on Escape and on a click elsewhere.

export function watchMenus() {
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
}

// A menu longer than the screen shows where the reader is, without moving the page.
export function showPlaceInMenu() {
  const menu = document.querySelector(".staff-side");
  const place = menu?.querySelector(".staff-menu [aria-current]");
  if (!place || menu.scrollHeight <= menu.clientHeight) return;
  const below = place.getBoundingClientRect().bottom - menu.getBoundingClientRect().bottom;
  if (below > 0) menu.scrollTop += below + menu.clientHeight / 4;
}
