/* global document, getComputedStyle, NodeFilter */
// What is written stands out from what it is written on: 4.5, large 3; edges of fields and marks 3 (WCAG 2.2: 1.4.3, 1.4.11).
(() => {
  const { checks, isSeen, sketch } = globalThis.parleyLook;
  const painter = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const known = new Map();
  const FIELDS = 'input:not([type="hidden"], [type="checkbox"], [type="radio"], [type="range"], [type="file"]), select, textarea';

  /** Red, green, blue and alpha of any colour that the browser knows, 0 to 1. */
  function colour(text) {
    if (!known.has(text)) {
      painter.canvas.width = painter.canvas.height = 1;
      painter.fillStyle = text;
      painter.fillRect(0, 0, 1, 1);
      known.set(text, [...painter.getImageData(0, 0, 1, 1).data].map((part) => part / 255));
    }
    return known.get(text);
  }

  const over = ([red, green, blue, alpha], below) => [red, green, blue].map((part, at) => part * alpha + below[at] * (1 - alpha));

  /** What is behind the words of an element; undefined where a picture is, which nobody reckons. */
  function ground(element) {
    const layers = [];
    for (let at = element; at !== null; at = at.parentElement) {
      const { backgroundColor, backgroundImage } = getComputedStyle(at);
      if (backgroundImage !== 'none' && at.tagName !== 'SELECT') return undefined;
      const layer = colour(backgroundColor);
      layers.push(layer);
      if (layer[3] === 1) break;
    }
    return layers.reduceRight((below, layer) => over(layer, below), [1, 1, 1]);
  }

  const linear = (part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
  const light = ([red, green, blue]) => 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
  function ratio(one, other) {
    const [dark, bright] = [light(one), light(other)].sort((a, b) => a - b);
    return (bright + 0.05) / (dark + 0.05);
  }

  function opacity(element) {
    let all = 1;
    for (let at = element; at !== null; at = at.parentElement) all *= Number(getComputedStyle(at).opacity);
    return all;
  }

  /** A line where the ink of an element does not stand out; `part`: a pseudo-element of it. */
  function faint(element, { part = null, least = undefined, ink = 'color' } = {}) {
    const style = getComputedStyle(element, part);
    const below = ground(ink === 'color' ? element : element.parentElement);
    if (below === undefined || element.closest('[disabled], [aria-disabled="true"]') !== null) return [];
    const size = parseFloat(style.fontSize);
    const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    const [red, green, blue, alpha] = colour(style[ink]);
    const found = ratio(over([red, green, blue, alpha * opacity(element)], below), below);
    return found + 0.005 >= (least ?? (isLarge ? 3 : 4.5)) ? [] : [`${found.toFixed(2)} of ${sketch(element)}${part ?? ''}`];
  }

  checks['words stand out'] = () => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const elements = new Set();
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) if (node.data.trim() !== '') elements.add(node.parentElement);
    return [...elements].filter((element) => isSeen(element) && element.closest('svg, select') === null).flatMap((element) => faint(element));
  };

  checks['words in fields stand out'] = () => [...document.querySelectorAll(FIELDS)].filter(isSeen)
    .flatMap((field) => faint(field, field.value === '' && field.placeholder ? { part: '::placeholder' } : {}));

  checks['edges of fields stand out'] = () => [...document.querySelectorAll(FIELDS)].filter(isSeen).filter((field) => parseFloat(getComputedStyle(field).borderTopWidth) > 0)
    .flatMap((field) => faint(field, { least: 3, ink: 'borderTopColor' }));

  checks['a link in a text is more than a colour'] = () => [...document.querySelectorAll('main p a[href], main li a[href]')].filter(isSeen).filter((link) => {
    const around = [...link.parentElement.childNodes].some((node) => node.nodeType === 3 && node.data.trim().length > 1);
    const [own, others] = [getComputedStyle(link), getComputedStyle(link.parentElement)];
    return around && own.textDecorationLine === 'none' && own.fontWeight === others.fontWeight && ratio(colour(own.color).slice(0, 3), colour(others.color).slice(0, 3)) < 3;
  }).map(sketch);
})();
