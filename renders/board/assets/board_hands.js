// Hands on the pitch: mouse, finger and keyboard move players and the ends of runs, and draw the run.
const REACH = 24; // points around a finger in which the nearest mark is taken
const STEP = 0.5;
const LONG_STEP = 2;
const DRAWN_EVERY = 0.7; // m between two points of a drawn run
let held = null;

// Where a mark lies: a player, the end of a run, the place of the strike, the aim.
function markPlace(key) {
  const { board } = state;
  if (key === "mine") return board.run.path[board.run.path.length - 1];
  if (key === "aim") return aimOf();
  if (key === "strike") return find(board.crosser).run;
  if (key.startsWith("end ")) return find(key.slice(4)).run;
  const player = find(key);
  return [player.x, player.y];
}

function moveMark(board, key, place) {
  const to = onPitch(place);
  if (key === "mine") {
    const path = board.run.path;
    const last = path[path.length - 1];
    bend(path, path.length - 1, to[0] - last[0], to[1] - last[1]);
  } else if (key === "aim") board.ball.to = to;
  else if (key === "strike") find(board.crosser, board).run = to;
  else if (key.startsWith("end ")) find(key.slice(4), board).run = to;
  else movePlayer(board, key, to);
}

// The mark nearest to a pointer, if any is in reach; a player before the end of a run at the same distance.
function nearestMark(event) {
  const place = placeOf(event);
  let found = null;
  for (const key of marks.keys()) {
    const at = markPlace(key);
    const away = Math.hypot(at[0] - place[0], at[1] - place[1]) + (find(key) ? 0 : 0.2);
    if (away * view.scale <= REACH && (!found || away < found.away)) found = { key, away };
  }
  return found && found.key;
}

function select(key) {
  state.selected = find(key) ? key : null;
  refresh(false);
}

pitch.addEventListener("pointerdown", (event) => {
  if (filming() || held || event.button > 0) return;
  const place = placeOf(event);
  if (state.drawing) {
    const runner = find(state.board.runner);
    remember();
    held = { id: event.pointerId, path: [[runner.x, runner.y]] };
    extend(place);
  } else {
    const key = nearestMark(event);
    if (!key) return void select(null);
    const at = markPlace(key);
    held = { id: event.pointerId, key, off: [at[0] - place[0], at[1] - place[1]], before: JSON.stringify(state.board), moved: false };
    marks.get(key).focus({ preventScroll: true, focusVisible: false });
    select(key);
  }
  pitch.setPointerCapture(event.pointerId);
  event.preventDefault();
});

pitch.addEventListener("pointermove", (event) => {
  if (!held || event.pointerId !== held.id) return;
  const place = placeOf(event);
  if (held.path) return void extend(place);
  const to = [place[0] + held.off[0], place[1] + held.off[1]];
  const at = markPlace(held.key);
  if (!held.moved && Math.hypot(to[0] - at[0], to[1] - at[1]) * view.scale < 3) return;
  held.moved = true;
  moveMark(state.board, held.key, to);
  tidy(state.board);
  drawBoard();
});

function letGo(event) {
  if (!held || event.pointerId !== held.id) return;
  const was = held;
  held = null;
  if (was.path) return finishDrawing(was.path);
  if (!was.moved) return;
  state.past.push(was.before);
  state.future = [];
  refresh();
}

pitch.addEventListener("pointerup", letGo);
pitch.addEventListener("pointercancel", letGo);

function extend(place) {
  const last = held.path[held.path.length - 1];
  if (held.path.length < 60 && Math.hypot(place[0] - last[0], place[1] - last[1]) >= DRAWN_EVERY) held.path.push(onPitch(place));
  if (held.path.length < 2) return;
  setPath(state.board, held.path);
  drawBoard();
}

function finishDrawing(path) {
  state.drawing = false;
  if (path.length < 2) state.past.pop();
  else setPath(state.board, smooth(path));
  tidy(state.board);
  refresh(path.length > 1);
}

// A hand trembles: every point moves half-way to the middle of its neighbours, twice.
function smooth(path) {
  let points = path;
  for (let pass = 0; pass < 2; pass++) {
    points = points.map((point, i) => {
      if (i === 0 || i === points.length - 1) return point;
      return onPitch([0, 1].map((k) => 0.5 * point[k] + 0.25 * (points[i - 1][k] + points[i + 1][k])));
    });
  }
  return points;
}

// Give the runner this path; he runs it first among those compared.
function setPath(board, path) {
  board.run = { cue: "head-up", delay: 0, pace: 1, ...board.run, path };
  if (!board.runners.includes(data.my_run)) board.runners = [data.my_run, ...board.runners].slice(0, 4);
}

const ARROWS = { ArrowUp: [1, 0], ArrowDown: [-1, 0], ArrowLeft: [0, 1], ArrowRight: [0, -1] };

pitch.addEventListener("keydown", (event) => {
  const node = event.target.closest("[data-key]");
  if (!node || filming()) return;
  const key = node.dataset.key;
  const step = ARROWS[event.key];
  if (step) {
    const long = event.shiftKey ? LONG_STEP : STEP;
    const at = markPlace(key);
    change((board) => moveMark(board, key, [at[0] + long * step[0], at[1] + long * step[1]]));
    const player = find(key);
    const there = markPlace(key);
    if (player) tell(say("pitch.moved", { name: called(player), depth: depthOf(there), across: acrossOf(there) }));
    event.preventDefault();
  } else if (event.key === "Enter" || event.key === " ") {
    select(key);
    if (find(key)) $("player-name").focus();
    event.preventDefault();
  } else if (event.key === "Delete" || event.key === "Backspace") {
    if (find(key)) removePlayer(key);
    else if (key === "mine") change((board) => (board.run = null));
    else if (key.startsWith("end ")) change((board) => (find(key.slice(4), board).run = null));
    event.preventDefault();
  }
});

pitch.addEventListener("focusin", (event) => {
  const node = event.target.closest("[data-key]");
  if (node && node.matches(":focus-visible") && find(node.dataset.key) && state.selected !== node.dataset.key) select(node.dataset.key);
});

function removePlayer(id) {
  const { board } = state;
  if (id === board.runner || id === board.crosser) return;
  change((changed) => {
    changed.players = changed.players.filter((player) => player.id !== id);
    if (changed.keeper === id) changed.keeper = null;
  });
  state.selected = null;
  refresh(false);
}

document.addEventListener("keydown", (event) => {
  const typing = event.target.matches("input:not([type=range]),select,textarea");
  if ((event.ctrlKey || event.metaKey) && !typing) {
    const key = event.key.toLowerCase();
    if (key === "z" || key === "y") {
      event.preventDefault();
      if (key === "y" || event.shiftKey) redo();
      else undo();
    }
  } else if (!typing && !event.altKey && !event.ctrlKey && !event.metaKey) {
    if (event.key === "d" || event.key === "D") startDrawing();
    if (event.key === "p" || event.key === "P") ask();
    if (event.key === "Escape") filming() ? closeFilm() : ((state.drawing = false), refresh(false));
  }
});

function startDrawing() {
  if (filming()) closeFilm();
  state.drawing = !state.drawing;
  refresh(false);
}
