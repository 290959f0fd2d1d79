// What the page was given, and its words: every string is in board_en.json.
const data = JSON.parse(document.getElementById("data").textContent);
document.documentElement.classList.add("js");

function $(id) {
  return document.getElementById(id);
}

function text(key) {
  return key.split(".").reduce((node, part) => node[part], data.words);
}

function say(key, values = {}) {
  return String(text(key)).replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

function number(value, digits = 1) {
  return value.toFixed(digits).replace("-", "\u2212").replace(".", data.words.decimal);
}

function clamp(value, low, high) {
  return Math.min(Math.max(value, low), high);
}

function tell(sentence) {
  $("status").textContent = sentence;
}

// A place on the board as a coach says it: metres from the goal line, and left or right of the goal's middle.
function depthOf([x]) {
  return number(105 - x, 0);
}

function acrossOf([, y]) {
  const across = 34 - y;
  if (Math.abs(across) < 0.5) return say("pitch.middle");
  return say(across > 0 ? "pitch.right" : "pitch.left", { m: number(Math.abs(across), 0) });
}

function placeWords(who, name, place) {
  return say("pitch.player", { who, name, depth: depthOf(place), across: acrossOf(place) });
}
