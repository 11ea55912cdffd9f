/* global document, getComputedStyle */
// Runs in the page, before the others of this folder: what a person sees and what a screen reader tells.
globalThis.parleyLook = { checks: {} };

/** Whether somebody can see it: it takes room and nothing above it hides it. */
globalThis.parleyLook.isSeen = (element) => {
  if (!element.checkVisibility({ opacityProperty: true, visibilityProperty: true, contentVisibilityAuto: true })) return false;
  const { width, height } = element.getBoundingClientRect();
  return width > 0 && height > 0;
};

/** Whether it is told to those who do not look: not hidden from them, and there. What is clipped to a pixel is told. */
globalThis.parleyLook.isTold = (element) => element.closest('[aria-hidden="true"], [inert]') === null && element.checkVisibility({ visibilityProperty: true });

/** All elements of a selector that are told. */
globalThis.parleyLook.told = (selector) => [...document.querySelectorAll(selector)].filter(globalThis.parleyLook.isTold);

/** A few words on an element, for whoever has to find it. */
globalThis.parleyLook.sketch = (element) => {
  const tag = element.cloneNode(false).outerHTML.replace(/ (?:_ng|ng-)[^=\s>]*(?:="[^"]*")?/g, '').slice(0, 140);
  return `${tag} ${(element.textContent ?? '').trim().replace(/\s+/g, ' ').slice(0, 40)}`;
};

/** Where a style tells nothing of itself, what stands for it: the words of an element as they are told. */
globalThis.parleyLook.wordsOf = (element) => {
  if (element.nodeType === 3) return element.data;
  if (element.nodeType !== 1 || element.getAttribute('aria-hidden') === 'true' || getComputedStyle(element).display === 'none') return '';
  const own = element.getAttribute('aria-label') ?? element.getAttribute('alt');
  if (own !== null) return own;
  return [...element.childNodes].map(globalThis.parleyLook.wordsOf).join(' ');
};

/** Everything that is wrong with the page as it is now, one line each: `check: what (where)`. */
globalThis.parleyLook.run = (names) => Object.entries(globalThis.parleyLook.checks)
  .filter(([name]) => names.length === 0 || names.includes(name))
  .flatMap(([name, check]) => check().map((line) => `${name}: ${line}`));
