// Both runs on one line of time, counted from the strike: bars for the runs, signs for the named moments.
const SIGNS = {
  meets: '<circle cx="11" cy="11" r="6.5"/>',
  passes: '<path d="M6 6L16 16M16 6L6 16" stroke-width="3"/>',
};

function element(parent, name, text) {
  const made = document.createElement("div");
  made.className = name;
  if (text !== undefined) made.textContent = text;
  parent.append(made);
  return made;
}

class Times {
  constructor(lanes, scrub, output) {
    this.lanes = lanes;
    this.scrub = scrub;
    this.output = output;
  }

  show(runs) {
    this.first = Math.min(...runs.map((run) => run.first));
    this.last = Math.max(...runs.map((run) => run.last));
    this.scrub.min = Math.round(this.first * 100);
    this.scrub.max = Math.round(this.last * 100);
    this.scrub.step = 1;
    this.lanes.textContent = "";
    this.scale();
    runs.forEach((run, i) => this.lane(run, i));
    this.head = element(element(this.lanes, "scale"), "head");
  }

  share(time) {
    return `${(100 * (clamp(time, this.first, this.last) - this.first)) / (this.last - this.first)}%`;
  }

  scale() {
    const scale = element(this.lanes, "scale");
    for (let second = Math.ceil(this.first); second <= this.last; second++) {
      if (!second) continue;
      const text = `${second > 0 ? "+" : ""}${number(second, 0)} s`;
      element(scale, "second", text).style.left = this.share(second);
    }
    element(scale, "second strong", say("moments.struck")).style.left = this.share(0);
    element(scale, "strike").style.left = this.share(0);
  }

  lane(run, i) {
    const lane = element(this.lanes, `lane ${i ? "rule" : "learner"}`);
    element(lane, "name", data.titles[i]);
    const rail = element(lane, "rail");
    if (run.start !== null) {
      const stretch = element(rail, "stretch");
      stretch.style.left = this.share(run.start);
      stretch.style.width = `calc(${this.share(run.until)} - ${this.share(run.start)})`;
      element(rail, "tick").style.left = this.share(run.start);
    }
    if (run.contact !== null) {
      const sign = document.createElementNS("http://www.w3.org/2000/svg", "svg");
      sign.setAttribute("class", "sign");
      sign.setAttribute("viewBox", "0 0 22 22");
      sign.innerHTML = SIGNS[run.meets ? "meets" : "passes"];
      sign.style.left = this.share(run.contact);
      rail.append(sign);
    }
  }

  at(time) {
    this.head.style.left = this.share(time);
    this.scrub.value = Math.round(time * 100);
    const text = clock(time);
    if (this.output.textContent !== text) {
      this.output.textContent = text;
      this.scrub.setAttribute("aria-valuetext", text);
    }
  }
}
