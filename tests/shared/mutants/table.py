"""Every seeded fault."""

from mutants import agents, bench, faces, finishing, minds, senses, world
from mutants.mutant import Mutant

MUTANTS: tuple[Mutant, ...] = (
    *(*world.MUTANTS, *finishing.MUTANTS, *minds.MUTANTS, *senses.MUTANTS),
    *(*faces.MUTANTS, *bench.MUTANTS, *agents.MUTANTS),
)
