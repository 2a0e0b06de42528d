"""Write the CloudFormation templates of one stage.

- `python infra/app.py`: stage dev, into `cdk.out`
- `STAGE=local CDK_OUTDIR=out/cdk python infra/app.py`: another stage, another folder
- `STAGE=prod npx cdk deploy --all`: the CDK command runs this file itself
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

# Run as a file, Python looks in this file's folder, where our `constructs` would hide CDK's.
sys.path.remove(str(Path(__file__).resolve().parent))
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from infra.application import add_stacks, new_app
from infra.artifacts import Artifacts, MissingArtifactsError
from infra.stages import UnknownStageError, stage_named

ROOT = Path(__file__).resolve().parents[1]


def main() -> None:
    """Synthesize the stage that the environment variable names."""
    try:
        stage = stage_named(os.environ.get("STAGE") or "dev")
        artifacts = Artifacts.built(ROOT, stage)
    except (UnknownStageError, MissingArtifactsError) as error:
        sys.exit(str(error))
    app = new_app(os.environ.get("CDK_OUTDIR") or "cdk.out", validate_templates=stage.checks_findings)
    add_stacks(app, stage, artifacts)
    app.synth()


if __name__ == "__main__":
    main()
