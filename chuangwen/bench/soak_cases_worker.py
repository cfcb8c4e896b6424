"""The child process of `soak cases`: COUNT walks from SEED in a database of its own, printed as one line of JSON."""

import json
import sys

import django
from django.core.management import call_command


def main(arguments: list[str]) -> None:
    django.setup()
    from chuangwen.bench import soak_cases  # noqa: PLC0415 - models can only be imported after setup

    call_command("migrate", verbosity=0)
    count, seed = map(int, arguments)
    failures, done = soak_cases.rounds(soak_cases.found(), count, seed)
    sys.stdout.write(json.dumps({"failures": failures, "done": done}) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
