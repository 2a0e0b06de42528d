"""The layers of third-party packages: their recipe, on a small folder, and that each function has what it loads."""

from __future__ import annotations

import importlib.util
import json
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).resolve().parents[2]
LAYERS = ("base", "reports")
RECIPE = ROOT / "layers" / "vendor" / "build.py"
ARM64_OBJECT = b"\x7fELF\x02\x01\x01" + bytes(9) + b"\x03\x00" + (183).to_bytes(2, "little")

KEPT = [
    "pyarrow/_parquet.cpython-313-aarch64-linux-gnu.so",
    "pyarrow/libarrow.so.2600",
    "pyarrow/libarrow_python.so.2600",
    "pyarrow/orchestra.py",
    "pydantic/main.py",
    "pydantic-2.14.3.dist-info/METADATA",
    "ulid/tests.py",
]
TRIMMED = [
    "bin/jp.py",
    "cffi/_embedding.h",
    "pydantic-2.14.3.dist-info/RECORD",
    "pyarrow/_flight.cpython-313-aarch64-linux-gnu.so",
    "pyarrow/_s3fs.pyx",
    "pyarrow/flight.py",
    "pyarrow/include/arrow/api.h",
    "pyarrow/libarrow_python.so",
    "pyarrow/libarrow_python.so.2600.1.0",
    "pyarrow/libarrow_s3.so.2600",
    "pyarrow/tests/conftest.py",
]


@pytest.fixture(scope="module")
def recipe():
    """Load the recipe, which is a script."""
    spec = importlib.util.spec_from_file_location("vendor_recipe", RECIPE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def packages(tmp_path):
    """Lay out files as an installation does."""
    folder = tmp_path / "python"
    for name in KEPT + TRIMMED:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(ARM64_OBJECT if ".so" in name else name.encode())
        path.chmod(0o600)
    return folder


def files_below(folder):
    """Return the sorted files of a folder."""
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_the_trim_deletes_what_nothing_loads_and_keeps_the_rest(recipe, packages):
    """Also the empty folders go, and every file gets the same mode."""
    recipe.trim(packages)
    left = files_below(packages)
    assert [path.relative_to(packages).as_posix() for path in left] == KEPT
    assert {path.stat().st_mode & 0o777 for path in left} == {0o644}
    assert not (packages / "bin").exists()


def test_two_builds_of_the_same_files_are_the_same_bytes(recipe, packages, tmp_path):
    """Times and modes on the builder's disk leave no trace."""
    recipe.trim(packages)
    first, files = tmp_path / "layer.zip", files_below(packages)
    recipe.write_zip(tmp_path, files)
    once = first.read_bytes()
    for path in files:
        path.touch()
    recipe.write_zip(tmp_path, files)
    assert first.read_bytes() == once
    with zipfile.ZipFile(first) as layer:
        assert layer.namelist() == [f"python/{name}" for name in KEPT]
        assert {entry.date_time for entry in layer.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_the_manifest_names_every_file_and_the_whole_by_its_hash(recipe, packages, tmp_path):
    """Machines with different zlibs compare their builds by it."""
    recipe.trim(packages)
    files = files_below(packages)
    recipe.write_manifest(tmp_path, files, recipe="recipe", size=7)
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    assert [entry["path"] for entry in manifest["files"]] == [f"python/{name}" for name in KEPT]
    files[0].write_text("changed")
    recipe.write_manifest(tmp_path, files, recipe="recipe", size=7)
    changed = json.loads((tmp_path / "manifest.json").read_text())
    assert changed["content"] != manifest["content"]
    assert recipe.recorded_recipe(tmp_path) == "recipe"


def test_an_unfinished_build_is_not_taken_for_a_finished_one(recipe, tmp_path):
    """The manifest is written last."""
    assert recipe.recorded_recipe(tmp_path) is None
    (tmp_path / "manifest.json").write_text("{")
    assert recipe.recorded_recipe(tmp_path) is None


def test_objects_of_another_processor_are_refused(recipe, packages):
    """Such a layer would fail at the first import in Lambda."""
    recipe.check_processor(packages, "arm64")
    with pytest.raises(SystemExit, match="another processor than x86_64"):
        recipe.check_processor(packages, "x86_64")


LOADED = """
import json, sys
sys.path[:0] = sys.argv[2:]
import importlib
importlib.import_module(sys.argv[1])
print(json.dumps(sorted(sys.modules)))
"""
HEAVY = {"pyarrow", "uharfbuzz", "xlsxwriter", "numpy", "fontTools", "fpdf", "pypdf", "PIL"}
MAY_LOAD = {
    "request_report": {"pyarrow"},
    "build_report": {"pyarrow", "xlsxwriter"},
    "notify": set(),
    "open_link": set(),
}
"""What is heavy of what a handler loads when it is imported; HarfBuzz comes with the first text that needs it."""


@pytest.fixture
def layers_of(cloud):
    """Return a function that tells the third-party layers of a function by name, as the template has them."""

    def layers_of(package):
        ids = [str(layer) for layer in cloud.function(package).properties["Layers"]]
        return [name for name in LAYERS if any(f"Layers{name.title()}" in each for each in ids)]

    return layers_of


def unpacked(layer):
    """Return where `make setup` unpacked a layer for this machine."""
    host = f"host-{sys.implementation.cache_tag}"
    return ROOT / "build" / "layers" / f"{layer}-{host}" / "python"


def outside_packages_of(package):
    """Return the packages outside of Python and of ours that a function's code may import, now or later."""
    graph = grimp.build_graph(
        "lea_reports",
        package,
        include_external_packages=True,
        exclude_type_checking_imports=True,
        cache_dir=None,
    )
    reached, ahead = set(), {package, *graph.find_descendants(package)}
    while ahead:
        module = ahead.pop()
        reached.add(module)
        if graph.is_module_squashed(module):
            continue
        near = graph.find_modules_directly_imported_by(module)
        if "pkgutil" in near:  # a package that looks for its modules itself, as the catalog of reports does
            near = near | graph.find_children(module)
        parent = module.rpartition(".")[0]
        ahead |= (near | ({parent} if parent else set())) - reached
    return {module for module in reached if graph.is_module_squashed(module)} - sys.stdlib_module_names


def name_and_version(line):
    """Split `name==version`, whatever follows it."""
    return re.match(r"([a-z0-9-]+)==([0-9a-z.]+)", line).groups()


def locked(name):
    """Return the versions that a lock names, by package."""
    lines = (ROOT / "requirements" / f"{name}.txt").read_text().splitlines()
    return dict(name_and_version(line) for line in lines if line[:1].isalnum())


@pytest.mark.parametrize("package", MAY_LOAD)
def test_a_function_is_imported_from_its_own_layers_alone_and_loads_what_it_may(package, layers_of):
    """With the packages that `make setup` unpacked, and nothing else of this machine's Python."""
    third_party = [unpacked(name) for name in layers_of(package)]
    assert third_party
    assert all(folder.is_dir() for folder in third_party)
    ours = [ROOT / "layers" / "lea_reports" / "python", ROOT / "functions"]

    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", LOADED, f"{package}.handler", *map(str, (*ours, *third_party))],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    loaded = {name.partition(".")[0] for name in json.loads(done.stdout)}
    assert loaded & HEAVY == MAY_LOAD[package]


def test_only_what_reads_datasets_has_the_layer_for_it(layers_of):
    """A function that anybody can call, and one that sends mails, begin quickly."""
    assert {package: layers_of(package) for package in MAY_LOAD} == {
        "request_report": ["base", "reports"],
        "build_report": ["base", "reports"],
        "notify": ["base"],
        "open_link": ["base"],
    }


@pytest.mark.parametrize("package", MAY_LOAD)
def test_what_a_function_imports_only_when_it_needs_it_lies_in_its_layers_too(package, layers_of):
    """An import inside a function fails in Lambda only then, long after the deployment."""
    reached = outside_packages_of(package)
    assert reached >= {"aws_lambda_powertools", "pydantic", "pynamodb"}
    held = {path.name.partition(".")[0] for name in layers_of(package) for path in unpacked(name).iterdir()}
    assert reached - held == set()


def test_the_layers_hold_what_the_project_depends_on_each_in_one_of_them():
    """Two versions of a package could shadow each other; one that no layer holds would be missing in Lambda."""
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    wanted = [
        line
        for name in LAYERS
        for line in (ROOT / "requirements" / f"{name}.in").read_text().splitlines()
        if not line.startswith("#")
    ]
    assert sorted(wanted) == sorted(name_and_version(each)[0] for each in declared)
    base, reports = (locked(name) for name in LAYERS)
    assert base.keys().isdisjoint(reports)
    assert (base | reports).items() <= locked("dev").items()
    assert (base | reports).items() >= dict(map(name_and_version, declared)).items()
