/* global document, getComputedStyle, NodeFilter */
// The page as it is read from top to bottom: language, title, landmarks, headings, lists, tables, what keys reach.
(() => {
  const { checks, isSeen, isTold, sketch, told } = globalThis.parleyLook;
  const LANDMARKS = 'main, nav, aside, header, footer, [role="region"], [role="dialog"], [role="alertdialog"], [role="search"], [role="status"], [role="alert"], [aria-live], a.skip';
  const NAMED_PLACES = 'nav, aside, [role="region"], section[aria-label], section[aria-labelledby], [role="search"]';
  const FOCUSABLE = 'a[href], button:not([disabled]), input:not([disabled]), select:not([disabled]), textarea:not([disabled]), summary, [tabindex]:not([tabindex="-1"])';
  const PARENTS = [['li', 'ul, ol, menu, [role="list"]'], ['dt, dd', 'dl, dl > div'], ['[role="option"]', '[role="listbox"], [role="group"]'], ['[role="tab"]', '[role="tablist"]'],
    ['[role="gridcell"], [role="columnheader"], [role="rowheader"]', '[role="row"]'], ['[role="row"]', '[role="grid"], [role="table"], [role="rowgroup"]'], ['[role^="menuitem"]', '[role="menu"], [role="menubar"], [role="group"]']];

  checks['the page says its language and title'] = () => [...(document.documentElement.lang === '' ? ['no language'] : []), ...(document.title.trim() === '' ? ['no title'] : [])];

  checks['the page can be made larger'] = () => [...document.querySelectorAll('meta[name="viewport"]')].filter(({ content }) => /user-scalable\s*=\s*no|maximum-scale/.test(content)).map(sketch);

  checks['there is one main place'] = () => { const { length } = [...document.querySelectorAll('main')].filter(isSeen); return length === 1 ? [] : [`${length} of them`]; };

  checks['every text lies in a landmark'] = () => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const lost = [];
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const parent = node.parentElement;
      if (node.data.trim() !== '' && !['SCRIPT', 'STYLE', 'NOSCRIPT', 'TEMPLATE'].includes(parent.tagName) && isTold(parent) && parent.closest(LANDMARKS) === null && parent.closest('.cdk-live-announcer-element, .cdk-describedby-message-container') === null) lost.push(sketch(parent));
    }
    return lost;
  };

  checks['places of one kind have names of their own'] = () => {
    const names = told(NAMED_PLACES).map((element) => `${element.tagName} ${element.getAttribute('aria-label') ?? document.getElementById(element.getAttribute('aria-labelledby') ?? '')?.textContent ?? ''}`.trim());
    return [...new Set(names.filter((name, at) => names.indexOf(name) !== at))];
  };

  checks['headings go down step by step from one h1'] = () => {
    const modal = document.querySelector('[role="dialog"]');
    const headings = told('h1, h2, h3, h4, h5, h6').filter((one) => modal === null || modal.contains(one));
    const levels = headings.map(({ tagName }) => Number(tagName[1]));
    const tops = levels.filter((level) => level === 1).length;
    const jumps = headings.filter((_, at) => at > 0 && levels[at] > levels[at - 1] + 1).map((one) => `a step is missing before ${sketch(one)}`);
    return [...(modal === null && (tops !== 1 || levels[0] !== 1) ? [`${tops} h1, the first is h${levels[0]}`] : []), ...headings.filter((one) => one.textContent.trim() === '').map((one) => `empty ${sketch(one)}`), ...jumps];
  };

  checks['a part lies in its whole'] = () => PARENTS.flatMap(([parts, wholes]) => told(parts).filter((part) => {
    let whole = part.parentElement;
    while (whole !== null && ['presentation', 'none'].includes(whole.getAttribute('role') ?? '')) whole = whole.parentElement;
    return part.getAttribute('role') !== 'presentation' && whole?.closest(wholes) !== whole;
  }).filter((part) => part.closest(wholes) === null || part.matches('li, dt, dd')).map(sketch));

  checks['columns of a table have heads'] = () => told('table').filter((table) => table.querySelector('th') === null || table.querySelector('th:not([scope])') !== null).map(sketch);

  checks['the order of keys is the order of the page'] = () => [...document.querySelectorAll('[tabindex]')].filter(({ tabIndex }) => tabIndex > 0).map(sketch);

  // Around a dialog all is hidden, and the dialog keeps the keys to itself.
  checks['what is hidden takes no key'] = () => [...document.querySelectorAll('[aria-hidden="true"]')].filter(() => document.querySelector('[role="dialog"]') === null).flatMap((hidden) => [...hidden.querySelectorAll(FOCUSABLE)])
    .filter((element) => element.checkVisibility({ visibilityProperty: true }) && !element.classList.contains('cdk-focus-trap-anchor')).map(sketch);

  checks['a control lies in no other control'] = () => told('a[href] a[href], a[href] button, button button, button a[href], summary button, label button').map(sketch);

  checks['what scrolls can be reached by keys'] = () => told('main *, [role="dialog"] *').filter((element) => {
    const { overflowX, overflowY } = getComputedStyle(element);
    const scrolls = (/auto|scroll/.test(overflowY) && element.scrollHeight > element.clientHeight + 1) || (/auto|scroll/.test(overflowX) && element.scrollWidth > element.clientWidth + 1);
    return scrolls && !['TEXTAREA', 'SELECT'].includes(element.tagName) && element.tabIndex < 0 && element.querySelector(FOCUSABLE) === null;
  }).map(sketch);
})();
