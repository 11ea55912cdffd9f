/** What the engine tells that is no fault. */
export interface Waiver {
  /** Ids of the engine's rules. */
  readonly rules: readonly string[] | 'all';
  /** Selector of the elements that are meant. */
  readonly at: string;
  readonly why: string;
  /** A page on which the engine tells it, and nothing else. */
  readonly example: string;
}

export const WAIVERS: readonly Waiver[] = [
  {
    rules: ['aria_hidden_nontabbable', 'heading_content_exists', 'label_content_exists', 'target_spacing_sufficient'], at: ':root:has([role="dialog"]) [aria-hidden="true"] *',
    why: 'behind an open dialog all is hidden, and the dialog keeps the keys to itself until it is closed',
    example: '<div role="dialog" aria-label="A"><button>Close</button></div><div aria-hidden="true"><p><button>Save</button></p></div>',
  },
  {
    rules: ['aria_hidden_nontabbable'], at: '.cdk-focus-trap-anchor',
    why: 'at both ends of a dialog it takes the keys only to hand them back',
    example: '<div class="cdk-focus-trap-anchor" tabindex="0" aria-hidden="true"></div>',
  },
  {
    rules: 'all', at: 'details:not([open]) > :not(summary), details:not([open]) > :not(summary) *',
    why: 'what is folded away is there for nobody; the tests unfold it on every screen',
    example: '<details><summary>More</summary><p><label for="a">Name</label> <input id="a"></p></details>',
  },
  {
    rules: ['aria_id_unique'], at: '[aria-controls][aria-expanded="false"]',
    why: 'what is closed need not be there',
    example: '<button aria-controls="menu" aria-expanded="false">Menu</button>',
  },
  {
    rules: ['element_tabbable_role_valid'], at: '[role="region"][aria-label][tabindex="0"]',
    why: 'what scrolls takes the keys, and is no control',
    example: '<pre role="region" aria-label="Settings" tabindex="0">{}</pre>',
  },
  {
    rules: ['aria_attribute_redundant'], at: 'input.mat-mdc-input-element[required]',
    why: 'Angular Material says it twice, and both say the same',
    example: '<label>Name <input class="mat-mdc-input-element" required aria-required="true"></label>',
  },
  {
    rules: ['list_structure_proper'], at: 'dl:has(> div > dt + dd)',
    why: 'HTML allows a div around each pair',
    example: '<dl><div><dt>Expected</dt><dd>4</dd></div></dl>',
  },
];
