/* global document */
// Runs in the page, before the others of this folder: what a person sees and what a screen reader tells.
globalThis.parleyLook = { checks: {} };

/** Whether somebody can see it: it takes room and nothing above it hides it. */
globalThis.parleyLook.isSeen = (element) => {
  if (!element.checkVisibility({ opacityProperty: true, visibilityProperty: true, contentVisibilityAuto: true })) return false;
  const { width, height } = element.getBoundingClientRect();
  return width > 1 && height > 1; // one pixel is for those who listen
};

/** All elements of a selector that are told to those who do not look: not hidden from them, and there. What is clipped to a pixel is told. */
globalThis.parleyLook.told = (selector) => [...document.querySelectorAll(selector)]
  .filter((element) => element.closest('[aria-hidden="true"], [inert]') === null && element.checkVisibility({ visibilityProperty: true }));

/** A few words on an element, for whoever has to find it. */
globalThis.parleyLook.sketch = (element) => {
  const tag = element.cloneNode(false).outerHTML.replace(/ (?:_ng|ng-)[^=\s>]*(?:="[^"]*")?/g, '').slice(0, 140);
  return `${tag} ${(element.textContent ?? '').trim().replace(/\s+/g, ' ').slice(0, 40)}`;
};

/** What the checks of this folder find with the page as it is now, one line each: `check: what (where)`; all of them where none is named. */
globalThis.parleyLook.run = (names) => Object.entries(globalThis.parleyLook.checks)
  .filter(([name]) => names.length === 0 || names.includes(name))
  .flatMap(([name, check]) => check().map((line) => `${name}: ${line}`));
