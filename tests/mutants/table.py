"""Every seeded fault."""

from mutants.mutant import Mutant

MUTANTS: tuple[Mutant, ...] = ()
