// The pitch and everything on it, as SVG. Across (u) to the right and depth (v) downwards, in metres; goal at the top.
const SVG = "http://www.w3.org/2000/svg";
const BEHIND = 3.4;
const LEAST_DEPTH = 25;
const MARGIN = 2.6; // m around whoever is farthest out
const ORDER = ["defence", "keeper", "attack", "crosser", "runner"]; // who is drawn over whom
const pitch = $("pitch");
const view = { scale: 10, left: -36, top: -BEHIND, width: 72, height: 50, r: 1.3 };
const layers = {};
const marks = new Map();

function el(name, attributes = {}, parent = null, words = null) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  if (words !== null) node.textContent = words;
  if (parent) parent.append(node);
  return node;
}

function uv([x, y]) {
  return [34 - y, 105 - x];
}

function xy([u, v]) {
  return [105 - v, 34 - u];
}

// What has to be seen: the box, everybody, and where they run; [left, right, depth] in metres.
function extent() {
  const places = state.board ? state.board.players.flatMap((p) => [[p.x, p.y], ...(p.run ? [p.run] : [])]).map(uv) : [];
  const left = Math.min(-23, ...places.map(([u]) => u - MARGIN));
  const right = Math.max(23, ...places.map(([u]) => u + MARGIN));
  return [Math.max(left, -36), Math.min(right, 36), Math.max(LEAST_DEPTH, ...places.map(([, v]) => Math.min(v, 55) + MARGIN))];
}

function fit() {
  const { clientWidth: w, clientHeight: h } = pitch;
  if (!w || !h) return;
  const [left, right, depth] = extent();
  view.scale = Math.min(w / (right - left), h / (depth + BEHIND));
  view.play = state.board && state.board.play;
  view.width = w / view.scale;
  view.height = h / view.scale;
  view.left = (left + right - view.width) / 2;
  view.top = -BEHIND;
  const crowded = state.board && state.board.play === "corner"; // on a phone bodies would hide each other
  view.r = clamp(w / 62, crowded ? 8 : 10.5, 15) / view.scale;
  pitch.setAttribute("viewBox", `${view.left} ${view.top} ${view.width} ${view.height}`);
  drawGround();
  drawBoard();
}

// Once a hand has let go: if somebody has left the picture, the picture grows; another play may need other sizes.
function refit() {
  const [left, right, depth] = extent();
  const out = left < view.left - 0.5 || right > view.left + view.width + 0.5 || depth > view.top + view.height + 0.5;
  if (out || view.play !== state.board.play) fit();
}

// A pointer's place on the board.
function placeOf(event) {
  const box = pitch.getBoundingClientRect();
  return xy([view.left + (event.clientX - box.left) / view.scale, view.top + (event.clientY - box.top) / view.scale]);
}

function drawGround() {
  if (!layers.ground) {
    for (const name of ["ground", "map", "plan", "tokens", "film"]) layers[name] = el("g", { class: name }, pitch);
  }
  const g = layers.ground;
  g.textContent = "";
  const [left, width] = [-80, 160]; // wider than any picture, and than the printed one
  const { top, height } = view;
  el("rect", { x: left, y: top, width, height, fill: "var(--grass)" }, g);
  for (let v = 0; v < top + height; v += 11) el("rect", { x: left, y: v, width, height: 5.5, fill: "var(--grass-light)" }, g);
  el("rect", { x: left, y: top, width, height: -top, fill: "var(--behind)" }, g);
  const w = clamp(0.13, 1.2 / view.scale, 2.2 / view.scale);
  const lines = { fill: "none", stroke: "var(--line)", "stroke-width": w };
  el("path", { d: "M-34 60V0H34V60M-20.16 0V16.5H20.16V0M-9.16 0V5.5H9.16V0M-7.31 16.5A9.15 9.15 0 0 0 7.31 16.5M-34 1A1 1 0 0 0-33 0M34 1A1 1 0 0 1 33 0M-34 52.5H34M-9.15 52.5A9.15 9.15 0 0 1 9.15 52.5", ...lines }, g);
  el("circle", { cx: 0, cy: 11, r: Math.max(0.16, 1.7 / view.scale), fill: "var(--line)" }, g);
  let net = "";
  for (let u = -3.66; u <= 3.67; u += 0.61) net += `M${u} 0V-2`;
  for (let v = 0; v >= -2; v -= 0.5) net += `M-3.66 ${v}H3.66`;
  el("path", { d: net, fill: "none", stroke: "var(--line)", "stroke-width": 0.5 / view.scale, opacity: 0.5 }, g);
  el("path", { d: "M-3.66 0H3.66", stroke: "#fff", "stroke-width": 3 * w }, g);
}

function drawPosts() {
  const right = find(state.board.crosser).y < 34;
  const size = 13 / view.scale;
  const at = { class: "words", y: -1.15, "font-size": size };
  el("text", { ...at, x: -4.4, "text-anchor": "end" }, layers.plan, say(right ? "pitch.far_post" : "pitch.near_post"));
  el("text", { ...at, x: 4.4 }, layers.plan, say(right ? "pitch.near_post" : "pitch.far_post"));
}

function way(points) {
  return points.map((place, i) => `${i ? "L" : "M"}${uv(place).map((n) => n.toFixed(2)).join(" ")}`).join("");
}

// A run: dashes with a dark edge, and an arrow at its end.
function drawWay(points, colour, thick, dashes) {
  const px = 1 / view.scale;
  const d = way(points);
  const how = { d, fill: "none", "stroke-linejoin": "round", "stroke-dasharray": dashes.map((n) => n * px).join(" ") };
  el("path", { ...how, stroke: "#14231d", "stroke-width": (thick + 2.4) * px, opacity: 0.75 }, layers.plan);
  el("path", { ...how, stroke: colour, "stroke-width": thick * px }, layers.plan);
  const [[au, av], [bu, bv]] = [points[points.length - 2], points[points.length - 1]].map(uv);
  if (Math.hypot(bu - au, bv - av) < 0.02) return;
  const turn = (Math.atan2(bv - av, bu - au) * 180) / Math.PI;
  const size = (thick * 2.8 + 3.4) * px;
  const d2 = `M${size} 0L${-0.7 * size} ${0.75 * size}L${-0.3 * size} 0L${-0.7 * size} ${-0.75 * size}Z`;
  el("path", { d: d2, fill: colour, stroke: "#14231d", "stroke-width": px, transform: `translate(${bu} ${bv}) rotate(${turn})` }, layers.plan);
}

function drawPlan() {
  const board = state.board;
  layers.plan.textContent = "";
  drawPosts();
  for (const player of board.players) {
    if (!player.run || player.team !== "att" || player.id === board.runner) continue;
    const mine = player.id === board.crosser;
    if (mine && dead()) continue;
    drawWay([[player.x, player.y], player.run], mine ? "#ffffff" : "#ffb733", mine ? 2 : 1.8, mine ? [2, 4] : [7, 5]);
  }
  const crosser = find(board.crosser);
  const strike = dead() || !crosser.run ? [crosser.x, crosser.y] : crosser.run;
  const aim = aimOf();
  if (aim) {
    const [[u, v], [p, q]] = [uv(strike), uv(aim)];
    const high = board.ball.kind === "high";
    const swing = (board.ball.swing === "out" ? 1 : -1) * (high ? 0.09 : 0) * (u > 0 ? 1 : -1);
    const [mu, mv] = [(u + p) / 2 - swing * (q - v), (v + q) / 2 + swing * (p - u)];
    el("path", { d: `M${u} ${v}Q${mu} ${mv} ${p} ${q}`, fill: "none", stroke: "#fff", "stroke-width": (high ? 1.6 : 3) / view.scale, opacity: 0.85 }, layers.plan);
  }
  if (board.run) drawWay(board.run.path, "#fff078", 3, [9, 5]);
}

// A token or a handle, made once and moved afterwards, so that it keeps the keyboard's focus.
function mark(key, make) {
  if (!marks.has(key)) {
    const node = make();
    node.dataset.key = key;
    marks.set(key, node);
    layers.tokens.append(node);
  }
  return marks.get(key);
}

function kindOf(player) {
  const board = state.board;
  if (player.id === board.runner) return "runner";
  if (player.id === board.keeper) return "keeper";
  if (player.id === board.crosser) return "crosser";
  return player.team === "att" ? "attack" : "defence";
}

function shape(kind, g, r) {
  const edge = { stroke: "#14231d", "stroke-width": r * 0.14 };
  if (kind === "runner") {
    el("circle", { r: r * 1.3, fill: "#fff", ...edge }, g);
    el("circle", { r: r * 1.04, fill: "#fff078", ...edge }, g);
  } else if (kind === "keeper") el("rect", { x: -r * 0.93, y: -r * 0.93, width: r * 1.86, height: r * 1.86, fill: "#e696d2", ...edge }, g);
  else if (kind === "defence") el("path", { d: `M${-r * 1.18} ${-r * 0.85}H${r * 1.18}L0 ${r * 1.22}Z`, fill: "#7ab8ff", "stroke-linejoin": "round", ...edge }, g);
  else el("circle", { r, fill: "#ffb733", ...edge }, g);
}

function drawToken(player) {
  const kind = kindOf(player);
  const node = mark(player.id, () => el("g", { tabindex: 0, role: "button" }));
  const place = [player.x, player.y];
  const shown = player.number === null || player.number === undefined ? player.id.slice(0, 2) : String(player.number);
  const look = [kind, shown, player.name, view.r].join();
  if (node.dataset.look !== look) {
    node.dataset.look = look;
    node.textContent = "";
    const r = view.r;
    el("circle", { r: r * 1.75, fill: "transparent" }, node);
    shape(kind, node, r);
    const size = r * (shown.length > 1 ? 1.12 : 1.25) * (kind === "defence" ? 0.86 : 1);
    el("text", { "font-size": size, y: kind === "defence" ? r * 0.22 : r * 0.43 }, node, shown);
    if (player.name) el("text", { class: "called", "font-size": 13 / view.scale, "stroke-width": 3 / view.scale, y: r * 1.3 + 13 / view.scale }, node, player.name);
    el("circle", { class: "ring", r: r * 1.65, "stroke-width": 2.4 / view.scale, "stroke-dasharray": `${3 / view.scale} ${3 / view.scale}` }, node);
  }
  node.setAttribute("class", `token ${kind}${player.id === state.selected ? " selected" : ""}`);
  node.setAttribute("aria-pressed", String(player.id === state.selected));
  const who = { runner: "runner", keeper: "keeper", crosser: "crosser", attack: "attack", defence: "defence" }[kind];
  node.setAttribute("aria-label", placeWords(say(`pitch.${who}`), called(player), place));
  put(node, place);
}

function put(node, place) {
  node.setAttribute("transform", `translate(${uv(place).map((n) => n.toFixed(3)).join(" ")})`);
}

// The end of a run, the place of the strike, the aim of the ball: small, but with room for a finger.
function drawHandle(key, place, label, tag, colour) {
  const node = mark(key, () => el("g", { tabindex: 0, role: "button" }));
  const look = [tag, colour, view.r, Math.sign(uv(place)[0]) * (Math.abs(uv(place)[0]) > 22)].join();
  if (node.dataset.look !== look) {
    node.dataset.look = look;
    node.textContent = "";
    const px = 1 / view.scale;
    el("circle", { r: 17 * px, fill: "transparent" }, node);
    if (key === "aim") {
      el("circle", { r: 8 * px, fill: "none", stroke: "#14231d", "stroke-width": 4.4 * px }, node);
      el("circle", { r: 8 * px, fill: "none", stroke: colour, "stroke-width": 2.2 * px }, node);
      el("circle", { r: 2.6 * px, fill: colour }, node);
    } else if (key === "strike") el("circle", { r: 5 * px, fill: colour, stroke: "#14231d", "stroke-width": 1.6 * px }, node);
    if (tag) el("text", { "font-size": 12.5 * px, "stroke-width": 3 * px, y: -12 * px, "text-anchor": Math.abs(uv(place)[0]) > 22 ? (uv(place)[0] > 0 ? "end" : "start") : "middle" }, node, tag);
    el("circle", { class: "ring", r: 13 * px, "stroke-width": 2.4 * px }, node);
  }
  node.setAttribute("class", "handle");
  node.setAttribute("aria-label", `${label}: ${depthOf(place)} m, ${acrossOf(place)}`);
  put(node, place);
}

function drawBoard() {
  if (!state.board || !layers.plan) return;
  const { board } = state;
  drawPlan();
  const kept = new Set();
  const handle = (key, place, label, tag, colour) => (kept.add(key), drawHandle(key, place, label, tag, colour));
  for (const player of [...board.players].sort((a, b) => ORDER.indexOf(kindOf(a)) - ORDER.indexOf(kindOf(b)))) {
    kept.add(player.id);
    drawToken(player);
    if (player.team !== "att" || !player.run || player.id === board.runner) continue;
    if (player.id !== board.crosser) handle(`end ${player.id}`, player.run, say("pitch.run_end", { name: called(player) }), "", "#ffb733");
    else if (!dead()) handle("strike", player.run, say("pitch.strike", { name: called(player) }), say("pitch.strike_tag"), "#ffffff");
  }
  if (board.run) handle("mine", board.run.path[board.run.path.length - 1], say("pitch.my_end"), "", "#fff078");
  const aim = aimOf();
  if (aim) handle("aim", aim, say("pitch.aim"), say("pitch.aim_tag"), "#ffffff");
  for (const [key, node] of marks) {
    if (!kept.has(key)) {
      node.remove();
      marks.delete(key);
    }
  }
  drawMap();
  const seconds = number(data.build_up);
  $("hint").textContent = state.drawing ? say("pitch.drawing") : say(dead() ? "pitch.begins_dead" : "pitch.begins", { s: seconds });
  pitch.classList.toggle("draw", state.drawing);
}

// Where the first runner meets the ball: shape and colour together say how it went.
function dot(kind, parent, size) {
  if (kind === 0) el("path", { d: star(size * 1.7), fill: "#fff078", stroke: "#14231d", "stroke-width": size * 0.3 }, parent);
  else if (kind === 1) el("circle", { r: size, fill: "#fff", stroke: "#14231d", "stroke-width": size * 0.35 }, parent);
  else el("path", { d: `M${-size} ${-size}L${size} ${size}M${size} ${-size}L${-size} ${size}`, stroke: "#14231d", "stroke-width": size * 0.5, opacity: 0.45 }, parent);
}

function star(size) {
  const points = Array.from({ length: 10 }, (_, i) => {
    const [r, a] = [i % 2 ? size * 0.45 : size, (Math.PI * i) / 5 - Math.PI / 2];
    return `${(r * Math.cos(a)).toFixed(3)} ${(r * Math.sin(a)).toFixed(3)}`;
  });
  return `M${points.join("L")}Z`;
}

function drawMap() {
  layers.map.textContent = "";
  if (!state.answer || !state.map) return;
  const size = 2.6 / view.scale;
  for (const kind of [2, 1, 0]) {
    for (const [x, y, its] of state.answer.dots) {
      if (its !== kind) continue;
      const [u, v] = uv([x, y]);
      dot(kind, el("g", { transform: `translate(${u} ${v})` }, layers.map), size);
    }
  }
}
