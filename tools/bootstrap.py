"""The virtual environment and what stands in it; then runs a command with its Python.

Started by whatever Python the machine calls python3, so this file keeps to syntax that old versions can read: the first
thing a person with an old Python meets must be a sentence, not a SyntaxError.

    python3 tools/bootstrap.py [--dev] [command …]
"""

import hashlib
import os
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
PYTHON = os.path.join(VENV, "bin", "python")
OLDEST = (3, 11)
PROBE = "import sys, venv, ensurepip; print('%d.%d' % sys.version_info[:2])"


def stop(sentence):
    """End with one sentence on standard error."""
    sys.exit(sentence)


def quiet(command):
    """Run a probe and return (exit status, output); a missing program counts as a failure."""
    try:
        done = subprocess.run(
            command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, universal_newlines=True
        )
    except OSError:
        return 1, ""
    return done.returncode, done.stdout.strip()


def is_new_enough(interpreter):
    """Whether this interpreter starts and is at least the oldest supported version."""
    status, version = quiet([interpreter, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"])
    return status == 0 and tuple(int(part) for part in version.split(".")) >= OLDEST


def find_python():
    """The first interpreter that is new enough and can make virtual environments; stops with a sentence otherwise."""
    candidates = [sys.executable, "python3", "python3.13", "python3.12", "python3.11", "/usr/bin/python3"]
    found = [name for name in candidates if name and (os.path.isabs(name) or shutil.which(name))]
    usable = [name for name in found if is_new_enough(name)]
    if not usable:
        stop(
            "Python %d.%d or newer is needed; this one is %d.%d. Install a newer Python and try again."
            % (OLDEST + sys.version_info[:2])
        )
    for name in usable:
        if quiet([name, "-c", PROBE])[0] == 0:
            return name
    return stop(
        "Python's venv module is missing: install it (on Debian and Ubuntu `apt install python3-venv`) and try again."
    )


def make_venv():
    """Create .venv, or again when it was left half made or its Python has gone."""
    if quiet([PYTHON, "-c", "import pip"])[0] == 0 and is_new_enough(PYTHON):
        return
    interpreter = find_python()
    if os.path.isdir(VENV):
        shutil.rmtree(VENV)
    print("Making the virtual environment .venv …", flush=True)
    if subprocess.run([interpreter, "-m", "venv", VENV]).returncode:
        shutil.rmtree(VENV, ignore_errors=True)
        stop("The virtual environment could not be made: the message above says why.")


def install(name):
    """Install one locked list unless exactly this list was installed before."""
    lock = os.path.join(ROOT, name)
    stamp = os.path.join(VENV, name + ".sha256")
    with open(lock, "rb") as file:
        wanted = hashlib.sha256(file.read()).hexdigest()
    if os.path.exists(stamp):
        with open(stamp) as file:
            if file.read() == wanted:
                return
    print("Installing " + name + " …", flush=True)
    command = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
    if subprocess.run([*command, "--require-hashes", "-r", lock]).returncode:
        stop("The packages of " + name + " could not be installed: the message above says why.")
    with open(stamp, "w") as file:
        file.write(wanted)


def main(arguments):
    """Prepare the environment, then become the command, with .venv first on the PATH."""
    if os.name == "nt":
        stop("Windows is not supported: use Linux, macOS or the Windows Subsystem for Linux.")
    dev = "--dev" in arguments[:1]
    command = arguments[1:] if dev else arguments
    make_venv()
    install("requirements.txt")
    if dev:
        install("requirements-dev.txt")
    if not command:
        return
    environment = dict(os.environ)
    environment["PATH"] = os.path.join(VENV, "bin") + os.pathsep + environment.get("PATH", "")
    environment["PYTHONPATH"] = os.pathsep.join([ROOT, os.path.join(ROOT, "site")])
    os.chdir(ROOT)
    try:
        os.execvpe(command[0], command, environment)
    except OSError as problem:
        stop("%s could not be started: %s." % (command[0], problem.strerror))


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit(130)
