// Small numbers in the plan: away from the ball and from players, kept where they were, dropped in crowds.
const ROUND = Array.from({ length: 12 }, (_, i) => (i * Math.PI) / 6);
const CROWDED = 1.7;

// Put each label {key, text, x, y, away} beside its place. `taken` holds circles [x, y, radius]; `memory` the last sides.
function putLabels(c, labels, taken, bounds, letters, memory) {
  c.font = font(letters);
  c.textAlign = "center";
  c.textBaseline = "middle";
  const boxes = [];
  for (const label of labels) {
    const wide = c.measureText(label.text).width / 2 + 3;
    const high = letters * 0.62;
    let best = null;
    ROUND.forEach((turn, side) => {
      const x = label.x + Math.cos(turn) * (label.away + wide);
      const y = label.y + Math.sin(turn) * (label.away + high);
      if (x - wide < bounds[0] || x + wide > bounds[2] || y - high < bounds[1] || y + high > bounds[3]) return;
      let cost = memory[label.key] === side ? -0.5 : 0;
      for (const [tx, ty, radius] of taken) {
        if (Math.abs(tx - x) > wide + 60 || Math.abs(ty - y) > 80) continue;
        const near = Math.hypot(Math.max(Math.abs(tx - x) - wide, 0), Math.max(Math.abs(ty - y) - high, 0));
        if (near < radius) cost += 1 + (radius - near) / radius;
        cost += 0.4 / (10 + Math.hypot(tx - x, ty - y));
      }
      for (const box of boxes) {
        if (Math.abs(box[0] - x) < box[2] + wide && Math.abs(box[1] - y) < box[3] + high) cost += 3;
      }
      if (!best || cost < best.cost) best = { cost, x, y, side };
    });
    if (!best || best.cost > CROWDED) {
      delete memory[label.key];
      continue;
    }
    memory[label.key] = best.side;
    boxes.push([best.x, best.y, wide, high]);
    writeLabel(c, label.text, best.x, best.y);
  }
}

function writeLabel(c, text, x, y) {
  c.lineJoin = "round";
  c.lineWidth = 4;
  c.strokeStyle = colours.ink;
  c.strokeText(text, x, y);
  c.fillStyle = colours.text;
  c.fillText(text, x, y);
}
