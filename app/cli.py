"""The `safeseat` command: each verb calls one function elsewhere, imported only when asked for (hooks have 200 ms).

Exit codes: 0 well, 1 the check found something, 2 wrong use, 3 the system lacks something; errors are one sentence on stderr.
"""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from app import __version__
from app.domain.errors import SafeSeatError, UnavailableError

PASSED_ON = ("server", "demo", "simulate", "journal", "policy", "scripts", "content", "bench")
"""Verbs with their own argument parser; everything behind the verb is theirs."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one verb; returns the exit code, never raises for bad input."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    try:
        if arguments and arguments[0] in PASSED_ON:
            return _passed_on(arguments[0], arguments[1:])
        options = _parser().parse_args(arguments)
        run: Callable[[argparse.Namespace], int] = options.run
        return run(options)
    except UnavailableError as fault:
        print(fault, file=sys.stderr)
        return 3
    except SafeSeatError as fault:
        print(fault, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        return 0


def _passed_on(verb: str, rest: list[str]) -> int:
    match verb:
        case "server":
            from app.server.main import main as server

            return server(rest)
        case "demo":
            from app.tools.demo import main as demo

            return demo(rest)
        case "simulate":
            from app.tools.simulate import main as simulate

            return simulate(rest)
        case "journal":
            from app.agent.files import main as journal

            return journal(rest)
        case "policy":
            from app.policy.cli import main as policy

            return policy(rest)
        case "scripts":
            from app.content.cli import main as scripts

            return scripts(rest)
        case "content":
            from app.tools.packs import main as content

            return content(rest)
        case _:
            from app.tools.bench import main as bench

            return bench(rest)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="safeseat", description="SafeSeat 安席 on the command line.")
    parser.add_argument("--version", action="version", version=f"safeseat {__version__}")
    verbs = parser.add_subparsers(metavar="VERB", required=True)

    def verb(name: str, text: str, run: Callable[[argparse.Namespace], int]) -> argparse.ArgumentParser:
        added = verbs.add_parser(name, help=text, description=text)
        added.add_argument("--profile", type=Path, help="the profile's folder (default: this user's)")
        added.add_argument("--json", action="store_true", help="print JSON lines")
        added.set_defaults(run=run)
        return added

    agent = verb("agent", "Run the agent without a screen.", _agent)
    agent.add_argument("--headless", action="store_true", required=True, help="without tray and windows")
    agent.add_argument("--desktop", help="the desktop adapter: linux, windows or simulated (default: this system's)")
    agent.add_argument("--policy", type=Path, metavar="FILE", help="a policy file")
    agent.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="one policy value")
    enroll = verb("enroll", "Enrol this PC with a server.", _enroll)
    enroll.add_argument("--server", required=True, metavar="URL")
    enroll.add_argument("--token-file", metavar="F", help="a file with the enrolment token, or - for stdin (without: IT compares)")
    enroll.add_argument("--ca-file", metavar="F", help="the authority that signed the server's certificate")
    verb("status", "Show the state of the running agent.", _status)
    verb("stop", "Stop the running agent in order.", _stop)
    verb("lock", "Lock the screen now.", _lock)
    call = verb("call", "Tell the agent of a call (softphone hook).", _call)
    call.add_argument("what", choices=("start", "hold", "end", "hard"))
    call.add_argument("--id", default="call", help="the softphone's name for the call; never a phone number")
    alarm = verb("alarm", "Raise the silent alarm, show it, or take it back.", _alarm)
    alarm.add_argument("what", choices=("raise", "status", "take-back"))
    alarm.add_argument("--drill", action="store_true", help="a drill")
    alarm.add_argument("--pin-file", metavar="F", help="a file with the PIN, or - for stdin (default: asked for)")
    redact = verb("redact", "Mask personal data in a text, from stdin to stdout, line by line.", _redact)
    redact.add_argument("--lang", choices=("zh_CN", "zh_TW", "en"), help="the language of the marks (default: the text's own)")
    verb("doctor", "Check what works on this PC and what does not.", _doctor)
    for name in PASSED_ON:
        verbs.add_parser(name, help=PASSED_ON_TEXTS[name], add_help=False)
    return parser


PASSED_ON_TEXTS = {
    "server": "Run the central server, or make enrolment tokens.",
    "demo": "Play the main job on this machine.",
    "simulate": "Preview a shift file under a policy.",
    "journal": "Verify, show or export the journal.",
    "policy": "Show, check, generate or sign a policy.",
    "scripts": "Search the scripts.",
    "content": "Check, build or sign a content pack.",
    "bench": "Measure what is promised.",
}


def _control(options: argparse.Namespace) -> Path:
    from app.agent.profile import Profile

    return Profile(options.profile).control


def _ask(options: argparse.Namespace, verb: str, **args: str | bool) -> object:
    from app.agent.client import TIMEOUT, ask

    return ask(_control(options), verb, TIMEOUT, **args)


def _tell(options: argparse.Namespace, answer: object, text: str) -> int:
    print(json.dumps(answer, ensure_ascii=False) if options.json else text)
    return 0


def _agent(options: argparse.Namespace) -> int:
    from app.agent.headless import run_headless

    return run_headless(options.profile, options.desktop, options.policy, options.set)


def _enroll(options: argparse.Namespace) -> int:
    from app.agent.enrolling import enrol_from_command_line

    answer = enrol_from_command_line(options.profile, options.server, options.token_file, options.ca_file)
    pending = f"IT still has to approve it, after comparing {answer['code']} with the code that the server shows"
    state = pending if answer["pending"] else "it is protected from now on"
    return _tell(options, answer, f"This PC is enrolled with {options.server}; {state}.")


def _status(options: argparse.Namespace) -> int:
    answer = _ask(options, "status")
    assert isinstance(answer, dict)
    lines = [f"{key}: {value}" for key, value in answer.items() if not isinstance(value, dict | list)]
    lines.append("faults: " + (", ".join(map(str, answer.get("faults", []))) or "none"))
    return _tell(options, answer, "\n".join(lines))


def _stop(options: argparse.Namespace) -> int:
    return _tell(options, _ask(options, "stop"), "SafeSeat is stopping.")


def _lock(options: argparse.Namespace) -> int:
    return _tell(options, _ask(options, "lock"), "Locking.")


def _call(options: argparse.Namespace) -> int:
    return _tell(options, _ask(options, "call", what=options.what, id=options.id), "Noted.")


def _alarm(options: argparse.Namespace) -> int:
    if options.what == "status":
        answer = _ask(options, "alarm")
        assert isinstance(answer, dict)
        return _tell(options, answer, str(answer["sign"]))
    if options.what == "raise":
        answer = _ask(options, "raise", drill=options.drill)
        return _tell(options, answer, f"Raised. {_who_would_hear(_ask(options, 'alarm'))}")
    return _tell(options, _ask(options, "take-back", pin=_pin(options.pin_file)), "Sent.")


def _who_would_hear(alarm: object) -> str:
    """Only what is known at this moment: raising is not yet reaching anybody."""
    listening = alarm.get("listeners") if isinstance(alarm, dict) else None
    if not listening:
        return "It is not known that anybody hears it now; ask again with `safeseat alarm status`."
    return f"{listening} lead desk{'s' if listening != 1 else ''} would hear it; `safeseat alarm status` tells what became of it."


def _pin(source: str | None) -> str:
    if source is None:
        import getpass

        return getpass.getpass("PIN: ")
    return _secret(source)


def _secret(source: str) -> str:
    from app.agent.profile import read_secret

    return read_secret(source)


def _redact(options: argparse.Namespace) -> int:
    from app.privacy.masking.redact import redact

    if not redact(sys.stdin.buffer, sys.stdout.buffer, options.lang, options.json):
        print("Some bytes are no UTF-8: they were passed on unchanged (in JSON as the sign U+FFFD).", file=sys.stderr)
    return 0


def _doctor(options: argparse.Namespace) -> int:
    from app.health.doctor import examine

    findings = examine(options.profile)
    for finding in findings:
        print(json.dumps(finding, ensure_ascii=False) if options.json else f"{finding['state']:8} {finding['what']}: {finding['says']}")
    return 1 if any(finding["state"] == "fault" for finding in findings) else 0


if __name__ == "__main__":
    sys.exit(main())
