"""What is wrong, where, with the numbers and names of the sentence. `forms.messages` has the sentences."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

MOST_PROBLEMS = 50


@dataclass(frozen=True)
class Problem:
    """`where` is the path in a form's JSON, or the name of the field that was answered."""

    code: str
    where: str = ""
    params: Mapping[str, object] = field(default_factory=dict)


class BadForm(Exception):
    """A form's JSON says something that cannot be; all problems at once."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)[:MOST_PROBLEMS]
        super().__init__("; ".join(f"{each.where}: {each.code}" for each in self.problems))
