"""Runs the `curl` lines that the examples print, as whoever pastes them into a shell.

Each line stands below a comment that says what it is answered: `# a good token: 200`. The same app on several frameworks has
to answer alike: status, challenges, what caches are told, and the body.
"""

import os
import subprocess
import sys
from pathlib import Path

# The same app on each framework, which is compared; and one of its own.
ALIKE = ["quickstart", "actix-example", "poem-example"]
OTHERS = ["plain-http"]
COMPARED = ["www-authenticate", "cache-control"]


class Answer:
    def __init__(self, raw):
        head, _, self.body = raw.replace("\r\n", "\n").partition("\n\n")
        first, *fields = head.split("\n")
        self.status = first.split()[1]
        pairs = [field.partition(":") for field in fields]
        self.fields = [(name.lower(), value.strip()) for name, _, value in pairs]

    def values(self, name):
        return [value for found, value in self.fields if found == name]

    def compared(self):
        body = self.body if self.status >= "400" else ""
        return self.status, [self.values(name) for name in COMPARED], body


def printed(program):
    """What it prints before it listens."""
    for line in program.stdout:
        if line.startswith("listening on "):
            return
        yield line.rstrip("\n")
    sys.exit("it ended before it listened")


def answers(folder, name):
    """Runs each line that a program prints; the comment above it, and the answer."""
    environment = {**os.environ, "PORT": "0"}
    program = subprocess.Popen(
        [folder / name], env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        lines = list(printed(program))
        found = {}
        for comment, line in zip(lines, lines[1:]):
            if not line.startswith("curl -i "):
                continue
            # Quiet, and nothing of the machine's own settings.
            command = line.replace("curl ", "curl -q -sS --max-time 20 ", 1)
            done = subprocess.run(["sh", "-c", command], capture_output=True, text=True)
            if done.returncode != 0:
                sys.exit(f"{name}: {line}\n{done.stderr}")
            found[comment] = Answer(done.stdout)
        return found
    finally:
        program.kill()
        program.wait()


def faults(name, found):
    """Where an answer is not what its comment promises."""
    for comment, answer in found.items():
        title, colon, promise = comment.removeprefix("# ").rpartition(": ")
        if not comment.startswith("# ") or not colon:
            yield f"{name}: {comment!r} says nothing of an answer"
        elif answer.status != promise[:3]:
            yield f"{name}: {title}: {answer.status} instead of {promise}"
        elif answer.status == "401" and not answer.values("www-authenticate"):
            yield f"{name}: {title}: no challenge"


def differences(found):
    """Where a framework answers otherwise than the first."""
    first, *others = found
    for other in others:
        if found[other].keys() != found[first].keys():
            yield f"{other} prints other lines than {first}"
            continue
        for comment, answer in found[other].items():
            expected = found[first][comment].compared()
            if answer.compared() != expected:
                yield f"{other}: {comment}: {answer.compared()} instead of {expected}"


def main():
    folder = Path(sys.argv[1])
    found = {name: answers(folder, name) for name in ALIKE + OTHERS}
    wrong = [fault for name, calls in found.items() for fault in faults(name, calls)]
    wrong += differences({name: found[name] for name in ALIKE})
    wrong += [f"{name}: only {len(found[name])} calls" for name in ALIKE if len(found[name]) < 19]
    wrong += [f"{name}: only {len(found[name])} calls" for name in OTHERS if len(found[name]) < 2]
    if wrong:
        sys.exit("\n".join(wrong))
    print(f"{sum(map(len, found.values()))} calls of {len(found)} programs by curl: all as they say")


main()
