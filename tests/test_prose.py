"""The prose linter sees what it is there for. That the repository is clean is asked by `make check` and here."""

import pytest
from prose import EMPTY_NAMES, complaints, empty_names, files, phrases


def test_nothing_in_the_repository_is_worded_as_the_rules_forbid() -> None:
    assert len(files()) > 200, "nothing was read"
    assert complaints() == []


@pytest.mark.parametrize(
    "text", ["a setting that {} not with it".format("goes"), "its name is {} for no more".format("asked")]
)
def test_a_translated_phrase_is_refused(text: str) -> None:
    assert list(phrases(text))


@pytest.mark.parametrize("source", ["{} = 1", "def f({}): pass", "for {} in (): pass", "import a as {}"])
@pytest.mark.parametrize("name", sorted(EMPTY_NAMES))
def test_a_name_that_says_nothing_is_refused(source: str, name: str) -> None:
    assert list(empty_names(source.format(name)))
    assert not list(empty_names(source.format("best")))
