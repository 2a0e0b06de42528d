"""Security findings: none without a reason."""

from __future__ import annotations

from dataclasses import replace

import pytest
from aws_cdk import Stack
from aws_cdk import aws_s3 as s3

from infra.application import add_stacks, new_app
from infra.stages import DEV, LOCAL


def test_no_stage_has_a_finding_without_a_reason(local, prod, synthesize):
    """Synthesis, with the AwsSolutions checks on, would have raised."""
    assert local.templates.keys() == prod.templates.keys() == synthesize(DEV).templates.keys()


def test_a_finding_without_a_reason_stops_the_synthesis(artifacts, tmp_path):
    """The test above is worth something only if a finding does raise."""
    app = new_app(str(tmp_path), validate_templates=False)
    add_stacks(app, replace(LOCAL, checks_findings=True), artifacts)
    s3.Bucket(Stack(app, "careless"), "OverHttp")
    with pytest.raises(RuntimeError, match="ValidationFailed"):
        app.synth()
