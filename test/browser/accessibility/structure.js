/* global document */
// What the engine does not look at: names of what holds others, the order of headings and of keys, controls in controls.
(() => {
  const { checks, sketch, told } = globalThis.parleyLook;
  const HOLDING = '[role="dialog"], [role="grid"], [role="group"], [role="menu"], [role="tablist"], [role="toolbar"]';

  /** What holds others is not named by what it holds. */
  const isNamed = (element) => ['aria-labelledby', 'aria-label', 'title'].some((attribute) => (element.getAttribute(attribute) ?? '').trim() !== '');

  checks['what holds others has a name'] = () => told(HOLDING).filter((element) => !isNamed(element)).map(sketch);

  checks['headings go down step by step from one h1'] = () => {
    const modal = document.querySelector('[role="dialog"]');
    const headings = told('h1, h2, h3, h4, h5, h6').filter((one) => modal === null || modal.contains(one));
    const levels = headings.map(({ tagName }) => Number(tagName[1]));
    const tops = levels.filter((level) => level === 1).length;
    const jumps = headings.filter((_, at) => at > 0 && levels[at] > levels[at - 1] + 1).map((one) => `a step is missing before ${sketch(one)}`);
    return [...(modal === null && (tops !== 1 || levels[0] !== 1) ? [`${tops} h1, the first is h${levels[0]}`] : []), ...jumps];
  };

  checks['the order of keys is the order of the page'] = () => [...document.querySelectorAll('[tabindex]')].filter(({ tabIndex }) => tabIndex > 0).map(sketch);

  checks['a control lies in no other control'] = () => told('a[href] a[href], a[href] button, button button, button a[href], summary button, label button').map(sketch);
})();
