// The board and what was done to it. Everything that changes it goes through `change`, so that it can be undone.
const state = { board: null, past: [], future: [], selected: null, drawing: false, answer: null, asked: false, map: true };
const watchers = [];
const MOST_PAST = 200;

function onChange(watcher) {
  watchers.push(watcher);
}

// Draw everything again; `whole`: the set-up may be another, so the answer is to the one before.
function refresh(whole = true) {
  for (const watcher of watchers) watcher(whole);
}

function remember() {
  state.past.push(JSON.stringify(state.board));
  if (state.past.length > MOST_PAST) state.past.shift();
  state.future = [];
}

function change(how) {
  remember();
  how(state.board);
  tidy(state.board);
  refresh();
}

function undo() {
  travel(state.past, state.future);
}

function redo() {
  travel(state.future, state.past);
}

function travel(from, to) {
  if (!from.length) return;
  to.push(JSON.stringify(state.board));
  state.board = JSON.parse(from.pop());
  if (!find(state.selected)) state.selected = null;
  refresh();
}

function load(board) {
  state.board = { keeper: null, keeper_range: null, marking: "man", run: null, source: "", ...structuredClone(board) };
  state.board.ball = { kind: "any", to: null, swing: "out", ...state.board.ball };
  state.past = [];
  state.future = [];
  state.selected = null;
  state.answer = null;
  state.asked = false;
  for (const node of marks.values()) node.remove();
  marks.clear();
  fit();
  refresh();
}

// What a board must keep to: a run begins at its runner, and nobody runs it who is not there.
function tidy(board) {
  const runner = find(board.runner, board);
  if (board.run) board.run.path[0] = [runner.x, runner.y];
  if (!board.run) board.runners = board.runners.filter((name) => name !== data.my_run);
  if (!board.runners.length) board.runners = ["learned"];
  const to = board.ball.to;
  if (typeof to === "string" && !text("ball.zones")[to] && !find(to, board)) board.ball.to = "far";
  if (board.ball.kind !== "any" && to === null) board.ball.to = "far";
}

function find(id, board = state.board) {
  return board.players.find((player) => player.id === id) || null;
}

function called(player) {
  return player.name || (player.number === null || player.number === undefined ? player.id : String(player.number));
}

function dead(board = state.board) {
  return board.play === "corner" || board.play === "free-kick";
}

// Where the ball is aimed: [x, y], or null if the crosser chooses.
function aimOf(board = state.board) {
  const { kind, to } = board.ball;
  if (kind === "any" || to === null) return null;
  if (Array.isArray(to)) return to;
  if (text("ball.zones")[to]) {
    const [x, across] = data.zones[kind][to];
    return [x, find(board.crosser, board).y > 34 ? 34 - across : 34 + across];
  }
  if (to === board.runner && board.run) return board.run.path[board.run.path.length - 1];
  const player = find(to, board);
  return player.run || [player.x, player.y];
}

function onPitch([x, y]) {
  return [Math.round(clamp(x, 0, 105) * 10) / 10, Math.round(clamp(y, 0, 68) * 10) / 10];
}

// Move a player with everything that belongs to him: his run's end goes with the crosser, my run bends with its ends.
function movePlayer(board, id, place) {
  const player = find(id, board);
  const [x, y] = onPitch(place);
  const [dx, dy] = [x - player.x, y - player.y];
  if (id === board.crosser && player.run) player.run = onPitch([player.run[0] + dx, player.run[1] + dy]);
  if (id === board.runner && board.run) bend(board.run.path, 0, dx, dy);
  [player.x, player.y] = [x, y];
}

// Shift one end of a path; the points between follow the less the further they are from it.
function bend(path, end, dx, dy) {
  const last = path.length - 1;
  path.forEach((point, i) => {
    const share = end === 0 ? 1 - i / last : i / last;
    path[i] = onPitch([point[0] + share * dx, point[1] + share * dy]);
  });
}

function newId(board, team) {
  const taken = new Set(board.players.map((player) => player.id));
  for (let n = 2; ; n++) if (!taken.has(team[0] + n)) return [team[0] + n, n];
}

function flip(board) {
  const over = (place) => onPitch([place[0], 68 - place[1]]);
  for (const player of board.players) {
    [player.x, player.y] = over([player.x, player.y]);
    if (player.run) player.run = over(player.run);
    if (player.vy) player.vy = -player.vy;
  }
  if (board.run) board.run.path = board.run.path.map(over);
  if (Array.isArray(board.ball.to)) board.ball.to = over(board.ball.to);
}

// The start of the run in seconds from the strike, as its cue is seen; null: at once.
function startOf(run) {
  return run.cue === "at-once" ? null : data.cues[run.cue] + (run.delay || 0);
}

// The last cue that is seen before this start, and the delay after it.
function cueOf(seconds) {
  const seen = Object.entries(data.cues).filter(([, at]) => at <= seconds + 1e-6);
  const [cue, at] = seen.length ? seen[seen.length - 1] : ["head-up", data.cues["head-up"]];
  return { cue, delay: Math.round(Math.max(seconds - at, 0) * 100) / 100 };
}
