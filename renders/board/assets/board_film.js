// One cross played on the pitch itself, at half speed, with every place between two recorded ones interpolated.
const SPEED = 0.5;
let film = null;
let filmAsked = 0;

function filming() {
  return film !== null;
}

async function watch(example) {
  const asked = ++filmAsked;
  const runner = state.board.runners[0];
  const response = await fetch("/film", body({ runner, cross: example.cross })).catch(() => null);
  if (asked !== filmAsked) return;
  if (!response || !response.ok) return tell(response ? await refusalOf(response) : say("ask.failed"));
  openFilm({ ...(await response.json()), told: example.told });
}

function openFilm(recorded) {
  film = { ...recorded, time: recorded.times[0], playing: true, last: null };
  const stage = document.querySelector(".stage");
  stage.classList.add("watching");
  stage.scrollIntoView({ block: "nearest" });
  $("film").hidden = false;
  const slider = $("film-time");
  slider.min = film.times[0];
  slider.max = film.times[film.times.length - 1];
  layers.film.textContent = "";
  film.trail = el("path", { fill: "none", stroke: "#fff078", "stroke-width": 3 / view.scale, "stroke-dasharray": `${9 / view.scale} ${5 / view.scale}` });
  layers.film.append(film.trail);
  film.flight = el("path", { fill: "none", stroke: "#fff", "stroke-width": 1.6 / view.scale }, layers.film);
  film.shadow = el("circle", { r: 5 / view.scale, fill: "#0c1417", opacity: 0.5 }, layers.film);
  film.disc = el("circle", { r: 5 / view.scale, fill: "#fff", stroke: "#14231d", "stroke-width": 1.4 / view.scale }, layers.film);
  film.height = el("text", { class: "words", "font-size": 13 / view.scale }, layers.film);
  const rows = film.facts.map(([name, value]) => {
    const row = document.createElement("div");
    row.append(Object.assign(document.createElement("dt"), { textContent: name }), Object.assign(document.createElement("dd"), { textContent: value }));
    return row;
  });
  $("film-told").textContent = film.told;
  $("film-facts").replaceChildren(...rows);
  fit();
  $("film-play").focus();
  requestAnimationFrame(turn);
}

function closeFilm() {
  film = null;
  document.querySelector(".stage").classList.remove("watching");
  $("film").hidden = true;
  layers.film.textContent = "";
  fit();
}

function turn(now) {
  if (!film) return;
  if (film.playing && film.last !== null) {
    film.time += (SPEED * (now - film.last)) / 1000;
    if (film.time >= film.times[film.times.length - 1]) pause(film.times[film.times.length - 1]);
  }
  film.last = now;
  drawFilm();
  requestAnimationFrame(turn);
}

function pause(time = film.time) {
  film.time = time;
  film.playing = false;
}

// Between which two recorded rows a time lies: the first of them, and the share of the way to the next.
function rowsAt(time) {
  const { times } = film;
  const after = times.findIndex((t) => t > time);
  const i = after < 0 ? times.length - 2 : Math.max(after - 1, 0);
  return [i, clamp((time - times[i]) / (times[i + 1] - times[i]), 0, 1)];
}

// A row of numbers at this time: the cubic through the four recorded rows around it.
function rowAt(rows, time) {
  const [i, s] = rowsAt(time);
  const [a, b, c, d] = [rows[Math.max(i - 1, 0)], rows[i], rows[i + 1], rows[Math.min(i + 2, rows.length - 1)]];
  return b.map((_, k) => {
    const [p, q] = [(c[k] - a[k]) / 2, (d[k] - b[k]) / 2];
    return b[k] + s * (p + s * (3 * (c[k] - b[k]) - 2 * p - q + s * (2 * (b[k] - c[k]) + p + q)));
  });
}

// The ball turns sharply where it is touched, so it goes straight from one recorded place to the next.
function ballNow(time) {
  const { ball } = film;
  const [i, s] = rowsAt(time);
  return ball[i].map((from, k) => from + s * (ball[i + 1][k] - from));
}

function drawFilm() {
  const { time } = film;
  const places = rowAt(film.places, time);
  film.ids.forEach((id, k) => marks.has(id) && put(marks.get(id), [places[2 * k], places[2 * k + 1]]));
  const [x, y, z] = ballNow(time);
  const [u, v] = uv([x, y]);
  const drift = (Math.min(z, 8) * 2.2 + 1.5) / view.scale;
  film.shadow.setAttribute("cx", u + drift);
  film.shadow.setAttribute("cy", v + drift);
  film.disc.setAttribute("cx", u);
  film.disc.setAttribute("cy", v);
  film.disc.setAttribute("r", (5 + 0.5 * Math.min(z, 8)) / view.scale);
  film.height.textContent = z > 0.5 && time > 0 ? say("film.high", { m: number(z) }) : "";
  film.height.setAttribute("x", u + 11 / view.scale);
  film.height.setAttribute("y", v - 9 / view.scale);
  const k = film.ids.indexOf(state.board.runner);
  const done = film.times.map((t, i) => [t, i]).filter(([t]) => t <= time && t >= (film.start ?? film.times[0]));
  film.trail.setAttribute("d", done.length > 1 ? way(done.map(([, i]) => [film.places[i][2 * k], film.places[i][2 * k + 1]])) : "");
  const flown = film.times.map((t, i) => [t, i]).filter(([t]) => t <= time && t >= 0);
  film.flight.setAttribute("d", flown.length > 1 ? way([...flown.map(([, i]) => film.ball[i]), [x, y]]) : "");
  $("film-time").value = time;
  $("film-clock").textContent = clockWords(time);
  $("film-time").setAttribute("aria-valuetext", clockWords(time));
  $("film-play").textContent = say(film.playing ? "film.pause" : "film.play");
}

function clockWords(time) {
  if (Math.abs(time) < 0.05) return say("film.at");
  return say(time < 0 ? "film.before" : "film.after", { s: number(Math.abs(time)) });
}

$("film-play").addEventListener("click", () => {
  const end = film.times[film.times.length - 1];
  if (!film.playing && film.time >= end - 0.01) film.time = film.times[0];
  film.playing = !film.playing;
});
$("film-time").addEventListener("input", (event) => pause(Number(event.target.value)));
$("film-close").addEventListener("click", closeFilm);
