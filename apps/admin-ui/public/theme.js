// Runs before the first paint, as a file of its own because the page's policy allows no inline script.
(() => {
  let wanted = 'system';
  try {
    wanted = localStorage.getItem('parley.theme') ?? 'system';
  } catch {
    // A browser that refuses storage keeps to the system's choice.
  }
  if (wanted === 'light' || wanted === 'dark') document.documentElement.dataset.theme = wanted;
})();
