// Returns what is wrong with the page as it is now. The contrasts are those of WCAG 2.2, level AA.
const wrong = [];
const told = element => `<${element.localName}${element.id && `#${element.id}`}${element.className && `.${element.className}`}>`;
const seen = element => element.checkVisibility({checkVisibilityCSS: true, checkOpacity: true});

if (!document.documentElement.lang) wrong.push('the page has no language');
if (!document.title) wrong.push('the page has no title');
if (document.querySelectorAll('h1').length !== 1) wrong.push('the page has not one h1');
const ids = [...document.querySelectorAll('[id]')].map(({id}) => id);
for (const id of ids) if (ids.indexOf(id) !== ids.lastIndexOf(id)) wrong.push(`two elements have the id ${id}`);

// The width.
const {scrollWidth, clientWidth} = document.documentElement;
if (scrollWidth > clientWidth) wrong.push(`the page scrolls sideways: ${scrollWidth} of ${clientWidth} px`);
for (const element of document.body.querySelectorAll('*')) {
  if (!seen(element) || element.closest('.unseen')) continue;
  const {left, right} = element.getBoundingClientRect();
  if (left < 0 || right > clientWidth + 0.5) wrong.push(`${told(element)} is from ${left} to ${right} px`);
  if (element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).overflowX !== 'visible' && element.tabIndex < 0
      && element.localName !== 'input')
    wrong.push(`${told(element)} is cut off, and no key scrolls it`);
}

// The labels, and the sizes of what can be pressed.
for (const field of document.querySelectorAll('input, select, textarea')) {
  const words = [...field.labels].map(({textContent}) => textContent.trim()).join('');
  if (!words && !field.ariaLabel) wrong.push(`${told(field)} has no label`);
}
for (const button of document.querySelectorAll('button, a')) {
  if (!button.textContent.trim() && !button.ariaLabel) wrong.push(`${told(button)} has no name`);
}
for (const element of document.querySelectorAll('button, input')) {
  const {width, height} = element.getBoundingClientRect();
  if (seen(element) && (width < 24 || height < 24)) wrong.push(`${told(element)} has ${width} × ${height} px`);
}

// The contrasts.
const parts = color => {
  const [red, green, blue, alpha = 1] = color.match(/[\d.]+/g).map(Number);
  if (!/^rgba?\(/.test(color)) wrong.push(`the color ${color} is not in RGB`);
  return {rgb: [red, green, blue], alpha};
};
const over = (front, back) => front.rgb.map((value, at) => value * front.alpha + back[at] * (1 - front.alpha));
const behind = element => {
  if (!element) return matchMedia('(prefers-color-scheme: dark)').matches ? [18, 18, 18] : [255, 255, 255];
  const back = parts(getComputedStyle(element).backgroundColor);
  return back.alpha === 1 ? back.rgb : over(back, behind(element.parentElement));
};
const luminance = rgb => {
  const [red, green, blue] = rgb.map(value => value / 255)
    .map(value => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};
const contrast = (one, other) => {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
};
let least = 21;
const check = (element, pseudo, color, back, limit) => {
  const ratio = contrast(over(parts(color), back), back);
  if (limit === 4.5) least = Math.min(least, ratio);
  if (ratio < limit) wrong.push(`the contrast of ${told(element)}${pseudo} is ${ratio.toFixed(2)}, not ${limit}`);
};
for (const element of document.body.querySelectorAll('*')) {
  if (!seen(element) || element.closest('.unseen')) continue;
  const style = getComputedStyle(element);
  const hasText = [...element.childNodes].some(({nodeType, data}) => nodeType === Node.TEXT_NODE && data.trim());
  if (hasText || element.localName === 'input') check(element, '', style.color, behind(element), 4.5);
  const before = getComputedStyle(element, '::before');
  if (before.content !== 'none') check(element, '::before', before.color, behind(element), 4.5);
  if (element.localName === 'input') {
    check(element, '::placeholder', getComputedStyle(element, '::placeholder').color, behind(element), 4.5);
    check(element, "'s border", style.borderTopColor, behind(element.parentElement), 3);
  }
}

if (matchMedia('(prefers-reduced-motion: reduce)').matches) {
  const moving = document.getAnimations().length;
  if (moving) wrong.push(`${moving} animations run for a user who wants none`);
}
return {wrong: [...new Set(wrong)], least};
