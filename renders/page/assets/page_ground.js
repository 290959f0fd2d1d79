// Where things lie on a canvas, and the ground: grass, lines, goal, the air above it. Drawn once and kept.
const AIR = 7.2;
const BEHIND = 2.6;
// Points of a canvas below which letters are small and the strip has no name.
const NARROW = 480;
// Points of a player's radius: on a phone his number must still be read.
const SMALLEST = 9;
const LARGEST = 10.5;
const grounds = new Map();

// A layout for a canvas of so many points that shows all frames [left, right, depth]: strip (if any) above, plan
// below, one scale.
function layout(width, height, frames, strip) {
  const left = Math.min(...frames.map((frame) => frame[0]));
  const right = Math.max(...frames.map((frame) => frame[1]));
  const depth = Math.max(...frames.map((frame) => frame[2]));
  const scale = Math.min(width / (right - left), height / ((strip ? AIR : 0) + BEHIND + depth));
  const middle = (width - scale * (right + left)) / 2;
  const air = strip ? AIR * scale : 0;
  const letters = width < NARROW ? 11 : 13;
  const size = clamp(width / 62, SMALLEST, LARGEST);
  return { width, height, scale, middle, ground: air, goal: air + BEHIND * scale, letters, size };
}

function planX(l, u) {
  return l.middle + u * l.scale;
}

function planY(l, v) {
  return l.goal + v * l.scale;
}

function stripY(l, height) {
  return l.ground - Math.min(height, AIR) * l.scale;
}

function font(size, bold = true) {
  return `${bold ? 700 : 500} ${size}px Barlow, system-ui, sans-serif`;
}

function lay(c, l, points) {
  c.beginPath();
  points.forEach(([u, v], i) => (i ? c.lineTo(planX(l, u), planY(l, v)) : c.moveTo(planX(l, u), planY(l, v))));
  c.stroke();
}

// Grass and lines of the plan in any layout: that of the canvas, or the close-up's.
function drawGrass(c, l, left, top, width, height) {
  c.fillStyle = colours.grass;
  c.fillRect(left, top, width, height);
  c.fillStyle = colours.light;
  const band = 5.5 * l.scale;
  for (let y = l.goal; y < top + height; y += 2 * band) {
    if (y + band > top) c.fillRect(left, Math.max(y, top), width, Math.min(band, y + band - top));
  }
  if (l.goal > top) {
    c.fillStyle = colours.behind;
    c.fillRect(left, top, width, l.goal - top);
  }
  c.strokeStyle = colours.line;
  c.lineWidth = clamp(0.13 * l.scale, 1.2, 2.4);
  for (const [depth, half] of [[16.5, 20.16], [5.5, 9.16]]) lay(c, l, [[-half, 0], [-half, depth], [half, depth], [half, 0]]);
  lay(c, l, [[-34, 70], [-34, 0], [34, 0], [34, 70]]);
  const arc = [];
  for (let a = 0; a <= 40; a++) {
    const turn = (Math.PI * a) / 40;
    const place = [9.15 * Math.cos(turn), 11 + 9.15 * Math.sin(turn)];
    if (place[1] >= 16.5) arc.push(place);
  }
  lay(c, l, arc);
  for (const side of [-1, 1]) {
    lay(c, l, Array.from({ length: 11 }, (_, i) => [side * (34 - Math.sin((i * Math.PI) / 20)), Math.cos((i * Math.PI) / 20)]));
  }
  c.fillStyle = colours.line;
  c.beginPath();
  c.arc(planX(l, 0), planY(l, 11), Math.max(1.6, 0.16 * l.scale), 0, 7);
  c.fill();
  c.lineWidth *= 2.4;
  c.strokeStyle = colours.white;
  lay(c, l, [[-3.66, 0], [3.66, 0]]);
}

function drawNet(c, left, top, right, bottom, mesh) {
  c.strokeStyle = "rgba(127,152,140,.5)";
  c.lineWidth = 0.7;
  c.beginPath();
  for (let x = left + mesh; x < right - 1; x += mesh) c.moveTo(x, top), c.lineTo(x, bottom);
  for (let y = top + mesh; y < bottom - 1; y += mesh) c.moveTo(left, y), c.lineTo(right, y);
  c.stroke();
}

function drawAir(c, l) {
  c.fillStyle = colours.panel;
  c.fillRect(0, 0, l.width, l.ground);
  c.font = font(l.letters, false);
  c.textBaseline = "alphabetic";
  for (const metres of [2, 4, 6]) {
    const y = stripY(l, metres);
    c.fillStyle = colours.ruling;
    c.fillRect(0, y - 0.5, l.width, 1);
    c.fillStyle = colours.quiet;
    c.textAlign = "left";
    c.fillText(say("metres", { m: metres }), 6, y + l.letters);
  }
  if (l.width >= NARROW) {
    c.textAlign = "right";
    c.fillText(say("strip"), l.width - 8, l.letters + 2);
  }
  const [left, right, top] = [planX(l, -3.66), planX(l, 3.66), stripY(l, 2.44)];
  drawNet(c, left, top, right, l.ground, 0.61 * l.scale);
  c.strokeStyle = colours.white;
  c.lineWidth = Math.max(1.8, 0.16 * l.scale);
  c.beginPath();
  c.moveTo(left, l.ground);
  c.lineTo(left, top);
  c.lineTo(right, top);
  c.lineTo(right, l.ground);
  c.stroke();
  c.fillStyle = "rgba(217,229,221,.55)";
  c.fillRect(0, l.ground - 0.5, l.width, 1);
}

// The net seen from above, and which post is which.
function drawBehind(c, l) {
  const [left, right] = [planX(l, -3.66), planX(l, 3.66)];
  drawNet(c, left, l.ground + 1, right, l.goal, 0.6 * l.scale);
  c.fillStyle = colours.quiet;
  c.font = font(l.letters, false);
  c.textBaseline = "middle";
  c.textAlign = "right";
  c.fillText(say("far_post"), left - 7, (l.ground + l.goal) / 2);
  c.textAlign = "left";
  c.fillText(say("near_post"), right + 7, (l.ground + l.goal) / 2);
}

// The ground as a picture of its own, kept for the last few layouts.
function groundOf(l, ratio) {
  const key = [l.width, l.height, l.scale, l.middle, l.ground, ratio].join();
  if (!grounds.has(key)) {
    if (grounds.size > 8) grounds.clear();
    const picture = document.createElement("canvas");
    picture.width = Math.round(l.width * ratio);
    picture.height = Math.round(l.height * ratio);
    const c = picture.getContext("2d", { alpha: false });
    c.scale(ratio, ratio);
    drawGrass(c, l, 0, l.ground, l.width, l.height - l.ground);
    if (l.ground > 0) drawAir(c, l);
    drawBehind(c, l);
    grounds.set(key, picture);
  }
  return grounds.get(key);
}
