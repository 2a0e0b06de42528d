"""What must not be lost or leaked."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from infra.stages import LOCAL, STAGES
from lea_reports.delivery.links import LinkForm


def statements(resource):
    """Return the statements of a resource's policy, by sid where there is one."""
    return resource.properties["PolicyDocument"]["Statement"]


def bucket_policies(cloud):
    """Pair every bucket with its policy's statements."""
    policies = {
        cloud.resolve(policy.properties["Bucket"]).logical_id: statements(policy)
        for policy in cloud.of_type("S3::BucketPolicy")
    }
    return [(bucket, policies[bucket.logical_id]) for bucket in cloud.of_type("S3::Bucket")]


def named(cloud, name):
    """Return the one bucket of this construct id."""
    (found,) = (bucket for bucket in cloud.of_type("S3::Bucket") if name in bucket.logical_id)
    return found


def test_every_bucket_blocks_the_public(cloud):
    """Four switches, all on."""
    for bucket in cloud.of_type("S3::Bucket"):
        assert bucket.properties["PublicAccessBlockConfiguration"] == dict.fromkeys(
            ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"), True
        )


def test_every_bucket_refuses_plain_http(cloud):
    """Student data never crosses a wire unencrypted."""
    for bucket, policy in bucket_policies(cloud):
        assert any(
            statement["Effect"] == "Deny"
            and statement["Action"] == "s3:*"
            and statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
            for statement in policy
        ), bucket.logical_id


def test_archives_refuse_what_was_signed_more_than_a_quarter_of_an_hour_ago(cloud):
    """Whatever expiry a URL claims: a link leads to one of minutes."""
    ((_, policy),) = (pair for pair in bucket_policies(cloud) if "Archives" in pair[0].logical_id)
    (statement,) = (entry for entry in policy if entry.get("Sid") == "OldSignaturesAreRefused")
    assert (statement["Effect"], statement["Action"]) == ("Deny", "s3:GetObject")
    assert statement["Condition"] == {"NumericGreaterThan": {"s3:signatureAge": 15 * 60 * 1000}}


def test_where_mails_hold_urls_of_s3_these_work_for_a_day(synthesize):
    """The stage decides, and function and bucket agree."""
    stage = synthesize(replace(LOCAL, link_form=LinkForm.PRESIGNED))
    ((_, policy),) = (pair for pair in bucket_policies(stage) if "Archives" in pair[0].logical_id)
    (statement,) = (entry for entry in policy if entry.get("Sid") == "OldSignaturesAreRefused")
    variables = stage.function("notify").properties["Environment"]["Variables"]

    assert statement["Condition"] == {"NumericGreaterThan": {"s3:signatureAge": 24 * 60 * 60 * 1000}}
    assert variables["LINK_FORM"] == "presigned"
    assert "Archives" in stage.resolve(variables["ARCHIVE_BUCKET"]).logical_id


def test_every_stage_mails_links_to_our_own_address_by_default():
    """A URL of S3 in a mail is a choice (decision 13)."""
    assert {stage.link_form for stage in STAGES.values()} == {LinkForm.PAGE}


@pytest.mark.parametrize("name", ["Data", "Archives"])
def test_data_and_archives_are_encrypted_with_our_key(cloud, name):
    """A key of ours can be withdrawn, and its use is logged."""
    (rule,) = named(cloud, f"Buckets{name}").properties["BucketEncryption"][
        "ServerSideEncryptionConfiguration"
    ]
    assert rule["ServerSideEncryptionByDefault"]["SSEAlgorithm"] == "aws:kms"
    assert cloud.resolve(rule["ServerSideEncryptionByDefault"]["KMSMasterKeyID"]).type == "AWS::KMS::Key"


def test_table_and_secret_are_encrypted_with_our_key_and_access_logs_with_s3s(cloud):
    """S3 delivers its logs to no bucket with a key of a customer's."""
    (table,) = cloud.of_type("DynamoDB::Table")
    (secret,) = cloud.of_type("SecretsManager::Secret")
    (rule,) = named(cloud, "BucketsAccessLogs").properties["BucketEncryption"][
        "ServerSideEncryptionConfiguration"
    ]

    assert cloud.resolve(table.properties["SSESpecification"]["KMSMasterKeyId"]).type == "AWS::KMS::Key"
    assert cloud.resolve(secret.properties["KmsKeyId"]).type == "AWS::KMS::Key"
    assert rule["ServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}


def test_fragments_live_three_days_and_archives_thirty(cloud):
    """Abandoned uploads go after one."""
    rules = named(cloud, "Archives").properties["LifecycleConfiguration"]["Rules"]
    assert {rule["Prefix"]: rule["ExpirationInDays"] for rule in rules if "Prefix" in rule} == {
        "work/": 3,
        "archives/": 30,
        "not-included/": 31,
    }
    assert [
        rule["AbortIncompleteMultipartUpload"]["DaysAfterInitiation"]
        for rule in rules
        if "AbortIncompleteMultipartUpload" in rule
    ] == [1]


def test_the_key_is_rotated(cloud):
    """Once a year, by AWS."""
    (key,) = cloud.of_type("KMS::Key")
    assert key.properties["EnableKeyRotation"] is True


def test_the_table_can_be_restored_to_any_second(cloud):
    """Also on the local stage: one description."""
    (table,) = cloud.of_type("DynamoDB::Table")
    assert table.properties["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"] is True
    assert table.properties["SSESpecification"]["SSEType"] == "KMS"


def test_the_table_has_the_keys_and_indexes_that_the_store_reads(cloud):
    """The job store names them in code."""
    (table,) = cloud.of_type("DynamoDB::Table")

    def keys(schema):
        return [entry["AttributeName"] for entry in schema]

    assert keys(table.properties["KeySchema"]) == ["pk", "sk"]
    assert {
        index["IndexName"]: keys(index["KeySchema"]) for index in table.properties["GlobalSecondaryIndexes"]
    } == {"caller_index": ["caller", "sk"], "due_index": ["due", "next_check_at"]}
    assert table.properties["TimeToLiveSpecification"] == {"AttributeName": "expires_at", "Enabled": True}
    assert table.properties["BillingMode"] == "PAY_PER_REQUEST"


def test_production_data_outlives_its_stack(prod):
    """Deleting the stack, or a line of it, deletes nothing."""
    kept = ("S3::Bucket", "DynamoDB::Table", "KMS::Key", "Cognito::UserPool", "SecretsManager::Secret")
    for kind in kept:
        for resource in prod.of_type(kind):
            assert resource.definition["DeletionPolicy"] == "Retain", resource.logical_id
    (table,) = prod.of_type("DynamoDB::Table")
    assert table.properties["DeletionProtectionEnabled"] is True


def test_people_are_added_by_administrators_and_sign_in_by_email(cloud):
    """Nobody signs up alone."""
    (pool,) = cloud.of_type("Cognito::UserPool")
    # Links go to that address, so a new one must be shown to be theirs first.
    assert pool.properties["UserAttributeUpdateSettings"] == {
        "AttributesRequireVerificationBeforeUpdate": ["email"]
    }
    assert pool.properties["AdminCreateUserConfig"]["AllowAdminCreateUserOnly"] is True
    assert pool.properties["UsernameAttributes"] == ["email"]
    assert {entry["Name"] for entry in pool.properties["Schema"]} == {"email", "zoneinfo"}


def test_tokens_live_one_hour(cloud):
    """A lost token is of no use for long."""
    (client,) = cloud.of_type("Cognito::UserPoolClient")
    assert (client.properties["IdTokenValidity"], client.properties["AccessTokenValidity"]) == (60, 60)
    assert client.properties["TokenValidityUnits"]["IdToken"] == "minutes"


def test_a_password_alone_signs_in_only_on_the_local_stage(local, prod):
    """SRP everywhere; the administrators' password flow for the demo's users."""
    flows = {
        synthesized.stage.name: set(
            synthesized.of_type("Cognito::UserPoolClient")[0].properties["ExplicitAuthFlows"]
        )
        for synthesized in (local, prod)
    }
    assert flows["prod"] == {"ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"}
    assert flows["local"] - flows["prod"] == {"ALLOW_ADMIN_USER_PASSWORD_AUTH"}


def test_the_link_signer_may_only_read_archives(cloud):
    """Whoever finds its key can read archives, and nothing else."""
    (policy,) = cloud.of_type("IAM::ManagedPolicy")
    actions = [statement["Action"] for statement in statements(policy)]
    assert actions == ["s3:GetObject", "kms:Decrypt"]
    read, decrypt = statements(policy)
    assert read["Resource"]["Fn::Join"][1][1] == "/archives/*"
    assert "s3." in json.dumps(decrypt["Condition"]["StringEquals"]["kms:ViaService"])


def test_no_template_carries_a_key_or_a_secret(cloud):
    """The signer's key is made after the deployment."""
    assert not any(resource.type == "AWS::IAM::AccessKey" for resource in cloud.all())
    (secret,) = cloud.of_type("SecretsManager::Secret")
    assert not {"SecretString", "GenerateSecretString"} & set(secret.properties)
