"""Build the layer of third-party packages from the lock, the same bytes for the same lock and recipe.

- `python layers/vendor/build.py --arch arm64`: what is deployed to AWS
- `python layers/vendor/build.py --arch host`: for this machine's processor and Python, for the local stack

Writes `build/layers/vendor-<arch>/`: `python/` (the unpacked layer), `layer.zip` (what is uploaded) and
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
LOCK = ROOT / "requirements" / "runtime.txt"
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

#: Run with the unpacked host layer alone on the path: proves that nothing needed was trimmed away.
IMPORT_CHECK = """
import io, sys
sys.path.insert(0, sys.argv[1])
import boto3, fpdf, pyarrow, pyarrow.compute, pyarrow.dataset, pyarrow.parquet, pydantic, pynamodb.models
import cryptography.hazmat.primitives.ciphers, pypdf, ulid, uharfbuzz, zoneinfo
import aws_lambda_powertools.event_handler, aws_lambda_powertools.metrics
import aws_lambda_powertools.utilities.batch
import botocore.session

table = pyarrow.table({"ssid": ["0000000001", "0000000002"], "scale_score": [2500, 2600]})
file = io.BytesIO()
pyarrow.parquet.write_table(table, file, compression="zstd")
back = pyarrow.parquet.read_table(pyarrow.BufferReader(file.getvalue()))
assert back.filter(pyarrow.compute.greater(back["scale_score"], 2550)).num_rows == 1

pdf = fpdf.FPDF()
pdf.add_page()
if len(sys.argv) > 2:  # a TrueType font goes through fontTools' subsetter and uharfbuzz's shaper
    pdf.add_font("check", fname=sys.argv[2])
    pdf.set_font("check")
    pdf.set_text_shaping(True)
else:
    pdf.set_font("Helvetica")
pdf.cell(text="Student")
assert "Student" in pypdf.PdfReader(io.BytesIO(bytes(pdf.output()))).pages[0].extract_text()

zoneinfo.reset_tzpath(to=())
zoneinfo.ZoneInfo("America/Los_Angeles")
session = boto3.Session(region_name="us-west-2", aws_access_key_id="-", aws_secret_access_key="-")
for service in ("dynamodb", "s3", "secretsmanager", "sesv2", "sqs"):
    session.client(service)
for module in (boto3, fpdf, pyarrow, pydantic, pynamodb, pypdf, ulid, uharfbuzz):
    assert module.__file__.startswith(sys.argv[1]), module.__file__
"""


def main() -> None:
    """Build the layer that the command line names, unless it stands there already."""
    parser = argparse.ArgumentParser(description="Build the third-party layer.")
    parser.add_argument("--arch", required=True, choices=("arm64", "host"))
    arch: str = parser.parse_args().arch
    started = time.monotonic()
    # The host's layer has compiled packages for one Python: each Python has its own.
    target = LAYERS / (f"vendor-host-{sys.implementation.cache_tag}" if arch == "host" else f"vendor-{arch}")
    recipe = recipe_hash(arch)
    if recorded_recipe(target) == recipe:
        print(f"{target.relative_to(ROOT)} is up to date")
        return
    size, zipped = build(arch, target, recipe)
    print(
        f"{target.relative_to(ROOT)}: {size:,} bytes unzipped, {zipped:,} zipped, "
        f"{time.monotonic() - started:.0f} s"
    )


def recipe_hash(arch: str) -> str:
    """Hash of all that decides the layer's content: the lock, this file and, for the host, its Python."""
    digest = hashlib.sha256(LOCK.read_bytes() + Path(__file__).read_bytes())
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


def build(arch: str, target: Path, recipe: str) -> tuple[int, int]:
    """Build into a folder beside `target` and put it in its place; return bytes unzipped and zipped."""
    fresh = target.with_name(f"{target.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    packages = fresh / "python"
    packages.mkdir(parents=True)
    install(arch, packages)
    trim(packages)
    check_processor(packages, "arm64" if arch == "arm64" else platform.machine())
    if arch == "host":
        # Turns 2 s of imports in each cold worker into less than 1 s. Only here: the bytecode belongs to
        # one Python version, and the machine that builds for AWS need not have that of Lambda.
        compile_bytecode(packages)
        check_imports(packages)
    files = sorted(path for path in packages.rglob("*") if path.is_file())
    size = sum(path.stat().st_size for path in files)
    if size > UNZIPPED_LIMIT - KEPT_FOR_OURS:
        sys.exit(
            f"The {arch} layer has {size:,} bytes unzipped. Lambda allows {UNZIPPED_LIMIT:,} for all layers "
            f"and the function, {KEPT_FOR_OURS:,} of which are ours: trim more (UNUSED in {__file__})."
        )
    write_zip(fresh, files)
    write_manifest(fresh, files, recipe=recipe, size=size)
    shutil.rmtree(target, ignore_errors=True)
    fresh.rename(target)
    return size, (target / "layer.zip").stat().st_size


def install(arch: str, packages: Path) -> None:
    """Install the locked wheels (no source builds, every hash checked) into `packages`."""
    uv = Path(sys.executable).with_name("uv")
    platform_options = LAMBDA_TARGET if arch == "arm64" else ("--python", sys.executable)
    subprocess.run(
        [
            *(str(uv), "pip", "install", "--quiet", "--target", str(packages), *platform_options),
            *("--no-deps", "--only-binary", ":all:", "--require-hashes", "--link-mode", "copy"),
            *("-r", str(LOCK)),
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


def check_imports(packages: Path) -> None:
    """Use every package that our code imports, from the unpacked layer alone."""
    fonts = sorted((ROOT / "node_modules" / "@expo-google-fonts" / "noto-sans").rglob("*400Regular.ttf"))
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-B", "-c", IMPORT_CHECK, str(packages), *map(str, fonts[:1])],
        check=False,
    )
    if done.returncode:
        sys.exit("The trimmed layer does not work: see the error above")


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
