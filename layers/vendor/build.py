"""Build the layers of third-party packages from their locks, the same bytes for the same lock and recipe.

- `python layers/vendor/build.py --arch arm64`: what is deployed to AWS
- `python layers/vendor/build.py --arch host`: for this machine's processor and Python, for the local stack

There are two: `base`, on which every function stands, and `reports`, what reads datasets and makes reports of them.
Writes `build/layers/<layer>-<arch>/`: `python/` (the unpacked layer), `layer.zip` (what is uploaded) and
`manifest.json` (path, mode and SHA-256 of each file; two machines' builds are compared by it, since zip bytes
depend on the zlib at hand). A second run with the same lock and recipe returns at once.
"""

from __future__ import annotations

import argparse
import compileall
import hashlib
import json
import os
import platform
import py_compile
import re
import shutil
import subprocess
import sys
import time
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOCKS = {name: ROOT / "requirements" / f"{name}.txt" for name in ("base", "reports")}
LAYERS = ROOT / "build" / "layers"

#: AWS: "250 MB, the unzipped deployment package size, all layers included" (Lambda quotas).
UNZIPPED_LIMIT = 262_144_000
#: What the other layers (fonts, lea_reports) and a function's own folder may take of it.
KEPT_FOR_OURS = 30_000_000

#: The Lambda side of `--arch arm64`: runtime python3.13 stands on Amazon Linux 2023 (glibc 2.34).
LAMBDA_TARGET = ("--python-version", "3.13", "--python-platform", "aarch64-manylinux_2_28")

#: ELF `e_machine` of the shared objects that each processor can load.
ELF_MACHINES = {"aarch64": 183, "arm64": 183, "x86_64": 62, "AMD64": 62}

#: What no code of ours loads. Folders end in a slash; a name stands for itself anywhere below `python/`.
UNUSED = re.compile(
    r"""
      ^bin/ | ^share/                                   # console scripts, manual pages
    | /(INSTALLER|RECORD|REQUESTED|direct_url\.json)$   # what the installer notes about itself
    | \.(c|cc|cpp|h|hpp|pxd|pxi|pyx|pyi)$               # sources and headers of compiled modules
    | ^pyarrow/(tests|include|includes|src)/
    | ^pyarrow/(flight|orc|_pyarrow_cpp_tests)\.py$
    | ^pyarrow/_(flight|orc|dataset_orc|azurefs|gcsfs|hdfs|s3fs|pyarrow_cpp_tests)\.
    | ^pyarrow/libarrow_(flight|python_flight|s3)\.so   # objects are read with boto3, by key
    | ^pyarrow/libarrow_python(_parquet_encryption)?\.so(\.\d+\.\d+\.\d+)?$  # copies of .so.<major>
    """,
    re.VERBOSE,
)

#: Run with the unpacked host layers alone on the path: proves that nothing needed was trimmed away.
BASE_CHECK = """
import sys
sys.path[:0] = sys.argv[1:]
import boto3, pydantic, pynamodb.models, ulid, zoneinfo
import cryptography.hazmat.primitives.ciphers
import aws_lambda_powertools.event_handler, aws_lambda_powertools.metrics
import aws_lambda_powertools.utilities.batch
import botocore.session

zoneinfo.reset_tzpath(to=())
zoneinfo.ZoneInfo("America/Los_Angeles")
session = boto3.Session(region_name="us-west-2", aws_access_key_id="-", aws_secret_access_key="-")
for service in ("dynamodb", "s3", "secretsmanager", "sesv2", "sqs", "ssm"):
    session.client(service)
for module in (boto3, pydantic, pynamodb, ulid):
    assert module.__file__.startswith(sys.argv[1]), module.__file__
"""
REPORTS_CHECK = """
import io, sys
sys.path[:0] = sys.argv[1:]
import pyarrow, pyarrow.compute, pyarrow.csv, pyarrow.dataset, pyarrow.ipc, pyarrow.parquet, uharfbuzz, xlsxwriter

table = pyarrow.table({"ssid": ["0000000001", "0000000002"], "scale_score": [2500, 2600]})
file = io.BytesIO()
pyarrow.parquet.write_table(table, file, compression="zstd")
back = pyarrow.parquet.read_table(pyarrow.BufferReader(file.getvalue()))
assert back.filter(pyarrow.compute.greater(back["scale_score"], 2550)).num_rows == 1

text = uharfbuzz.Buffer()
text.add_str("Student")
book = io.BytesIO()
with xlsxwriter.Workbook(book) as workbook:
    workbook.add_worksheet().write_string(0, 0, "Student")
assert book.getvalue().startswith(b"PK")
for module in (pyarrow, uharfbuzz, xlsxwriter):
    assert module.__file__.startswith(sys.argv[1]), module.__file__
"""
CHECKS = {"base": BASE_CHECK, "reports": REPORTS_CHECK}


def main() -> None:
    """Build the layers for the processor that the command line names, unless they stand there already."""
    parser = argparse.ArgumentParser(description="Build the third-party layers.")
    parser.add_argument("--arch", required=True, choices=("arm64", "host"))
    arch: str = parser.parse_args().arch
    for layer in LOCKS:
        provide(layer, arch)
    size = sum(unzipped_bytes(folder_of(layer, arch)) for layer in LOCKS)
    if size > UNZIPPED_LIMIT - KEPT_FOR_OURS:
        sys.exit(
            f"The {arch} layers have {size:,} bytes unzipped. Lambda allows {UNZIPPED_LIMIT:,} for all layers "
            f"and the function, {KEPT_FOR_OURS:,} of which are ours: trim more (UNUSED in {__file__})."
        )


def folder_of(layer: str, arch: str) -> Path:
    """Return where a layer is built; the host's has compiled packages for one Python: each Python has its own."""
    return LAYERS / f"{layer}-{f'host-{sys.implementation.cache_tag}' if arch == 'host' else arch}"


def provide(layer: str, arch: str) -> None:
    """Build a layer if what stands there was built otherwise."""
    started = time.monotonic()
    target = folder_of(layer, arch)
    recipe = recipe_hash(layer, arch)
    if recorded_recipe(target) == recipe:
        print(f"{target.relative_to(ROOT)} is up to date")
        return
    zipped = build(layer, arch, target, recipe)
    print(
        f"{target.relative_to(ROOT)}: {unzipped_bytes(target):,} bytes unzipped, {zipped:,} zipped, "
        f"{time.monotonic() - started:.0f} s"
    )


def recipe_hash(layer: str, arch: str) -> str:
    """Hash of all that decides a layer's content: its lock, this file and, for the host, its Python."""
    digest = hashlib.sha256(LOCKS[layer].read_bytes() + Path(__file__).read_bytes())
    if arch == "host":
        digest.update(f"{platform.machine()} {sys.implementation.cache_tag}".encode())
    return digest.hexdigest()


def recorded_recipe(target: Path) -> str | None:
    """Give the recipe hash that an earlier, finished build left in `target`."""
    try:
        recipe = json.loads((target / "manifest.json").read_text(encoding="utf-8"))["recipe"]
    except (FileNotFoundError, ValueError, KeyError):
        return None
    return str(recipe)


def unzipped_bytes(target: Path) -> int:
    """Give the size of a finished build."""
    return int(json.loads((target / "manifest.json").read_text(encoding="utf-8"))["unzipped_bytes"])


def build(layer: str, arch: str, target: Path, recipe: str) -> int:
    """Build into a folder beside `target` and put it in its place; return the bytes of the zip."""
    fresh = target.with_name(f"{target.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    packages = fresh / "python"
    packages.mkdir(parents=True)
    install(layer, arch, packages)
    trim(packages)
    check_processor(packages, "arm64" if arch == "arm64" else platform.machine())
    if arch == "host":
        # Turns 2 s of imports in each cold worker into less than 1 s. Only here: the bytecode belongs to
        # one Python version, and the machine that builds for AWS need not have that of Lambda.
        compile_bytecode(packages)
        check_imports(layer, packages)
    files = sorted(path for path in packages.rglob("*") if path.is_file())
    write_zip(fresh, files)
    write_manifest(fresh, files, recipe=recipe, size=sum(path.stat().st_size for path in files))
    shutil.rmtree(target, ignore_errors=True)
    fresh.rename(target)
    return (target / "layer.zip").stat().st_size


def install(layer: str, arch: str, packages: Path) -> None:
    """Install the locked wheels (no source builds, every hash checked) into `packages`."""
    uv = Path(sys.executable).with_name("uv")
    platform_options = LAMBDA_TARGET if arch == "arm64" else ("--python", sys.executable)
    subprocess.run(
        [
            *(str(uv), "pip", "install", "--quiet", "--target", str(packages), *platform_options),
            *("--no-deps", "--only-binary", ":all:", "--require-hashes", "--link-mode", "copy"),
            *("-r", str(LOCKS[layer])),
        ],
        check=True,
    )


def trim(packages: Path) -> None:
    """Delete what `UNUSED` names and give every file the one mode that the manifest states."""
    for path in sorted(packages.rglob("*"), reverse=True):
        if path.is_dir():
            if not any(path.iterdir()):
                path.rmdir()
        elif path.name == ".lock" or UNUSED.search(path.relative_to(packages).as_posix()):
            path.unlink()
        else:
            path.chmod(0o644)


def check_processor(packages: Path, machine: str) -> None:
    """Refuse a layer whose shared objects the processor `machine` cannot load."""
    expected = ELF_MACHINES.get(machine)
    for path in packages.rglob("*.so*"):
        with path.open("rb") as file:
            head = file.read(20)
        if head[:4] == b"\x7fELF" and int.from_bytes(head[18:20], "little") != expected:
            sys.exit(f"{path} was compiled for another processor than {machine}")


def compile_bytecode(packages: Path) -> None:
    """Compile every module; the files carry hashes, not times, so that builds are the same."""
    compileall.compile_dir(
        packages,
        quiet=2,  # packages ship files for newer Pythons too, which do not compile here; nobody imports them
        stripdir=str(packages),
        prependdir="/opt/python",
        invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
        workers=os.cpu_count() or 1,
    )
    for path in packages.rglob("*.pyc"):
        path.chmod(0o644)


def check_imports(layer: str, packages: Path) -> None:
    """Use every package that our code imports, from the unpacked layer alone."""
    done = subprocess.run([sys.executable, "-I", "-S", "-B", "-c", CHECKS[layer], str(packages)], check=False)
    if done.returncode:
        sys.exit(f"The trimmed layer {layer} does not work: see the error above")


def write_zip(folder: Path, files: list[Path]) -> None:
    """Write `layer.zip`: sorted names, fixed date and modes."""
    with zipfile.ZipFile(folder / "layer.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for path in files:
            entry = zipfile.ZipInfo(path.relative_to(folder).as_posix(), (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # Unix, whatever builds: the next line's bits are Unix modes
            entry.external_attr = 0o100644 << 16
            archive.writestr(entry, path.read_bytes())


def write_manifest(folder: Path, files: list[Path], *, recipe: str, size: int) -> None:
    """Write `manifest.json`; its `content` is one hash over all files, the layer's identity."""
    entries = [
        {
            "path": path.relative_to(folder).as_posix(),
            "mode": "0644",
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        }
        for path in files
    ]
    content = hashlib.sha256(json.dumps(entries, sort_keys=True).encode()).hexdigest()
    manifest = {"recipe": recipe, "content": content, "unzipped_bytes": size, "files": entries}
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
