// Players, ball and shadow as small pictures that are drawn once; ways, trails and sight as shapes.
const stamps = new Map();

function stamp(key, side, ratio, draw) {
  const name = `${key},${ratio}`;
  if (!stamps.has(name)) {
    if (stamps.size > 400) stamps.clear();
    const picture = document.createElement("canvas");
    picture.width = picture.height = Math.ceil(side * ratio);
    const c = picture.getContext("2d");
    c.scale(ratio, ratio);
    c.translate(side / 2, side / 2);
    draw(c);
    stamps.set(name, { picture, side });
  }
  return stamps.get(name);
}

function put(c, { picture, side }, x, y) {
  c.drawImage(picture, x - side / 2, y - side / 2, side, side);
}

// Shape, colour and number together say who it is: colours alone fail some eyes.
function player(kind, shirt, size, ratio) {
  return stamp(`${kind},${shirt},${size.toFixed(1)}`, size * 3.4, ratio, (c) => {
    c.lineJoin = "round";
    if (kind === "learner" || kind === "rule") {
      disc(c, size * 1.32, colours.ink);
      disc(c, size * 1.24, colours.white);
      disc(c, size * 1.02, colours.ink);
      disc(c, size * 0.94, colours[kind]);
    } else if (kind === "attack") {
      disc(c, size, colours.ink);
      disc(c, size * 0.88, colours.attack);
    } else {
      c.beginPath();
      if (kind === "keeper") c.rect(-size * 0.92, -size * 0.92, size * 1.84, size * 1.84);
      else c.moveTo(-size * 1.16, -size * 0.82), c.lineTo(size * 1.16, -size * 0.82), c.lineTo(0, size * 1.2), c.closePath();
      c.fillStyle = colours[kind];
      c.fill();
      c.strokeStyle = colours.ink;
      c.lineWidth = size * 0.16;
      c.stroke();
    }
    const wide = { defence: 1.05, keeper: 1.3, attack: 1.25 }[kind] || 1.3;
    c.font = font(size * wide * (shirt > 9 ? 0.9 : 1));
    c.fillStyle = colours.ink;
    c.textAlign = "center";
    c.textBaseline = "alphabetic";
    c.fillText(String(shirt), 0, size * (kind === "defence" ? 0.24 : 0.44));
  });
}

function disc(c, radius, colour) {
  c.fillStyle = colour;
  c.beginPath();
  c.arc(0, 0, radius, 0, 7);
  c.fill();
}

function ballStamp(size, ratio) {
  return stamp(`ball,${size.toFixed(1)}`, size * 3, ratio, (c) => {
    disc(c, size, colours.ink);
    disc(c, size * 0.8, colours.white);
  });
}

// The shadow is wider and paler the higher the ball flies.
function shadowStamp(size, height, ratio) {
  const soft = Math.round(Math.min(height, 5) * 2);
  const reach = size * (1.15 + 0.22 * soft);
  return stamp(`shadow,${size.toFixed(1)},${soft}`, reach * 2 + 2, ratio, (c) => {
    const shade = c.createRadialGradient(0, 0, size * Math.max(0.1, 1 - 0.09 * soft), 0, 0, reach);
    shade.addColorStop(0, `rgba(12,20,23,${0.62 - 0.04 * soft})`);
    shade.addColorStop(1, "rgba(12,20,23,0)");
    c.fillStyle = shade;
    c.fillRect(-reach, -reach, 2 * reach, 2 * reach);
  });
}

// What a defender sees: a sector that fades outwards.
function drawSight(c, x, y, turn, scale, ratio) {
  const radius = data.sight.length * scale;
  const angle = data.sight.angle;
  const cone = stamp(`sight,${radius.toFixed(0)}`, radius * 2, ratio, (s) => {
    const shade = s.createRadialGradient(0, 0, 0, 0, 0, radius);
    shade.addColorStop(0, "rgba(122,184,255,.5)");
    shade.addColorStop(1, "rgba(122,184,255,0)");
    s.fillStyle = shade;
    s.beginPath();
    s.moveTo(0, 0);
    s.arc(0, 0, radius, -angle, angle);
    s.fill();
  });
  c.save();
  c.translate(x, y);
  c.rotate(turn);
  put(c, cone, 0, 0);
  c.restore();
}

function trace(c, l, way, from = 0, to = way.length) {
  c.beginPath();
  for (let i = from; i < to; i += 2) c.lineTo(planX(l, way[i]), planY(l, way[i + 1]));
}

// A tail that widens and brightens towards the player.
function drawTrail(c, l, way, colour, size) {
  const pieces = 4;
  const points = way.length / 2;
  if (points < 3) return;
  c.strokeStyle = colour;
  c.lineCap = "butt";
  for (let k = 0; k < pieces; k++) {
    const from = Math.floor(((points - 1) * k) / pieces);
    const to = Math.floor(((points - 1) * (k + 1)) / pieces);
    if (to <= from) continue;
    c.globalAlpha = 0.14 + (0.46 * (k + 0.5)) / pieces;
    c.lineWidth = size * (0.12 + (0.7 * (k + 1)) / pieces);
    trace(c, l, way, 2 * from, 2 * to + 2);
    c.stroke();
  }
  c.globalAlpha = 1;
}

// A run: dashes with a dark edge, paler where it is still to come, an arrow at its end.
function drawRun(c, l, done, ahead, colour, size) {
  c.lineCap = "butt";
  c.lineJoin = "round";
  c.setLineDash([9, 5]);
  const whole = done.concat(ahead);
  if (whole.length < 4) return c.setLineDash([]);
  c.strokeStyle = colours.ink;
  c.lineWidth = 4.8;
  trace(c, l, whole);
  c.stroke();
  c.strokeStyle = colour;
  c.globalAlpha = 0.62;
  c.lineWidth = 2.4;
  trace(c, l, whole);
  c.stroke();
  c.globalAlpha = 1;
  c.lineWidth = 3;
  trace(c, l, done);
  c.stroke();
  c.setLineDash([]);
  drawArrow(c, l, ahead, colour, size);
  c.save();
  c.translate(planX(l, whole[0]), planY(l, whole[1]));
  disc(c, size * 0.42, colours.ink);
  disc(c, size * 0.3, colour);
  c.restore();
}

function drawArrow(c, l, way, colour, size) {
  const n = way.length;
  if (n < 8) return;
  const [x, y] = [planX(l, way[n - 2]), planY(l, way[n - 1])];
  const [dx, dy] = [x - planX(l, way[n - 8]), y - planY(l, way[n - 7])];
  const long = Math.hypot(dx, dy);
  if (long < 2 || Math.hypot(x - planX(l, way[0]), y - planY(l, way[1])) < size * 1.6) return;
  c.save();
  c.translate(x, y);
  c.rotate(Math.atan2(dy, dx));
  c.fillStyle = colour;
  c.strokeStyle = colours.ink;
  c.lineWidth = 1;
  c.beginPath();
  c.moveTo(size * 0.8, 0);
  c.lineTo(-size * 0.6, size * 0.6);
  c.lineTo(-size * 0.25, 0);
  c.lineTo(-size * 0.6, -size * 0.6);
  c.closePath();
  c.stroke();
  c.fill();
  c.restore();
}

function drawGhost(c, l, way, here, colour, size) {
  c.setLineDash([3.2, 3.6]);
  c.strokeStyle = colour;
  c.globalAlpha = 0.8;
  c.lineWidth = 1.9;
  trace(c, l, way);
  c.stroke();
  c.setLineDash([]);
  drawArrow(c, l, way, colour, size * 0.85);
  c.globalAlpha = 1;
  for (const [width, paint] of [[4, colours.ink], [2, colour]]) {
    c.strokeStyle = paint;
    c.lineWidth = width;
    c.beginPath();
    c.arc(planX(l, here[0]), planY(l, here[1]), size * 0.9, 0, 7);
    c.stroke();
  }
}

// The ball's way: thick where a head can reach it, thin above. `y` says where a place lies: in the plan or the strip.
function drawFlight(c, l, way, y) {
  c.strokeStyle = colours.white;
  c.lineCap = "round";
  let from = 0;
  while (from + 3 < way.length) {
    const low = way[from + 2] < data.reach;
    let to = from + 3;
    while (to + 3 < way.length && way[to + 2] < data.reach === low) to += 3;
    c.beginPath();
    for (let i = from; i <= to; i += 3) c.lineTo(planX(l, way[i]), y(way, i));
    c.lineWidth = low ? 3.2 : 1.3;
    c.stroke();
    from = to;
  }
  c.lineCap = "butt";
}
