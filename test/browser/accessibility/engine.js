/* global ace, document */
// The engine (accessibility-checker-engine) over the page as it is now.
(() => {
  const { sketch } = globalThis.parleyLook;
  /** Rules that the engine has and its WCAG 2.2 leaves out. */
  const MORE = ['element_id_unique', 'element_scrollable_tabbable'];
  /** Where it only asks a person, a fault is told all the same. */
  const SURE = ['element_id_unique', 'list_structure_proper', 'meta_viewport_zoomable'];

  const guideline = {
    id: 'more', name: 'more', category: 'Accessibility', description: '',
    checkpoints: [{ num: '0', name: 'more', wcagLevel: 'AA', summary: '', rules: MORE.map((id) => ({ id, level: 'VIOLATION', toolkitLevel: '1' })) }],
  };

  /** What fails, one line each: `rule: why (where)`. What a waiver covers is left out. */
  globalThis.parleyLook.runEngine = async (waivers) => {
    const checker = new ace.Checker();
    checker.addGuideline(guideline);
    const { results } = await checker.check(document, ['WCAG_2_2', guideline.id]);
    return results
      .filter(({ ruleId, value: [, verdict] }) => verdict === 'FAIL' || (verdict === 'POTENTIAL' && SURE.includes(ruleId)))
      .map(({ ruleId, message, node }) => ({ ruleId, message, element: node.nodeType === 1 ? node : document.documentElement }))
      .filter(({ ruleId, element }) => !waivers.some(({ rules, at }) => (rules === 'all' || rules.includes(ruleId)) && element.matches(at)))
      .map(({ ruleId, message, element }) => `${ruleId}: ${message} (${sketch(element)})`);
  };
})();
