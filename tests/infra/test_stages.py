"""What the stages have in common, and where they differ."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from cfnlint import api as cfnlint
from cfnlint.config import ManualArgs

from infra.artifacts import Artifacts, MissingArtifactsError
from infra.stages import DEV, LOCAL, PROD, STAGES, UnknownStageError, stage_named

ROOT = Path(__file__).resolve().parents[2]

OUTPUTS = {
    "data": {
        "TableName",
        "DataBucketName",
        "ArchiveBucketName",
        "UserPoolId",
        "UserPoolClientId",
        "LinkKeySecretArn",
        "LinkSignerUserName",
    },
    "messaging": {
        "BuildQueueUrl",
        "BuildDeadLetterQueueUrl",
        "NoticeQueueUrl",
        "NoticeDeadLetterQueueUrl",
    },
    "compute": set(),
    "api": {"ApiUrl", "PublicUrlParameter"},
    "observability": {"DashboardName"},
}

#: What production has more of than the local stage, and the setting that says so.
ONLY_IN_PROD = {
    "AWS::WAFv2::WebACL": 1,  # firewall
    "AWS::WAFv2::WebACLAssociation": 1,  # firewall
    "AWS::SNS::Subscription": 1,  # alarm_address
    "AWS::CloudWatch::Alarm": 1,  # computes_alarms
}


def test_an_unknown_stage_is_refused_with_the_known_ones_named():
    """A misspelled stage must not make a new one."""
    with pytest.raises(UnknownStageError, match=r"There is no stage 'production'\. Stages: local, dev, prod"):
        stage_named("production")


def test_the_app_tells_an_unknown_stage_in_one_line(tmp_path):
    """Somebody at a terminal gets a sentence, not a traceback."""
    done = subprocess.run(
        [sys.executable, "infra/app.py"],
        cwd=ROOT,
        env={"STAGE": "qa", "CDK_OUTDIR": str(tmp_path), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (1, "There is no stage 'qa'. Stages: local, dev, prod.\n")


@pytest.mark.parametrize(("stage", "command"), [(LOCAL, "make setup"), (PROD, "make layers")])
def test_a_layer_that_was_not_built_is_named_with_the_command_that_builds_it(tmp_path, stage, command):
    """Synthesis cannot build layers; it can say who does."""
    with pytest.raises(MissingArtifactsError, match=rf"base-{stage.processor}.*layer\.zip.*Run `{command}`"):
        Artifacts.built(tmp_path, stage)


def test_layers_too_large_for_lambda_are_refused(artifacts, tmp_path):
    """Lambda would refuse them only during the deployment."""
    large = tmp_path / "reports-arm64"
    large.mkdir()
    (large / "layer.zip").write_bytes(b"")
    (large / "manifest.json").write_text(json.dumps({"content": "0", "unzipped_bytes": 262_144_001}))
    with pytest.raises(MissingArtifactsError, match="Lambda takes 262,144,000"):
        replace(artifacts, reports=large).check()


def test_every_stack_has_the_outputs_that_others_read(cloud):
    """The local stack, the commands and the documentation use these names."""
    for stack, template in cloud.templates.items():
        ours = {name for name in template.get("Outputs", {}) if not name.startswith("ExportsOutput")}
        assert ours == OUTPUTS[stack], stack


def test_the_templates_are_clean_for_cfn_lint(cloud):
    """It finds dangling references and unknown properties, which the emulator lets through."""
    config = ManualArgs(
        regions=["us-west-2"],
        ignore_checks=["W3005"],  # CDK states a function's dependency on its role twice
    )
    found = [
        f"{stack}: {match.rule.id} {match.message}"
        for stack, template in cloud.templates.items()
        for match in cfnlint.lint(json.dumps(template), config=config)
    ]
    assert found == []


def test_local_and_production_differ_only_by_resources_that_settings_name(local, prod):
    """What is tried on one machine is what runs in production."""
    kinds = {
        synthesized.stage.name: Counter(resource.type for resource in synthesized.all())
        for synthesized in (local, prod)
    }
    assert kinds["local"] - kinds["prod"] == Counter()
    assert kinds["prod"] - kinds["local"] == Counter(ONLY_IN_PROD)


def test_nothing_depends_on_the_name_of_a_stage_but_names(prod, synthesize):
    """With production's settings, a stage of another name has the same templates."""
    renamed = synthesize(replace(PROD, name="local"))

    def plain(template):
        text = json.dumps(template).replace("prod", "local")
        # Logical ids that carry a hash over the stack's name.
        text = re.sub(r"(HttpApiDeployment[0-9A-F]{8})[0-9a-f]{32}", r"\1", text)
        text = re.sub(r"\w*leareportslocal\w*", lambda match: re.sub(r"[0-9A-F]{8}", "", match[0]), text)
        return json.loads(text)

    for stack, template in prod.templates.items():
        assert plain(renamed.templates[stack]) == plain(template), stack


@pytest.mark.parametrize("stage", [DEV, PROD], ids=lambda stage: stage.name)
def test_real_stages_run_on_arm_and_check_their_findings(stage):
    """The local stage alone runs on whatever processor is there."""
    assert (stage.processor, stage.checks_findings) == ("arm64", True)


def test_only_the_local_stage_signs_in_with_a_bare_password():
    """SRP never sends the password; the local stage's demo users are for scripts."""
    assert [stage.name for stage in STAGES.values() if stage.password_sign_in] == ["local"]


def test_production_keeps_its_data_and_asks_for_a_second_factor():
    """The settings that must never be loosened by a copied line."""
    assert PROD.keeps_data
    assert (PROD.mfa, PROD.firewall, PROD.threat_protection) == ("required", True, True)
