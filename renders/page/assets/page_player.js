// The player: which cross, which moment, how fast, what is shown; two views and the line of time follow it.
const CROSSES = data.crosses;

class Player {
  constructor(root) {
    this.root = root;
    this.find = (selector) => root.querySelector(selector);
    this.all = (selector) => [...root.querySelectorAll(selector)];
    this.runs = this.all(".run");
    const kinds = ["learner", "rule"];
    this.times = new Times(this.find("#lanes"), this.find("#scrub"), this.find("#clock"));
    this.shown = { strip: true, trails: true, sight: true, other: true, distances: true, close: true };
    this.views = this.runs.map((run, i) => new View(run.querySelector("canvas"), kinds[i], kinds[1 - i], this.shown));
    this.whatIf = new WhatIf(this, this.find("#what-if"));
    this.speed = 0.5;
    this.playing = false;
    this.filter = "all";
  }

  // The crosses that the filter lets through, in the list.
  list(filter) {
    this.filter = filter;
    const select = this.find("#cross");
    select.textContent = "";
    CROSSES.forEach((cross, i) => {
      if (filter === "all" || cross.kind === filter) select.append(new Option(cross.title, i));
    });
    if (!select.options.length) select.append(new Option(say("none"), ""));
    this.press("[data-filter]", "filter", filter);
  }

  press(selector, name, value) {
    for (const button of this.all(selector)) button.setAttribute("aria-pressed", String(button.dataset[name] === String(value)));
  }

  open(i) {
    this.cross = CROSSES[i];
    this.find("#cross").value = String(i);
    const [one] = this.cross.runs;
    this.pause();
    this.use(one, data.titles[0]);
    this.whatIf.show(this.cross);
    this.seek(one.contact === null ? one.until - 0.2 : one.contact - 0.15);
    this.fresh = true;
    const [first, second] = data.titles;
    this.speak(say("chosen", { title: this.cross.title, first, second, one: this.cross.told[0], other: this.cross.told[1] }));
  }

  // Show this run on the left: the cross's own, or the same moved in time, with its own as the ghost.
  use(run, title) {
    const [one, other] = this.cross.runs;
    this.current = [run, other];
    this.views[0].otherKind = run === one ? "rule" : "learner";
    const frames = [...this.cross.runs, ...this.cross.moved].map((its) => its.frame);
    this.views[0].show(run, run === one ? other : one, frames);
    this.views[1].show(other, run, frames);
    this.times.show(this.current);
    this.titles = [title, data.titles[1]];
    this.runs[0].querySelector("strong").textContent = title;
    this.runs.forEach((figure, k) => this.facts(figure.querySelector(".facts"), this.current[k]));
    this.all("[data-moment=contact]")[0].textContent = say(`moments.${this.contactName(run)}`);
  }

  momentName(name, run) {
    if (name === "contact") return this.contactName(run);
    return name === "start" && run.at_once ? "at_once" : name;
  }

  contactName(run) {
    if (run.contact === null) return "no_touch";
    return run.meets ? "meets" : "passes";
  }

  facts(list, run) {
    list.textContent = "";
    for (const [time, name, value] of run.facts) {
      const row = document.createElement("div");
      row.dataset.time = time;
      const term = document.createElement("dt");
      const detail = document.createElement("dd");
      term.textContent = name;
      detail.textContent = value;
      row.append(term, detail);
      list.append(row);
    }
  }

  // To a moment: everything that is seen or said follows.
  seek(time) {
    this.time = clamp(time, this.times.first, this.times.last);
    this.fresh = false;
    this.draw();
  }

  draw() {
    this.views.forEach((view) => view.canvas.clientWidth && view.draw(this.time));
    this.times.at(this.time);
    const tenth = Math.floor(this.time * 10 + 1e-6);
    if (tenth !== this.tenth || !this.playing) this.tell();
    this.tenth = tenth;
  }

  tell() {
    this.runs.forEach((run, k) => {
      const of = this.current[k];
      const status = this.status(of);
      run.querySelector(".status").textContent = status;
      for (const row of run.querySelectorAll(".facts > div")) {
        row.classList.toggle("to-come", this.time + 1e-6 < Number(row.dataset.time));
      }
      if (!this.playing) {
        const label = say("picture", { title: this.titles[k], clock: clock(this.time), status });
        run.querySelector("canvas").setAttribute("aria-label", label);
      }
    });
  }

  // What he does, who is near, who sees him.
  status(run) {
    const speed = speedOf(run, this.time);
    const starts = run.start !== null && Math.abs(this.time - run.start) < data.step;
    const words = [speed > data.run ? say("runs", { speed: number(speed) }) : say(starts ? "sets_off" : "waits")];
    const gap = nearest(run, this.time);
    if (gap) words.push(say("near", { m: number(gap.metres), number: data.shirts[run.who[gap.slot]] }));
    const watching = watchers(run, this.time);
    if (watching.length) {
      const seen = watching.some((one) => one.sees) ? "seen" : "unseen";
      const shirt = data.shirts[run.who[watching[0].slot]];
      words.push(watching[0].marks ? say(seen) : say(`${seen}_other`, { number: shirt }));
    }
    return words.join(" · ");
  }

  play() {
    if (this.fresh || this.time >= this.times.last - 0.005) this.seek(this.times.first);
    this.playing = true;
    this.find("#play").textContent = say("pause");
    this.stamp = null;
    cancelAnimationFrame(this.asked);
    this.asked = requestAnimationFrame((now) => this.frame(now));
  }

  pause() {
    this.playing = false;
    this.find("#play").textContent = say("play");
    if (this.current && this.time !== undefined) this.tell();
  }

  toggle() {
    if (this.playing) this.pause();
    else this.play();
  }

  frame(now) {
    if (!this.playing) return;
    const passed = this.stamp === null ? 0 : Math.min(now - this.stamp, 250) / 1000;
    this.stamp = now;
    this.seek(this.time + passed * this.speed);
    if (this.time >= this.times.last) return this.pause();
    this.asked = requestAnimationFrame((next) => this.frame(next));
  }

  step(seconds) {
    this.pause();
    this.seek(Math.round((this.time + seconds) * 100) / 100);
  }

  // To a named moment of the first run; once there, to that of the other.
  jump(name) {
    this.pause();
    const places = this.current.map((run) => (name === "struck" ? 0 : name === "start" ? run.start : run.contact ?? run.until));
    let k = places[0] === null || Math.abs(this.time - places[0]) < 0.005 ? 1 : 0;
    if (places[k] === null) k = 0;
    if (places[k] === null) return;
    this.seek(places[k]);
    const moment = this.momentName(name, this.current[k]);
    const title = name === "struck" ? "" : `${this.titles[k]}: `;
    this.speak(`${title}${say(`moments.${moment}`)}, ${clock(this.time)}`);
  }

  next(by) {
    const select = this.find("#cross");
    const count = select.options.length;
    select.selectedIndex = (select.selectedIndex + by + count) % count;
    if (select.value !== "") this.open(Number(select.value));
  }

  setSpeed(speed) {
    this.speed = speed;
    this.press("[data-speed]", "speed", speed);
  }

  faster(by) {
    const speeds = this.all("[data-speed]").map((button) => Number(button.dataset.speed));
    this.setSpeed(speeds[clamp(speeds.indexOf(this.speed) + by, 0, speeds.length - 1)]);
  }

  flip(name) {
    this.shown[name] = !this.shown[name];
    const button = this.all(`[data-switch=${name}]`)[0];
    button.setAttribute("aria-pressed", String(this.shown[name]));
    this.resize();
  }

  again() {
    const fresh = this.fresh;
    this.draw();
    this.fresh = fresh;
  }

  // Where there is room for one picture only: that of this run.
  which(k) {
    this.find("#pair").dataset.which = k;
    this.press("button[data-which]", "which", k);
    this.resize();
  }

  resize() {
    this.views.forEach((view) => view.fit());
    if (this.cross) this.again();
  }

  speak(text) {
    this.find("#spoken").textContent = text;
  }
}
