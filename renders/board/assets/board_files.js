// The board as a file, as a link, as a card on paper, and as a page for an e-mail.
function saveAs(name, content, type) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([content], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

function fileName(ending) {
  const plain = state.board.title.toLowerCase().normalize("NFKD").replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "");
  return `${plain.slice(0, 50) || "board"}.${ending}`;
}

$("save").addEventListener("click", () => {
  const name = fileName("json");
  saveAs(name, `${JSON.stringify(state.board, null, 1)}\n`, "application/json");
  tell(say("file.saved", { name }));
});

$("open").addEventListener("click", () => $("file").click());
$("file").addEventListener("change", async (event) => {
  const [file] = event.target.files;
  event.target.value = "";
  if (file) await take(await file.text(), file.name);
});

// A board from outside is checked by the program before it is shown.
async function take(content, name) {
  let board = null;
  try {
    board = JSON.parse(content);
  } catch {
    return tell(say("file.bad"));
  }
  const how = { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ board }) };
  const response = await fetch("/check", how).catch(() => null);
  if (!response || !response.ok) return tell(response ? await refusalOf(response) : say("ask.failed"));
  load(board);
  if (name) tell(say("file.opened", { name }));
}

function packed(board) {
  const bytes = new TextEncoder().encode(JSON.stringify(board));
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

function unpacked(given) {
  const bytes = Uint8Array.from(atob(given.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));
  return new TextDecoder().decode(bytes);
}

$("share").addEventListener("click", async () => {
  history.replaceState(null, "", `#board=${packed(state.board)}`);
  const copied = await navigator.clipboard.writeText(location.href).then(() => true, () => false);
  tell(say(copied ? "file.copied" : "file.linked"));
});

$("page").addEventListener("click", async () => {
  tell(say("file.page_working"));
  $("page").disabled = true;
  const response = await fetch("/page", body()).catch(() => null);
  $("page").disabled = false;
  if (!response || !response.ok) return tell(response ? await refusalOf(response) : say("ask.failed"));
  saveAs(fileName("html"), await response.text(), "text/html");
  tell(say("file.page_done"));
});

function add(parent, tag, words, kind = "") {
  const node = document.createElement(tag);
  if (words) node.textContent = words;
  if (kind) node.className = kind;
  parent.append(node);
  return node;
}

function list(parent, tag, items) {
  const root = add(parent, tag);
  for (const item of items) add(root, "li", item);
}

// The card for the training ground: one A4 page.
function buildCard() {
  const { board, answer } = state;
  const card = $("card");
  card.textContent = "";
  add(card, "h1", board.title);
  card.append(cardPitch());
  const two = add(card, "div", "", "two");
  const [left, right] = [add(two, "div"), add(two, "div")];
  add(left, "h2", say("card.setup"));
  list(left, "ul", board.players.filter((player) => player.team === "att").map((player) => cardRow(player)));
  add(right, "h2", say("defence.title"));
  list(right, "ul", board.players.filter((player) => player.team === "def").map((player) => cardRow(player)));
  const more = add(card, "div", "", "two");
  const [one, other] = [add(more, "div"), add(more, "div")];
  if (board.run) {
    const end = board.run.path[board.run.path.length - 1];
    add(one, "h2", say("card.cue"));
    add(one, "p", `${say("run.cue")} ${cueWords()}.`, "big");
    add(one, "h2", say("card.points"));
    list(one, "ol", [
      say("card.point_cue", { cue: cueWords() }),
      say("card.point_where", { depth: depthOf(end), across: acrossOf(end) }),
      say("card.point_ball"),
    ]);
  }
  add(other, "h2", say("card.progression"));
  list(other, "ol", text("card.progressions"));
  add(other, "h2", say("card.watch"));
  list(other, "ul", [say("card.watch_time"), say("card.watch_gap")]);
  add(card, "h2", say("card.answer"));
  add(card, "p", answer ? `${answer.headline} ${answer.sure} ${answer.where}` : say("card.none"));
  for (const sentence of answer ? answer.outside : []) add(card, "p", sentence);
  add(card, "p", say("card.foot", { s: number(data.build_up) }), "foot");
}

function cueWords() {
  const { run } = state.board;
  const start = startOf(run);
  if (run.cue === "strike" && Math.abs(run.delay - 0.5) < 0.01) return say("run.goes.after");
  return run.delay < 0.01 ? say(`run.goes.${run.cue}`) : startWords(start);
}

function cardRow(player) {
  const kind = kindOf(player);
  const who = `${say(`pitch.${kind}`)} ${called(player)}`;
  const across = 34 - player.y;
  const side = Math.abs(across) < 0.5 ? "middle" : across > 0 ? "right" : "left";
  const beside = say(`card.${side}`, { m: number(Math.abs(across), 0) });
  return say("card.setup_row", { who, depth: depthOf([player.x, player.y]), across: beside });
}

// The same picture, cut to the part of the pitch on which somebody stands.
function cardPitch() {
  const copy = pitch.cloneNode(true);
  copy.removeAttribute("id");
  copy.querySelectorAll(".map,.film").forEach((node) => node.remove());
  const deep = Math.max(22, ...state.board.players.map((player) => 105 - player.x)) + 3;
  copy.setAttribute("viewBox", `-36 ${-BEHIND} 72 ${Math.min(deep, 46) + BEHIND}`);
  return copy;
}

window.addEventListener("beforeprint", () => {
  if (filming()) closeFilm();
  buildCard();
  $("card").hidden = false;
});
window.addEventListener("afterprint", () => ($("card").hidden = true));
