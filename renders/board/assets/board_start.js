// Begin: the board that the link or the command names, or the first preset.
options($("presets"), [["", say("presets.label")], ...data.presets.map(([name]) => [name, say(`presets.${name}`)])], "");
$("presets").addEventListener("change", (event) => {
  const chosen = data.presets.find(([name]) => name === event.target.value);
  event.target.value = "";
  if (!chosen) return;
  if (filming()) closeFilm();
  load(chosen[1]);
  stale(false);
  tell(say("ask.ready"));
});
options($("crosses"), data.crosses.map((n) => [String(n), `\u00d7 ${n.toLocaleString()}`]), String(data.crosses[0]));

$("undo").addEventListener("click", undo);
$("redo").addEventListener("click", redo);
$("flip").addEventListener("click", () => change(flip));
$("help").addEventListener("click", () => $("keys").showModal());
$("print").addEventListener("click", () => window.print());
$("theme").addEventListener("click", () => {
  const dark = getComputedStyle(document.documentElement).colorScheme === "dark";
  document.documentElement.dataset.theme = dark ? "light" : "dark";
});

onChange((whole) => whole && filming() && closeFilm());
onChange(drawBoard);
onChange(drawPanel);
onChange(changed);
onChange(() => filming() || held || refit());
new ResizeObserver(fit).observe(pitch);

const linked = new URLSearchParams(location.hash.slice(1)).get("board");
load(data.opened || data.presets[0][1]);
if (linked) take(unpacked(linked), "");
drawAsk();
tell(say("ask.ready"));
