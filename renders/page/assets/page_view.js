// One run on its canvas: plan, height strip above it, close-up at the ball.
class View {
  constructor(canvas, kind, otherKind, shown) {
    this.canvas = canvas;
    this.shown = shown;
    this.kind = kind;
    this.otherKind = otherKind;
    this.context = canvas.getContext("2d", { alpha: false });
    this.memory = { true: {}, false: {} };
    this.closeMemory = {};
  }

  // `frames`: what the pictures of a cross have to show, so that all of them have one scale.
  show(run, other, frames) {
    this.frames = frames;
    this.run = open(run);
    this.other = open(other);
    // With and without the strip, labels have different places.
    this.memory = { true: {}, false: {} };
    this.closeMemory = {};
    this.corner = null;
    this.fit();
  }

  // The canvas takes as many pixels as the screen has for it, two to a point at most.
  fit() {
    const width = this.canvas.clientWidth;
    const height = this.canvas.clientHeight;
    if (!width || !this.run) return false;
    this.ratio = Math.min(window.devicePixelRatio || 1, 2);
    const wide = Math.round(width * this.ratio);
    const high = Math.round(height * this.ratio);
    if (this.canvas.width !== wide || this.canvas.height !== high) {
      this.canvas.width = wide;
      this.canvas.height = high;
    }
    this.layout = layout(width, height, this.frames, this.shown.strip);
    return true;
  }

  draw(time) {
    if (!this.layout) return;
    const { context: c, layout: l, run, shown } = this;
    c.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    c.drawImage(groundOf(l, this.ratio), 0, 0, l.width, l.height);
    const now = { time: clamp(time, run.first, run.last), ball: [0, 0, 0], me: [0, 0], gap: null };
    ballAt(run, now.time, now.ball);
    placeAt(run, run.runner, now.time, now.me);
    now.gap = nearest(run, now.time);
    c.save();
    c.beginPath();
    c.rect(0, l.ground, l.width, l.height - l.ground);
    c.clip();
    this.plan(l, now, shown, l.size);
    if (shown.distances) this.labels(l, now, l.size, this.memory[shown.strip], [2, l.goal + 2, l.width - 2, l.height - 2]);
    c.restore();
    if (shown.strip) this.strip(l, now);
    this.close = shown.close && this.atContact(now);
    if (this.close) this.closeUp(l, now, shown);
  }

  plan(l, now, shown, size, close = false) {
    const { context: c, run, ratio } = this;
    const place = [0, 0];
    if (shown.sight) {
      for (const one of watchers(run, now.time)) {
        placeAt(run, one.slot, now.time, place);
        drawSight(c, planX(l, place[0]), planY(l, place[1]), one.turn, l.scale, ratio);
      }
    }
    if (shown.trails) {
      run.who.forEach((index, slot) => {
        if (index !== 1) drawTrail(c, l, wayOf(run, slot, now.time - data.trail, now.time, 0.1), colours[kindOf(index)], size);
      });
    }
    if (shown.other) this.ghost(l, now, size);
    const { done, ahead } = this.ways(run, now.time);
    drawRun(c, l, done, ahead, colours[this.kind], size);
    if (close && shown.distances && now.gap) {
      c.strokeStyle = colours.white;
      c.lineWidth = 1.6;
      lay(c, l, [now.me, now.gap.place]);
    }
    this.ball(l, now, size, () => this.players(l, now, size));
  }

  // The way so far and the way to come: from the start of the run to the ball.
  ways(run, time) {
    const start = run.start === null ? Math.max(run.first, Math.min(time, run.until) - 3) : run.start;
    return {
      done: wayOf(run, run.runner, start, Math.min(time, run.until)),
      ahead: wayOf(run, run.runner, Math.max(time, start), run.until),
    };
  }

  ghost(l, now, size) {
    const { done, ahead } = this.ways(this.other, now.time);
    const here = placeAt(this.other, this.other.runner, now.time, [0, 0]);
    drawGhost(this.context, l, done.concat(ahead), here, colours[this.otherKind], size);
  }

  players(l, now, size) {
    const { context: c, run, ratio } = this;
    const place = [0, 0];
    const order = run.who.map((index, slot) => [placeAt(run, slot, now.time, place)[1], index, slot]);
    order.sort((a, b) => (a[1] === 1) - (b[1] === 1) || a[0] - b[0]);
    for (const [, index, slot] of order) {
      placeAt(run, slot, now.time, place);
      const kind = index === 1 ? this.kind : kindOf(index);
      put(c, player(kind, data.shirts[index], size, ratio), planX(l, place[0]), planY(l, place[1]));
    }
  }

  // Shadow, way, then the players, then the ball itself: it grows as it rises towards the eye.
  ball(l, now, size, players) {
    const { context: c, run, ratio } = this;
    const [u, v, height] = now.ball;
    const drift = 0.5 + Math.min(height, 8) * size * 0.17;
    put(c, shadowStamp(size * 0.55, height, ratio), planX(l, u) + drift, planY(l, v) + drift);
    drawFlight(c, l, this.flight(now), (way, i) => planY(l, way[i + 1]));
    players();
    put(c, ballStamp(size * (0.5 + 0.045 * Math.min(height, 8)), ratio), planX(l, u), planY(l, v));
  }

  // From the strike to the first touch; after it the last second.
  flight(now) {
    const touched = this.run.touched === null ? Infinity : this.run.touched;
    if (!this.run.struck || now.time <= 0) return [];
    if (now.time <= touched + data.trail) return flightOf(this.run, 0, now.time);
    return flightOf(this.run, now.time - data.trail, now.time);
  }

  strip(l, now) {
    const { context: c, run, ratio } = this;
    const place = [0, 0];
    run.who.forEach((index, slot) => {
      if (index !== 1) this.bar(l, placeAt(run, slot, now.time, place)[0], 3, colours[kindOf(index)], 0.72);
    });
    this.bar(l, now.me[0], 5, colours[this.kind], 1);
    drawFlight(c, l, this.flight(now), (way, i) => stripY(l, way[i + 2]));
    const x = planX(l, now.ball[0]);
    const y = stripY(l, now.ball[2]);
    c.strokeStyle = "rgba(255,255,255,.6)";
    c.lineWidth = 1;
    c.setLineDash([3, 3.5]);
    c.beginPath();
    c.moveTo(x, y + 6);
    c.lineTo(x, planY(l, now.ball[1]) - 8);
    c.stroke();
    c.setLineDash([]);
    put(c, ballStamp(4.6, ratio), x, y);
  }

  bar(l, u, width, colour, alpha) {
    const { context: c } = this;
    c.globalAlpha = alpha;
    c.fillStyle = colour;
    const top = stripY(l, data.tall);
    c.fillRect(planX(l, u) - width / 2, top, width, l.ground - top);
    c.globalAlpha = 1;
  }

  // The ball's height while it flies, and the metres to the nearest opponent.
  labels(l, now, size, memory, bounds) {
    const { run } = this;
    const place = [0, 0];
    const taken = run.who.map((index, slot) => {
      placeAt(run, slot, now.time, place);
      return [planX(l, place[0]), planY(l, place[1]), size * (index === 1 ? 1.5 : 1.15)];
    });
    const ball = [planX(l, now.ball[0]), planY(l, now.ball[1])];
    taken.push([...ball, size * 0.9]);
    const flight = this.flight(now);
    for (let i = Math.max(flight.length - 72, 0); i < flight.length - 8; i += 6) {
      taken.push([planX(l, flight[i]), planY(l, flight[i + 1]), 4]);
    }
    const wanted = [];
    if (now.ball[2] > 0.5 && run.struck && now.time > 0) {
      wanted.push({ key: "height", text: say("high", { m: number(now.ball[2]) }), x: ball[0], y: ball[1], away: size * 1.1 });
    }
    if (now.gap) {
      const text = say("to_number", { m: number(now.gap.metres), number: data.shirts[run.who[now.gap.slot]] });
      wanted.push({ key: "gap", text, x: planX(l, now.me[0]), y: planY(l, now.me[1]), away: size * 1.7 });
    }
    putLabels(this.context, wanted, taken, bounds, l.letters, memory);
  }

  // Around the moment at which he meets the ball, or it passes close to him.
  atContact(now) {
    const { run } = this;
    if (run.contact === null || now.time < run.contact - 0.45 || now.time > run.contact + 0.9) return false;
    return run.meets || Math.hypot(now.ball[0] - now.me[0], now.ball[1] - now.me[1]) < 6;
  }

  // Three times as large, in the emptier lower corner; a dotted frame shows where it is.
  closeUp(l, now, shown) {
    const { context: c } = this;
    const wide = Math.min(l.width * 0.34, 19 * l.size * 1.1);
    const high = Math.min(wide * 0.68, (l.height - l.goal) * 0.52);
    const far = Math.hypot(now.ball[0] - now.me[0], now.ball[1] - now.me[1]);
    const share = far < 4 ? 0.5 : 0;
    const focus = [0, 1].map((axis) => now.me[axis] + share * (now.ball[axis] - now.me[axis]));
    this.corner = this.corner || this.emptier(l, wide, high);
    const left = this.corner === "left" ? 8 : l.width - wide - 8;
    const top = l.height - high - 8;
    c.setLineDash([2.5, 3]);
    c.strokeStyle = "rgba(255,255,255,.6)";
    c.lineWidth = 1;
    c.strokeRect(planX(l, focus[0]) - wide / 6, planY(l, focus[1]) - high / 6, wide / 3, high / 3);
    c.setLineDash([]);
    const scale = 3 * l.scale;
    const close = { ...l, scale, middle: left + wide / 2 - focus[0] * scale, goal: top + high / 2 - focus[1] * scale };
    c.save();
    c.beginPath();
    c.roundRect ? c.roundRect(left, top, wide, high, 7) : c.rect(left, top, wide, high);
    c.clip();
    drawGrass(c, close, left, top, wide, high);
    this.plan(close, now, shown, l.size * 1.55, true);
    if (shown.distances) {
      this.labels(close, now, l.size * 1.55, this.closeMemory, [left + 3, top + 3, left + wide - 3, top + high - l.letters - 8]);
    }
    c.font = font(l.letters);
    c.textAlign = "left";
    c.textBaseline = "alphabetic";
    writeLabel(c, say("close_up"), left + 8, top + high - 8);
    c.restore();
    c.strokeStyle = colours.white;
    c.lineWidth = 1.6;
    c.beginPath();
    c.roundRect ? c.roundRect(left, top, wide, high, 7) : c.rect(left, top, wide, high);
    c.stroke();
  }

  // Decided once a cross, so that the box does not jump.
  emptier(l, wide, high) {
    const { run } = this;
    const top = l.height - high - 8;
    const hidden = { left: 0, right: 0 };
    const place = [0, 0];
    for (let time = run.contact - 0.4; time < run.contact + 0.9; time += 0.2) {
      run.who.forEach((index, slot) => {
        placeAt(run, slot, time, place);
        const [x, y] = [planX(l, place[0]), planY(l, place[1])];
        if (y < top - l.size) return;
        if (x < wide + 8 + l.size) hidden.left += index === 1 ? 20 : 1;
        if (x > l.width - wide - 8 - l.size) hidden.right += index === 1 ? 20 : 1;
      });
    }
    return hidden.left <= hidden.right ? "left" : "right";
  }
}
