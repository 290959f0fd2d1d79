// The panel: everything that is not on the pitch is chosen here.
function chips(id, entries) {
  const root = $(id);
  const focus = [...root.children].indexOf(document.activeElement);
  root.textContent = "";
  for (const { label, on, does, key, disabled, title } of entries) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = label;
    if (on !== undefined) button.setAttribute("aria-pressed", String(on));
    if (key) button.dataset.value = key;
    if (title) button.setAttribute("aria-label", title);
    button.disabled = Boolean(disabled);
    button.addEventListener("click", does);
    root.append(button);
  }
  if (focus >= 0 && root.children[focus]) root.children[focus].focus();
}

function choice(id, words, value, choose) {
  chips(id, Object.entries(text(words)).map(([key, label]) => ({ label, key, on: key === value, does: () => choose(key) })));
}

function options(select, entries, value) {
  select.textContent = "";
  for (const [key, label] of entries) select.append(new Option(label, key, false, key === value));
  select.value = value;
}

function runTo(zone) {
  const board = state.board;
  const runner = find(board.runner);
  const [x, across] = zone === "spot" ? [94, 0] : zone === "near" ? [99.5, -4.5] : [99.5, 4.8];
  const y = find(board.crosser).y > 34 ? 34 - across : 34 + across;
  change((changed) => setPath(changed, smooth(between([runner.x, runner.y], onPitch([x, y])))));
}

function between(a, b) {
  return Array.from({ length: 6 }, (_, i) => [0, 1].map((k) => a[k] + ((b[k] - a[k]) * i) / 5)).map(onPitch);
}

function runPanel() {
  const { run } = state.board;
  chips("run-to", [
    { label: say(state.drawing ? "run.drawing" : "run.draw"), on: state.drawing, key: "draw", does: startDrawing },
    ...["far", "near", "spot"].map((zone) => ({ label: say(`run.${zone}`), key: zone, does: () => runTo(zone) })),
    { label: say("run.none"), key: "none", disabled: !run, does: () => change((board) => (board.run = null)) },
  ]);
  const start = run ? startOf(run) : 0;
  const is = !run ? "" : run.cue === "at-once" ? "at-once" : run.cue === "strike" && Math.abs(run.delay - 0.5) < 0.01 ? "after" : run.delay < 0.01 ? run.cue : "";
  choice("cue", "run.cues", is, (cue) => {
    const chosen = cue === "after" ? { cue: "strike", delay: 0.5 } : { cue, delay: 0 };
    change((board) => board.run && Object.assign(board.run, chosen));
  });
  const slider = $("start");
  slider.min = data.cues["head-up"];
  slider.disabled = !run;
  slider.value = start === null ? slider.min : start;
  $("start-told").textContent = run ? startWords(start) : "";
  slider.setAttribute("aria-valuetext", run ? startWords(start) : "");
  choice("pace", "run.paces", run ? String(run.pace) : "", (pace) => change((board) => board.run && (board.run.pace = Number(pace))));
  for (const id of ["cue", "pace"]) for (const button of $(id).children) button.disabled = !run;
}

function startWords(start) {
  if (start === null) return say("run.from_the_start");
  if (Math.abs(start) < 0.03) return say("run.at_strike");
  return say(start < 0 ? "run.at" : "run.later", { s: number(Math.abs(start), 2) });
}

function runnerName(name) {
  return text("runners")[name] || name.replaceAll("-", " ");
}

function runnersPanel() {
  const { board } = state;
  chips("runners", board.runners.map((name, i) => ({
    label: `${i + 1}. ${runnerName(name)}${board.runners.length > 1 ? " \u00d7" : ""}`,
    key: name,
    title: say("runners.remove", { name: runnerName(name) }),
    disabled: board.runners.length === 1,
    does: () => change((changed) => (changed.runners = changed.runners.filter((other) => other !== name))),
  })));
  const others = [data.my_run, "learned", ...data.rules].filter((name) => !board.runners.includes(name) && (name !== data.my_run || board.run));
  options($("add-runner"), [["", `${say("runners.add")}: ${say("runners.choose")}`], ...others.map((name) => [name, runnerName(name)])], "");
  $("add-runner").disabled = board.runners.length >= 4;
}

$("add-runner").addEventListener("change", (event) => {
  const name = event.target.value;
  if (!name) return;
  change((board) => (board.runners = name === data.my_run ? [name, ...board.runners] : [...board.runners, name]));
});

function ballPanel() {
  const { board } = state;
  choice("play", "ball.plays", board.play, (play) => change((changed) => setPlay(changed, play)));
  choice("kind", "ball.kinds", board.ball.kind, (kind) => change((changed) => (changed.ball.kind = kind)));
  for (const button of $("kind").children) button.disabled = dead() && ["low", "cutback"].includes(button.dataset.value);
  const others = board.players.filter((player) => player.team === "att" && player.id !== board.crosser);
  const own = Array.isArray(board.ball.to);
  const entries = [
    ...Object.entries(text("ball.zones")),
    ...others.map((player) => [player.id, say("ball.player", { name: called(player) })]),
    ...(own ? [["point", say("ball.point")]] : []),
  ];
  options($("to"), entries, own ? "point" : board.ball.to || "far");
  $("to-row").hidden = board.ball.kind === "any";
  choice("swing", "ball.swings", board.ball.swing, (swing) => change((changed) => (changed.ball.swing = swing)));
}

$("to").addEventListener("change", (event) => {
  if (event.target.value !== "point") change((board) => (board.ball.to = event.target.value));
});

// At a corner the ball lies in the quadrant, at a free kick where the crosser stands; a set piece is delivered high.
function setPlay(board, play) {
  board.play = play;
  const crosser = find(board.crosser, board);
  if (play === "corner") [crosser.x, crosser.y] = [104.6, crosser.y > 34 ? 67.6 : 0.4];
  if (dead(board) && ["low", "cutback"].includes(board.ball.kind)) board.ball.kind = "high";
  if (!dead(board) && !crosser.run) crosser.run = onPitch([crosser.x + 6, crosser.y]);
}

function defencePanel() {
  const { board } = state;
  choice("marking", "defence.markings", board.marking, (marking) => change((changed) => (changed.marking = marking)));
  chips("line", Object.entries(text("defence.lines")).map(([key, label]) => ({
    label, key, does: () => change((changed) => shiftLine(changed, key === "deeper" ? 2 : -2)),
  })));
  const range = board.keeper_range;
  const is = range === null ? "usual" : range < data.keeper_range ? "stays" : "comes";
  choice("keeper", "defence.keepers", is, (keeper) => {
    change((changed) => (changed.keeper_range = { stays: 3, usual: null, comes: 11 }[keeper]));
  });
  const full = (team) => board.players.filter((player) => player.team === team).length >= 11;
  chips("numbers", [
    { label: say("defence.add_attacker"), key: "att", disabled: full("att"), does: () => addPlayer("att") },
    { label: say("defence.add_defender"), key: "def", disabled: full("def"), does: () => addPlayer("def") },
    ...(board.keeper ? [] : [{ label: say("defence.keeper_on"), key: "keeper", does: () => addPlayer("keeper") }]),
  ]);
}

// Everybody but the keeper and who presses the crosser moves with the line.
function shiftLine(board, by) {
  const crosser = find(board.crosser, board);
  const outfield = board.players.filter((player) => player.team === "def" && player.id !== board.keeper);
  for (const player of outfield) {
    if (Math.hypot(player.x - crosser.x, player.y - crosser.y) > 9) player.x = clamp(Math.round((player.x + by) * 10) / 10, 60, 103);
  }
}

function addPlayer(what) {
  const team = what === "att" ? "att" : "def";
  let made = null;
  change((board) => {
    const [id, shirt] = newId(board, team);
    const place = what === "keeper" ? [103.3, 34] : freePlace(board, team);
    made = { id, team, number: what === "keeper" ? 1 : shirt, x: place[0], y: place[1] };
    board.players.push(made);
    if (what === "keeper") board.keeper = id;
  });
  select(made.id);
  marks.get(made.id).focus();
}

function freePlace(board, team) {
  const rows = team === "att" ? [88, 84, 80] : [91, 95, 87];
  for (const x of rows) {
    for (const y of [34, 30, 38, 26, 42]) {
      if (board.players.every((player) => Math.hypot(player.x - x, player.y - y) > 2)) return [x, y];
    }
  }
  return [75, 34];
}

function playerPanel() {
  const player = find(state.selected);
  $("one").hidden = !player;
  $("nobody").hidden = Boolean(player);
  if (!player) return;
  const { board } = state;
  if (document.activeElement !== $("player-name")) $("player-name").value = player.name || "";
  if (document.activeElement !== $("player-number")) $("player-number").value = player.number ?? "";
  const mate = player.team === "att" && player.id !== board.crosser && player.id !== board.runner;
  const does = [];
  if (mate) {
    does.push({ label: say("player.make_runner"), key: "runner", does: () => change((changed) => makeRunner(changed, player.id)) });
    does.push(player.run
      ? { label: say("player.no_run"), key: "stay", does: () => change((changed) => (find(player.id, changed).run = null)) }
      : { label: say("player.give_run"), key: "run", does: () => change((changed) => (find(player.id, changed).run = onPitch([player.x + 8, player.y]))) });
  }
  const needed = player.id === board.crosser || player.id === board.runner;
  does.push({ label: say("player.remove"), key: "remove", disabled: needed, does: () => removePlayer(player.id) });
  chips("player-do", does);
}

function makeRunner(board, id) {
  const [old, now] = [find(board.runner, board), find(id, board)];
  if (board.run) old.run = board.run.path[board.run.path.length - 1];
  board.runner = id;
  board.run = null;
  if (now.run) setPath(board, between([now.x, now.y], now.run));
  now.run = null;
}

for (const [id, field] of [["player-name", "name"], ["player-number", "number"]]) {
  $(id).addEventListener("change", (event) => {
    const player = find(state.selected);
    if (!player) return;
    const value = event.target.value.trim();
    const given = field === "name" ? value || null : value === "" ? null : clamp(Math.round(Number(value)) || 0, 0, 99);
    change((board) => (find(player.id, board)[field] = given));
  });
}

$("start").addEventListener("input", (event) => {
  $("start-told").textContent = startWords(Number(event.target.value));
});
$("start").addEventListener("change", (event) => {
  const seconds = Number(event.target.value);
  change((board) => board.run && Object.assign(board.run, cueOf(seconds)));
});

function drawPanel() {
  if (document.activeElement !== $("title")) $("title").value = state.board.title;
  runPanel();
  runnersPanel();
  ballPanel();
  defencePanel();
  playerPanel();
  $("undo").disabled = !state.past.length;
  $("redo").disabled = !state.future.length;
}

$("title").addEventListener("change", (event) => change((board) => (board.title = event.target.value)));
