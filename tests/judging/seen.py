"""What a person's eye and thumb find on the tablet's page: targets, overlaps, words that are cut off."""

from playwright.sync_api import Page

# Interactive elements of the page: too small for a glove, over each other, or with words that their box cuts off.
MEASURE = """least => {
  const found = [], shown = e => e.getClientRects().length && getComputedStyle(e).visibility !== 'hidden';
  const name = e => `${e.className || e.tagName} “${(e.innerText || e.ariaLabel || '').trim().slice(0, 12)}”`;
  const all = [...document.querySelectorAll('judge-app :is(button, a, input)')].filter(shown);
  // What scrolls under the bar at the bottom, or along the strip, is under it by intent.
  const lies = e => e.closest('.jt-bottom, .jt-total') ? 1 : e.closest('.jt-strip') ? 2 : 0;
  const boxes = all.map(e => [e, e.getBoundingClientRect()]);
  for (const [e, box] of boxes) {
    if (!e.matches('button')) continue;
    if (Math.min(box.width, box.height) < least - .5) found.push(`small ${Math.round(box.width)}x${Math.round(box.height)} ${name(e)}`);
    if (e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1) found.push(`cut ${name(e)}`);
  }
  boxes.forEach(([a, x], at) => boxes.slice(at + 1).forEach(([b, y]) => {
    const across = Math.min(x.right, y.right) - Math.max(x.left, y.left), down = Math.min(x.bottom, y.bottom) - Math.max(x.top, y.top);
    if (across > 1 && down > 1 && lies(a) === lies(b)) found.push(`over each other ${name(a)} ${name(b)}`);
  }));
  for (const e of document.querySelectorAll('judge-app :is(h1, h2, p, b, span, small, em, td, th, legend)')) {
    const told = [e, e.parentElement].some(one => getComputedStyle(one).textOverflow === 'ellipsis');
    if (told || !shown(e) || e.closest('.jt-strip, .visually-hidden')) continue;
    const box = e.getBoundingClientRect();
    if (box.right > innerWidth + 1 || box.left < -1) found.push(`outside ${name(e)}`);
  }
  if (document.documentElement.scrollWidth > innerWidth) found.push(`wider: ${document.documentElement.scrollWidth} > ${innerWidth}`);
  if (document.querySelector('judge-app :is(dialog, [role=dialog], [aria-modal], input[type=number])')) found.push('a modal or a spinner');
  return found;
}"""


def faults(page: Page, least: int = 64) -> list[str]:
    """What is wrong with the view as it stands; ``least``: CSS pixels of a target."""
    return [str(each) for each in page.evaluate(MEASURE, least)]
