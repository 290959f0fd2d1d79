// What if he had started earlier or later: the same run moved in time takes the left picture.
class WhatIf {
  constructor(player, root) {
    this.player = player;
    this.root = root;
    this.slider = root.querySelector("#shift");
    this.worths = root.querySelector(".worths");
    this.told = root.querySelector(".told");
    this.why = root.querySelector(".why");
    this.slider.addEventListener("input", () => this.choose(Number(this.slider.value)));
  }

  // All starts of this cross, his own in its place among them.
  show(cross) {
    const own = { ...cross.runs[0], shift: 0, told: cross.told[0], own: cross.runs[0] };
    this.starts = cross.moved.length ? [...cross.moved, own].sort((a, b) => a.shift - b.shift) : [];
    this.root.classList.toggle("empty", !this.starts.length);
    this.why.textContent = cross.why_not;
    this.told.textContent = "";
    if (!this.starts.length) return;
    this.middle = this.starts.indexOf(own);
    this.slider.max = this.starts.length - 1;
    this.slider.value = this.middle;
    this.bars();
    this.tell(this.middle);
  }

  // A bar for every start: what the cross was then worth.
  bars() {
    const most = Math.max(...this.starts.map((run) => run.worth), 1);
    this.worths.textContent = "";
    this.starts.forEach((run, k) => {
      const column = element(this.worths, "worth");
      element(column, "number", number(run.worth, run.worth < 9.95 && run.worth > 0 ? 1 : 0));
      element(column, "column").style.height = `${Math.max((44 * run.worth) / most, 2)}px`;
      column.classList.toggle("own", k === this.middle);
      element(column, "shift", k === this.middle ? "0" : `${run.shift > 0 ? "+" : ""}${number(run.shift)}`);
    });
  }

  when(run) {
    if (!run.shift) return say("what_if.as_he_ran");
    return say(run.shift < 0 ? "what_if.earlier" : "what_if.later", { s: number(Math.abs(run.shift)) });
  }

  tell(k) {
    const run = this.starts[k];
    const values = { when: this.when(run), told: run.told, worth: number(run.worth), own: number(this.starts[this.middle].worth) };
    this.told.textContent = say(run.shift ? "what_if.told_moved" : "what_if.told", values);
    this.slider.setAttribute("aria-valuetext", values.when);
    [...this.worths.children].forEach((column, i) => column.classList.toggle("chosen", i === k));
  }

  choose(k) {
    const run = this.starts[k];
    const { player } = this;
    const [title] = data.titles;
    player.pause();
    player.which(0);
    player.use(run.own || run, run.shift ? say("what_if.title", { title, when: this.when(run) }) : title);
    this.tell(k);
    player.seek(player.time);
  }
}
