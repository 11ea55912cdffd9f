/* global ace, document */
// The engine (accessibility-checker-engine) over the page as it is now.
(() => {
  const { sketch } = globalThis.parleyLook;
  /** Rules that the engine has and its WCAG 2.2 leaves out. */
  const MORE = ['element_id_unique', 'element_scrollable_tabbable'];
  /** Where it only asks a person, a fault is told all the same. */
  const SURE = ['element_id_unique', 'list_structure_proper', 'meta_viewport_zoomable'];

  const guideline = (id, rules) => ({
    id, name: id, category: 'Accessibility', description: '',
    checkpoints: [{ num: '0', name: id, wcagLevel: 'AA', summary: '', rules: rules.map((rule) => ({ id: rule, level: 'VIOLATION', toolkitLevel: '1' })) }],
  });

  /** What fails, one line each: `rule: why (where)`; of the named rules only, or of all. What a waiver covers is left out. */
  globalThis.parleyLook.runEngine = async (names, waivers) => {
    const checker = new ace.Checker();
    checker.addGuideline(guideline('wanted', names.length > 0 ? names : MORE));
    const { results } = await checker.check(document, names.length > 0 ? ['wanted'] : ['WCAG_2_2', 'wanted']);
    return results
      .filter(({ ruleId, value: [, verdict] }) => verdict === 'FAIL' || (verdict === 'POTENTIAL' && SURE.includes(ruleId)))
      .map(({ ruleId, message, node }) => ({ ruleId, message, element: node.nodeType === 1 ? node : document.documentElement }))
      .filter(({ ruleId, element }) => !waivers.some(({ rules, at }) => (rules === 'all' || rules.includes(ruleId)) && element.matches(at)))
      .map(({ ruleId, message, element }) => `${ruleId}: ${message} (${sketch(element)})`);
  };
})();
