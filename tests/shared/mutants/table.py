"""Every seeded fault."""

from mutants import agents, bench, faces, minds, world
from mutants.mutant import Mutant

MUTANTS: tuple[Mutant, ...] = (*world.MUTANTS, *minds.MUTANTS, *faces.MUTANTS, *bench.MUTANTS, *agents.MUTANTS)
