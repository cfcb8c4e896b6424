"""The child process of `soak import`: COUNT rounds from SEED in a database of its own, printed as one line of JSON."""

import json
import sys

import django
from django.core.management import call_command


def main(arguments: list[str]) -> None:
    django.setup()
    from chuangwen.bench import soak_import  # noqa: PLC0415 - models can only be imported after setup

    call_command("migrate", verbosity=0)
    count, seed = map(int, arguments)
    sys.stdout.write(json.dumps({"failures": soak_import.rounds(count, seed)}) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
