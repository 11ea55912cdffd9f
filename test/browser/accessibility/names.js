/* global document */
// Every control has a name, and every name that points somewhere leads there.
(() => {
  const { checks, isSeen, sketch, told, wordsOf } = globalThis.parleyLook;
  const CONTROLS = 'button, a[href], input:not([type="hidden"]), select, textarea, summary, [role="button"], [role="link"], [role="checkbox"], [role="combobox"], [role="menuitem"], [role="menuitemradio"], [role="option"], [role="radio"], [role="slider"], [role="switch"], [role="tab"], [tabindex="0"]';
  const NAMED = '[role="dialog"], [role="grid"], [role="group"], [role="listbox"], [role="menu"], [role="region"], [role="tablist"], [role="toolbar"], nav, [role="img"]';
  const POINTING = ['aria-labelledby', 'aria-describedby', 'aria-controls', 'aria-activedescendant', 'aria-owns', 'for'];

  const idsOf = (element, attribute) => (element.getAttribute(attribute) ?? '').split(/\s+/).filter((id) => id !== '');

  /** Its accessible name, as far as one is reckoned here: what it points to, its label, its words, its title. */
  function nameOf(element) {
    const pointed = idsOf(element, 'aria-labelledby').map((id) => document.getElementById(id)).filter((one) => one !== null).map(wordsOf).join(' ');
    const labels = [...(element.labels ?? [])].map(wordsOf).join(' ');
    const found = [pointed, element.getAttribute('aria-label') ?? '', labels, isField(element) ? '' : wordsOf(element), element.getAttribute('title') ?? ''].map((one) => one.trim());
    return found.find((one) => one !== '') ?? '';
  }

  /** What holds others is not named by what it holds. */
  const isNamed = (element) => ['aria-labelledby', 'aria-label', 'title'].some((attribute) => (element.getAttribute(attribute) ?? '').trim() !== '') || (element.tagName === 'FIELDSET' && element.querySelector('legend') !== null);

  const isField = (element) => ['INPUT', 'SELECT', 'TEXTAREA'].includes(element.tagName);

  checks['a control has a name'] = () => told(CONTROLS).filter((element) => nameOf(element) === '').map(sketch);

  checks['what holds others has a name'] = () => told(NAMED).filter((element) => !isNamed(element)).map(sketch);

  checks['a name that is seen is told'] = () => told('button[aria-label], a[aria-label]').filter(isSeen).filter((element) => {
    const seen = [...element.childNodes].map((node) => node.textContent ?? '').join(' ').trim().replace(/\s+/g, ' ').toLowerCase();
    return /\p{L}{2}/u.test(seen) && !nameOf(element).toLowerCase().includes(seen);
  }).map(sketch);

  checks['a picture has a text'] = () => told('img:not([alt]), svg:not([aria-hidden="true"]):not([role="img"])').map(sketch);

  // What is closed need not be there.
  checks['what is pointed to is there'] = () => POINTING.flatMap((attribute) => told(`[${attribute}]`).filter((element) => attribute !== 'aria-controls' || element.getAttribute('aria-expanded') !== 'false')
    .flatMap((element) => idsOf(element, attribute).filter((id) => document.getElementById(id) === null).map((id) => `${attribute} ${id} of ${sketch(element)}`)));

  checks['an id is there once'] = () => {
    const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id);
    return [...new Set(ids.filter((id, at) => ids.indexOf(id) !== at))];
  };
})();
