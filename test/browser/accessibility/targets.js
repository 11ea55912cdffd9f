/* global document, getComputedStyle */
// What is pressed is large enough, or stands alone (WCAG 2.2: 2.5.8).
(() => {
  const { checks, isSeen, sketch } = globalThis.parleyLook;
  const TARGETS = 'button, a[href], input:not([type="hidden"]), select, textarea, summary, [role="button"], [role="tab"], [role="option"], [role^="menuitem"]';
  const LEAST = 24;

  /** A link in a running text is as high as its line. */
  const isInText = (element) => element.tagName === 'A' && getComputedStyle(element).display === 'inline';

  /** What a press reaches: the label of a field as well, and all that a link spreads over its row. */
  function boxOf(element) {
    const spread = getComputedStyle(element, '::after');
    const row = spread.position === 'absolute' && spread.content !== 'none' ? element.closest('tr, li, article') : null;
    return (row ?? element.labels?.[0] ?? element).getBoundingClientRect();
  }

  const centre = ({ left, top, width, height }) => [left + width / 2, top + height / 2];

  checks['what is pressed is large enough'] = () => {
    const all = [...document.querySelectorAll(TARGETS)].filter((element) => isSeen(element) && !isInText(element) && !element.disabled);
    const boxes = all.map(boxOf);
    return all.filter((_, at) => {
      const box = boxes[at];
      if (box.width >= LEAST && box.height >= LEAST) return false;
      const [x, y] = centre(box);
      return boxes.some((other, place) => {
        if (place === at || all[place].contains(all[at]) || all[at].contains(all[place]) || (other.left === box.left && other.top === box.top)) return false;
        const [nearX, nearY] = [Math.min(Math.max(x, other.left), other.right), Math.min(Math.max(y, other.top), other.bottom)];
        return Math.hypot(x - nearX, y - nearY) < LEAST / 2;
      });
    }).map(sketch);
  };
})();
