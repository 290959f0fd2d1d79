// Hands on the player: buttons, keys, touch, the size of the window.
function choose(player, filter) {
  player.list(filter);
  const value = player.find("#cross").value;
  if (value !== "") player.open(Number(value));
}

function connect(player) {
  const on = (selector, run) => player.all(selector).forEach((button) => button.addEventListener("click", () => run(button.dataset, button)));
  on("#play", () => player.toggle());
  on("#back", () => player.step(-data.step));
  on("#on", () => player.step(data.step));
  on("#previous", () => player.next(-1));
  on("#next", () => player.next(1));
  on("[data-speed]", ({ speed }) => player.setSpeed(Number(speed)));
  on("[data-moment]", ({ moment }) => player.jump(moment));
  on("[data-switch]", (set) => player.flip(set.switch));
  on("[data-filter]", ({ filter }) => choose(player, filter));
  on("button[data-which]", ({ which }) => player.which(which));
  player.find("#cross").addEventListener("change", (event) => event.target.value !== "" && player.open(Number(event.target.value)));
  const scrub = player.find("#scrub");
  scrub.addEventListener("input", () => {
    player.pause();
    player.seek(Number(scrub.value) / 100);
  });
  player.all("canvas").forEach((canvas) => canvas.addEventListener("click", () => player.toggle()));
}

const KEYS = {
  " ": (player) => player.toggle(),
  ArrowLeft: (player) => player.step(-data.step),
  ArrowRight: (player) => player.step(data.step),
  ArrowUp: (player) => player.faster(1),
  ArrowDown: (player) => player.faster(-1),
  1: (player) => player.jump("start"),
  2: (player) => player.jump("struck"),
  3: (player) => player.jump("contact"),
  n: (player) => player.next(1),
  p: (player) => player.next(-1),
};

// Keys belong to the player while the focus is in it, unless a control with keys of its own has it.
function listen(player) {
  player.root.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const run = KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    const at = event.target;
    if (!run || at.tagName === "SELECT") return;
    if (at.tagName === "INPUT" && at.id !== "scrub") return;
    if (at.id === "scrub" && /^Arrow[UD]/.test(event.key)) return;
    if (at.tagName === "BUTTON" && event.key === " ") return;
    event.preventDefault();
    run(player);
  });
}

function themes(button) {
  button.addEventListener("click", () => {
    const dark = getComputedStyle(document.documentElement).colorScheme.includes("dark");
    document.documentElement.dataset.theme = dark ? "light" : "dark";
  });
}

function begin() {
  document.documentElement.classList.add("js");
  const player = new Player(document.getElementById("player"));
  connect(player);
  listen(player);
  themes(document.getElementById("theme"));
  player.list("all");
  player.open(Number(player.find("#cross").dataset.first));
  new ResizeObserver(() => player.resize()).observe(player.find("#pair"));
  document.fonts.ready.then(() => {
    stamps.clear();
    grounds.clear();
    player.resize();
  });
  player.root.player = player;
}

begin();
