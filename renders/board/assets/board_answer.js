// Asking: a question is sent, progress comes back line by line, then the answer. A newer question stops the older.
const PATIENCE = 500; // ms without a change before a changed board is asked again
let asking = null;
let waiting = null;
let checking = null;

function body(extra = {}) {
  return { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ board: state.board, ...extra }) };
}

// The lines of a streamed answer, as they come.
async function* lines(response) {
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    rest += done ? "" : decoder.decode(value, { stream: true });
    const whole = rest.split("\n");
    rest = whole.pop();
    for (const line of whole) if (line) yield JSON.parse(line);
    if (done) return;
  }
}

async function refusalOf(response) {
  try {
    return (await response.json()).error;
  } catch {
    return say("ask.failed");
  }
}

async function ask() {
  clearTimeout(waiting);
  if (asking) asking.abort();
  const mine = (asking = new AbortController());
  state.asked = true;
  progress(0);
  const slow = setTimeout(() => tell(say("ask.warming")), 6000);
  try {
    const crosses = Number($("crosses").value);
    const response = await fetch("/ask", { ...body({ crosses }), signal: mine.signal });
    if (!response.ok) return tell(await refusalOf(response));
    for await (const line of lines(response)) {
      if (mine !== asking) return;
      if (line.of) {
        clearTimeout(slow);
        progress(line.done / line.of);
        tell(say("ask.playing", { done: line.done.toLocaleString(), of: line.of.toLocaleString() }));
      }
      if (line.error) tell(line.error);
      if (line.answer) show(line.answer);
    }
  } catch (error) {
    if (error.name !== "AbortError") tell(say("ask.failed"));
  } finally {
    clearTimeout(slow);
    if (mine === asking) {
      asking = null;
      progress(null);
    }
  }
}

function stop() {
  if (asking) asking.abort();
  asking = null;
  progress(null);
  tell("");
}

function progress(share) {
  const bar = $("progress");
  bar.hidden = share === null;
  bar.setAttribute("aria-valuenow", String(Math.round(100 * (share || 0))));
  bar.firstElementChild.style.width = `${100 * (share || 0)}%`;
  drawAsk();
}

function drawAsk() {
  const n = Number($("crosses").value).toLocaleString();
  $("ask").textContent = asking ? say("ask.stop") : say("ask.button", { n });
}

function stale(is) {
  document.querySelector(".answer").classList.toggle("stale", is);
  if (is) tell(say("ask.stale"));
}

function show(answer) {
  state.answer = answer;
  stale(false);
  $("answer").hidden = false;
  $("headline").textContent = answer.headline;
  for (const name of ["sure", "does", "where"]) $(name).textContent = answer[name];
  tell("");
  const most = Math.max(...answer.runners.map((row) => row.xg[1]), 0.01);
  const rows = answer.runners.map((row) => {
    const tr = document.createElement("tr");
    if (row.mine) tr.className = "mine";
    const [name, goals, meets] = [row.name, row.goals, row.meets].map((value) => {
      const td = document.createElement("td");
      td.textContent = value;
      return td;
    });
    const bar = document.createElement("span");
    bar.className = "bar-of";
    bar.style.width = `${(100 * row.xg[1]) / most}%`;
    name.append(bar);
    tr.append(name, goals, meets);
    return tr;
  });
  $("table").tBodies[0].replaceChildren(...rows);
  showExamples(answer);
  showKey();
  showOutside(answer.outside);
  drawMap();
}

function showExamples(answer) {
  const boxes = answer.examples.map((example) => {
    const box = document.createElement("div");
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = example.label;
    button.addEventListener("click", () => watch(example));
    const note = document.createElement("p");
    note.textContent = example.told;
    box.append(button, note);
    return box;
  });
  $("examples").replaceChildren(...boxes);
}

function showKey() {
  const items = text("map.key").map((words, kind) => {
    const li = document.createElement("li");
    const svg = el("svg", { viewBox: "-7 -7 14 14", "aria-hidden": "true" });
    if (kind === 2) el("circle", { r: 7, fill: "var(--grass)" }, svg);
    dot(kind, svg, 3.6);
    li.append(svg, words);
    return li;
  });
  $("map-key").replaceChildren(...items);
  $("map").setAttribute("aria-pressed", String(state.map));
}

function showOutside(sentences) {
  const box = $("outside");
  box.hidden = !sentences.length;
  box.querySelector("ul").replaceChildren(...sentences.map((sentence) => Object.assign(document.createElement("li"), { textContent: sentence })));
}

// Whether the set-up lies outside what was calibrated is said as soon as it is drawn, not only once it is played.
async function check() {
  if (checking) checking.abort();
  const mine = (checking = new AbortController());
  try {
    const response = await fetch("/check", { ...body(), signal: mine.signal });
    if (mine !== checking) return;
    if (response.ok) showOutside((await response.json()).outside);
    else tell(await refusalOf(response));
  } catch {
    // A newer check has begun, or the program has ended: asking will say so.
  }
}

// The set-up is another: what was answered is stale; whoever has asked once is answered again when his hand rests.
function changed(whole) {
  if (!whole) return;
  clearTimeout(waiting);
  if (state.answer) stale(true);
  else $("answer").hidden = true;
  waiting = setTimeout(() => (state.asked ? ask() : check()), PATIENCE);
}

$("ask").addEventListener("click", () => (asking ? stop() : ask()));
$("crosses").addEventListener("change", drawAsk);
$("map").addEventListener("click", () => {
  state.map = !state.map;
  showKey();
  drawMap();
});
