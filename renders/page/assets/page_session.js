// A session plan: one player for all drills; it stands in the drill whose cross is shown.
const plan = document.getElementById("player").player;
const slots = [...document.querySelectorAll(".slot")];

// The player into the place of a drill; in the others the still pictures remain.
function stand(slot) {
  if (slot.contains(plan.root)) return;
  const held = document.activeElement;
  slot.append(plan.root);
  for (const other of slots) other.classList.toggle("idle", other !== slot);
  if (plan.root.contains(held)) held.focus();
  slot.scrollIntoView({ block: "start" });
}

const openCross = plan.open.bind(plan);
plan.open = (i) => {
  stand(slots[i]);
  openCross(i);
};

slots.forEach((slot, i) => {
  slot.querySelector(".show").addEventListener("click", () => {
    plan.open(i);
    plan.find("#play").focus({ preventScroll: true });
    plan.play();
  });
});
