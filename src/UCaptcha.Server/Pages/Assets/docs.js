const viewer = document.querySelector('rapi-doc');

const dark = matchMedia('(prefers-color-scheme: dark)');
const paint = () => viewer.setAttribute('theme', dark.matches ? 'dark' : 'light');
dark.addEventListener('change', paint);
paint();

// The viewer draws the line with the licence beyond the left edge of a narrow page.
viewer.addEventListener('spec-loaded', () => {
  const style = document.createElement('style');
  style.textContent = '#api-info { margin-left: 0 !important; } #api-info span:first-child { padding-left: 0; }';
  viewer.shadowRoot.append(style);
});
