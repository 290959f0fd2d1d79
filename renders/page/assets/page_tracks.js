// Packed runs become places again: metres across (u, positive on the crosser's side), metres from the goal line (v).
function unpack(text, type) {
  const raw = atob(text);
  const bytes = new Uint8Array(raw.length);
  for (let i = 0; i < raw.length; i++) bytes[i] = raw.charCodeAt(i);
  return new type(bytes.buffer);
}

// An opening row and steps of whole centimetres, added up to places in metres.
function added(opening, steps) {
  const width = opening.length;
  const sum = Int32Array.from(opening);
  const places = new Float32Array(width + steps.length);
  for (let j = 0; j < width; j++) places[j] = sum[j] / 100;
  for (let k = 0; k < steps.length; k++) {
    sum[k % width] += steps[k];
    places[width + k] = sum[k % width] / 100;
  }
  return places;
}

// The places of everybody and of the ball; done once, when a run is first shown.
function open(run) {
  if (run.places) return run;
  const opening = unpack(run.opening, Int16Array);
  run.width = opening.length;
  run.places = added(opening, unpack(run.steps, Int8Array));
  run.flown = added(unpack(run.ball_opening, Int16Array), unpack(run.ball, Int8Array));
  run.looks = unpack(run.sight, Uint8Array);
  run.runner = run.who.indexOf(1);
  return run;
}

function clamp(value, low, high) {
  return Math.min(Math.max(value, low), high);
}

// A time as a number of steps; the last step of a cross may be a short one.
function stepsAt(run, time) {
  const whole = run.count - 2;
  const f = Math.max((time - run.first) / data.step, 0);
  if (f <= whole) return f;
  const begun = run.first + whole * data.step;
  return whole + Math.min((time - begun) / Math.max(run.last - begun, 1e-6), 1);
}

// Between two recorded places a player moves on the cubic through the four around them: slow motion never repeats.
function placeAt(run, slot, time, out) {
  const f = stepsAt(run, time);
  const i = Math.min(Math.floor(f), run.count - 2);
  const s = f - i;
  const { places, width } = run;
  for (let axis = 0; axis < 2; axis++) {
    const at = 2 * slot + axis;
    const b = places[i * width + at];
    const c = places[(i + 1) * width + at];
    const a = i > 0 ? places[(i - 1) * width + at] : b;
    const d = i + 2 < run.count ? places[(i + 2) * width + at] : c;
    out[axis] = b + 0.5 * s * (c - a + s * (2 * a - 5 * b + 4 * c - d + s * (3 * (b - c) + d - a)));
  }
  return out;
}

function ballAt(run, time, out) {
  const last = run.flown.length / 3 - 1;
  const f = stepsAt(run, time) * data.pieces;
  const i = Math.min(Math.floor(f), last - 1);
  const s = f - i;
  for (let axis = 0; axis < 3; axis++) {
    out[axis] = run.flown[3 * i + axis] * (1 - s) + run.flown[3 * i + 3 + axis] * s;
  }
  return out;
}

// Where a player was from one time to another, as [u, v, u, v, ...].
function wayOf(run, slot, from, to, step = data.step / 2) {
  const begin = Math.max(from, run.first);
  const end = Math.min(to, run.last);
  const way = [];
  if (!(end > begin)) return way;
  const parts = Math.max(1, Math.ceil((end - begin) / step - 1e-6));
  const place = [0, 0];
  for (let i = 0; i <= parts; i++) {
    placeAt(run, slot, begin + ((end - begin) * i) / parts, place);
    way.push(place[0], place[1]);
  }
  return way;
}

// The ball's way as [u, v, height, ...].
function flightOf(run, from, to) {
  const begin = Math.max(from, run.first);
  const end = Math.min(to, run.last);
  const way = [];
  if (!(end > begin)) return way;
  const parts = Math.max(1, Math.ceil(((end - begin) / data.step) * data.pieces - 1e-6));
  const place = [0, 0, 0];
  for (let i = 0; i <= parts; i++) {
    ballAt(run, begin + ((end - begin) * i) / parts, place);
    way.push(place[0], place[1], place[2]);
  }
  return way;
}

function kindOf(index) {
  if (index === 1) return "runner";
  if (index === 11) return "keeper";
  return index < 11 ? "attack" : "defence";
}

// Who watches the runner at a time: [{slot, turn (rad), marks, sees}].
function watchers(run, time) {
  const f = stepsAt(run, time);
  const i = Math.floor(f);
  const next = Math.min(i + 1, run.count - 1);
  const found = [];
  for (let k = 0; k < data.cones; k++) {
    const at = 3 * (i * data.cones + k);
    const slot = run.looks[at];
    if (slot === data.nobody) continue;
    const after = 3 * (next * data.cones + k);
    let turn = run.looks[at + 1];
    if (run.looks[after] === slot) turn += ((run.looks[after + 1] - turn + 384) % 256 - 128) * (f - i);
    const notes = run.looks[at + 2];
    found.push({ slot, turn: (turn / 128) * Math.PI, marks: Boolean(notes & 1), sees: Boolean(notes & 2) });
  }
  return found;
}

// The runner's nearest opponent: {slot, metres}, or null without one.
function nearest(run, time) {
  const me = placeAt(run, run.runner, time, [0, 0]);
  const other = [0, 0];
  let found = null;
  run.who.forEach((index, slot) => {
    if (index < 11) return;
    placeAt(run, slot, time, other);
    const metres = Math.hypot(other[0] - me[0], other[1] - me[1]);
    if (!found || metres < found.metres) found = { slot, metres, place: [other[0], other[1]] };
  });
  return found;
}

function speedOf(run, time) {
  const a = placeAt(run, run.runner, time - 0.05, [0, 0]);
  const b = placeAt(run, run.runner, time + 0.05, [0, 0]);
  const from = Math.max(time - 0.05, run.first);
  const to = Math.min(time + 0.05, run.last);
  return to > from ? Math.hypot(b[0] - a[0], b[1] - a[1]) / (to - from) : 0;
}
