// What the page was given, and how it says numbers.
const data = JSON.parse(document.getElementById("data").textContent);
const colours = data.colours;

// A string of the page with its {places} filled.
function say(key, values) {
  let text = data.words;
  for (const part of key.split(".")) text = text[part];
  return values ? text.replace(/\{(\w+)\}/g, (_, name) => values[name]) : text;
}

function number(value, digits = 1) {
  return (Number(value.toFixed(digits)) + 0).toFixed(digits).replace("-", "\u2212").replace(".", data.decimal);
}

// Seconds from the strike: "0.42 s before the strike".
function clock(time) {
  return say(time < -0.005 ? "clock_before" : "clock_after", { s: number(Math.abs(time), 2) });
}
