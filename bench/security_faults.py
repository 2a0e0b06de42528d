"""Faults that make `docs/security.md` untrue: a table, read by `bench.security_claims`.

Each has a part of the claim's own words, the text that it changes, and the tests that must fail with it.
"""

from __future__ import annotations

from dataclasses import dataclass

_LIB = "layers/lea_reports/python/lea_reports"
_STORE = f"{_LIB}/jobs/dynamo_store.py"
_ROUTES = "functions/request_report/routes"
_CONTEXT = "functions/request_report/request_context.py"
_JOBS = "tests/contract/test_job_store.py"
_FOREIGN = (
    "tests/functions/test_foreign_ids.py::test_every_operation_answers_a_foreign_id_as_an_unknown_one"
    "[{}-/v1/report-requests/{{job_id}}{}-{}]"
)
_STRICT = "tests/functions/test_strict_requests.py"
_COMPUTE, _BUCKETS = "infra/stacks/compute.py", "infra/constructs/report_buckets.py"


@dataclass(frozen=True, slots=True)
class Fault:
    """One planted fault.

    `claim` stands in `docs/security.md`, `text` once in `file`. `tests` must fail, each of them; `system` says that
    they need the whole stack.
    """

    claim: str
    file: str
    text: str
    replacement: str
    tests: tuple[str, ...]
    system: bool = False


def _foreign(method: str, action: str, subject: str) -> str:
    return _FOREIGN.format(method, action, subject)


_OWN_DATA = (
    Fault(
        "comes from the role assignments of the verified identity",
        f"{_LIB}/access/store.py",
        'self._rows.query(f"USER#{subject}", self._rows.sk.startswith("ROLE#"))',
        'self._rows.scan(self._rows.sk.startswith("ROLE#"))',
        ("tests/contract/test_role_assignments.py::test_roles_of_one_person_are_not_anothers[moto]",),
    ),
    Fault(
        "never from the request",
        f"{_LIB}/access/roles.py",
        '        raise Forbidden("The role that the request names is not assigned to you.")',
        '        role, _, lea = named.partition("@")\n        return RoleAssignment(Role(role), lea)',
        ("tests/unit/access/test_roles.py::test_a_role_that_is_not_held_is_refused",),
    ),
    Fault(
        "part of the key of every row",
        _STORE,
        'self._jobs.query(f"LEA#{lea}", self._jobs.sk == f"JOB#{job_id}", consistent_read=True)',
        'self._jobs.scan(self._jobs.sk == f"JOB#{job_id}")',
        (f"{_JOBS}::test_a_job_of_another_lea_cannot_be_read[moto]",),
    ),
    Fault(
        "part of the key of every row",
        _STORE,
        'index.query(f"{lea}#{subject}", range_, scan_index_forward=False, limit=limit)',
        "index.scan(self._jobs.caller.contains(subject), limit=limit)",
        (
            f"{_JOBS}::test_nothing_of_a_job_is_read_under_another_lea[moto]",
            (
                "tests/functions/test_foreign_ids.py::"
                "test_a_person_of_two_leas_sees_what_belongs_to_the_role_in_use"
            ),
        ),
    ),
    Fault(
        "part of the key of every row",
        _STORE,
        'f"LEA#{job.lea}", self._chunks.sk.startswith(f"CHUNK#{job.id}#"), consistent_read=True',
        'f"LEA#99100010000000", self._chunks.sk.startswith(f"CHUNK#{job.id}#"), consistent_read=True',
        (f"{_JOBS}::test_nothing_of_a_job_is_read_under_another_lea[moto]",),
    ),
    Fault(
        "every row and object that is read for a person",
        f"{_LIB}/datasets/reader.py",
        "partition_key(dataset.name, snapshot, year, lea)",
        'partition_key(dataset.name, snapshot, year, "99100010000000")',
        (
            (
                "tests/contract/datasets/test_reader_on_every_store.py::"
                "test_a_synthetic_district_is_published_and_read_back[memory]"
            ),
        ),
    ),
    Fault(
        "object that is read for a person",
        f"{_LIB}/organizations/directory.py",
        '            if row["lea"] != code:\n                continue\n',
        "",
        (
            (
                "tests/unit/organizations/test_directory.py::"
                "test_a_directory_holds_the_lea_and_only_its_schools_by_name"
            ),
        ),
    ),
)

_FOREIGN_IDS = (
    Fault(
        "another LEA's or person's job answers the same 404",
        _CONTEXT,
        "job is None or job.requester.subject != caller.identity.subject",
        "job is None",
        (
            "tests/functions/test_request_report.py::test_unknown_and_foreign_ids_are_not_told_apart",
            _foreign("GET", "", "colleague"),
        ),
    ),
    Fault(
        "in every operation",
        _CONTEXT,
        "jobs.job(caller.assignment.lea, job_id)",
        'jobs.job("99100010000000", job_id)',
        (
            "tests/functions/test_foreign_ids.py::test_a_person_of_two_leas_sees_what_belongs_to_the_role_in_use",
        ),
    ),
    Fault(
        "cancel, notice again, retry and the list of what is not included",
        f"{_ROUTES}/report_requests.py",
        "    job, stores, now = context.own_job(job_id), context.dependencies, context.now\n    cancelled = ",
        "    stores, now = context.dependencies, context.now\n"
        "    job = stores.jobs.job(context.caller.assignment.lea, job_id) or context.own_job(job_id)\n"
        "    cancelled = ",
        (
            _foreign("POST", "/cancel", "colleague"),
            "tests/functions/test_cancel_and_notice.py::test_other_peoples_requests_do_not_exist",
        ),
    ),
    Fault(
        "cancel, notice again, retry and the list of what is not included",
        f"{_ROUTES}/report_requests.py",
        "    job, stores, now = context.own_job(job_id), context.dependencies, context.now\n    repeat_notice(",
        "    stores, now = context.dependencies, context.now\n"
        "    job = stores.jobs.job(context.caller.assignment.lea, job_id) or context.own_job(job_id)\n"
        "    repeat_notice(",
        (_foreign("POST", "/notice", "colleague"),),
    ),
    Fault(
        "cancel, notice again, retry and the list of what is not included",
        f"{_ROUTES}/report_requests.py",
        "    retried = context.own_job(job_id)\n",
        "    retried = stores.jobs.job(caller.assignment.lea, job_id) or context.own_job(job_id)\n",
        (
            _foreign("POST", "/retry", "colleague"),
            "tests/functions/test_retry.py::test_other_peoples_requests_do_not_exist",
        ),
    ),
    Fault(
        "cancel, notice again, retry and the list of what is not included",
        f"{_ROUTES}/not_included.py",
        "    job, storage = context.own_job(job_id), context.dependencies.storage\n",
        "    storage, jobs = context.dependencies.storage, context.dependencies.jobs\n"
        "    job = jobs.job(context.caller.assignment.lea, job_id) or context.own_job(job_id)\n",
        (_foreign("GET", "/not-included", "colleague"),),
    ),
    Fault(
        "who works in a role that may not ask for a report is refused its requests too",
        _CONTEXT,
        "        CATALOG[job.report].check_role(caller.assignment)\n",
        "",
        (
            "tests/functions/test_foreign_ids.py::test_a_role_that_may_not_ask_for_a_report_does_not_get_it_either",
        ),
    ),
    Fault(
        "an Idempotency-Key is kept as a digest",
        f"{_LIB}/jobs/request_key.py",
        "digest=_digest([caller.identity.subject, key])",
        "digest=f'{caller.identity.subject}#{key}'",
        ("tests/functions/test_idempotency_key.py::test_the_table_holds_neither_key_nor_password",),
    ),
    Fault(
        "for its caller in its LEA",
        f"{_LIB}/jobs/request_key.py",
        "digest=_digest([caller.identity.subject, key])",
        "digest=_digest([key])",
        ("tests/functions/test_idempotency_key.py::test_keys_are_each_callers_own",),
    ),
    Fault(
        "for its caller in its LEA",
        _STORE,
        'return f"LEA#{key.lea}", f"KEY#{key.digest}"',
        'return "LEA#", f"KEY#{key.digest}"',
        (f"{_JOBS}::test_keys_of_other_callers_and_leas_are_others[moto]",),
    ),
    Fault(
        "for 24 hours",
        f"{_LIB}/jobs/request_key.py",
        "KEY_KEPT = timedelta(hours=24)",
        "KEY_KEPT = timedelta(hours=48)",
        ("tests/unit/jobs/test_submit_once.py::test_a_key_stands_for_24_hours",),
    ),
)

_CLAIMS_OF_TOKENS = (
    "tests/unit/access/test_roles.py::test_a_token_of_another_pool_or_for_another_app_is_refused",
    "tests/functions/test_strict_requests.py::test_a_token_for_another_app_or_of_another_pool_is_refused",
)
_IDENTITY = f"{_LIB}/access/identity.py"

_TOKENS = (
    Fault(
        "signature, pool and expiry by API Gateway",
        "infra/constructs/http_api.py",
        "            self._integration,\n"
        "            authorization_type=apigateway.AuthorizationType.COGNITO,\n"
        "            authorizer=self._authorizer,\n",
        "            self._integration,\n            authorization_type=apigateway.AuthorizationType.NONE,\n",
        (
            (
                "tests/infra/test_api.py::"
                "test_every_address_but_that_of_links_needs_a_token_of_the_user_pool[local]"
            ),
        ),
    ),
    Fault(
        "signature, pool and expiry by API Gateway",
        "infra/constructs/http_api.py",
        "            self._integration,\n"
        "            authorization_type=apigateway.AuthorizationType.COGNITO,\n"
        "            authorizer=self._authorizer,\n",
        "            self._integration,\n            authorization_type=apigateway.AuthorizationType.NONE,\n",
        ("tests/system/test_main_job.py::test_without_a_good_token_nobody_comes_in",),
        system=True,
    ),
    Fault(
        "that it is an ID token",
        _IDENTITY,
        '"token_use": claims.get("token_use"),',
        '"token_use": "id",',
        (
            "tests/unit/access/test_roles.py::test_a_token_that_is_no_persons_id_token_is_refused",
            f"{_STRICT}::test_a_token_for_another_app_or_of_another_pool_is_refused[token_use-access]",
        ),
    ),
    Fault(
        "of this pool", _IDENTITY, '"iss": claims.get("iss"),', '"iss": sign_in.issuer,', _CLAIMS_OF_TOKENS
    ),
    Fault(
        "made for this app client (`aud`)",
        _IDENTITY,
        '"aud": claims.get("aud"),',
        '"aud": sign_in.client_id,',
        _CLAIMS_OF_TOKENS,
    ),
    Fault(
        "with an address, by the function",
        _IDENTITY,
        'if not isinstance(email, str) or "@" not in email:',
        "if not isinstance(email, str):",
        ("tests/unit/access/test_roles.py::test_a_token_that_is_no_persons_id_token_is_refused",),
    ),
    Fault(
        "made for this app client (`aud`)",
        _COMPUTE,
        '"USER_POOL_CLIENT_ID": data.people.client.user_pool_client_id,',
        '"USER_POOL_CLIENT_ID": "",',
        ("tests/infra/test_compute.py::test_tokens_are_checked_against_the_pool_and_its_one_client[local]",),
    ),
)

_TOKEN = f"{_LIB}/delivery/link_token.py"
_LINKS = f"{_LIB}/delivery/links.py"
_OPEN = f"{_LIB}/delivery/open_link.py"
_ENCRYPTION = "tests/unit/delivery/test_link_token.py"
_OF_LINKS = "tests/unit/delivery/test_links.py"
_OF_OPENING = "tests/unit/delivery/test_open_link.py"

_ONLY_BY_THE_LINK = (
    Fault(
        "the status resource holds no link",
        "functions/request_report/models.py",
        "            reason=job.reason,\n",
        '            reason=f"https://archive.s3.amazonaws.com/{job.files[0].key}" if job.files else None,\n',
        ("tests/functions/test_request_report.py::test_the_status_never_holds_a_link",),
    ),
    Fault(
        "the bucket blocks public access and plain HTTP",
        _BUCKETS,
        '            "Archives",\n            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,\n',
        '            "Archives",\n            block_public_access=s3.BlockPublicAccess.BLOCK_ACLS_ONLY,\n',
        ("tests/infra/test_data.py::test_every_bucket_blocks_the_public[local]",),
    ),
    Fault(
        "the bucket blocks public access and plain HTTP",
        _BUCKETS,
        "            enforce_ssl=True,\n            minimum_tls_version=1.2,\n            # No versions",
        "            enforce_ssl=False,\n            # No versions",
        ("tests/infra/test_data.py::test_every_bucket_refuses_plain_http[local]",),
    ),
    Fault(
        "by default the link of a mail leads to our own address",
        "infra/stages.py",
        "link_form: LinkForm = LinkForm.PAGE",
        "link_form: LinkForm = LinkForm.PRESIGNED",
        ("tests/infra/test_data.py::test_every_stage_mails_links_to_our_own_address_by_default",),
    ),
    Fault(
        "encrypted (AES-256-GCM)",
        _TOKEN,
        'return AESGCM(hmac.digest(secret.encode(), _PURPOSE, "sha256"))',
        'return AESGCM(hmac.digest(secret.encode(), _PURPOSE, "sha256")[:16])',
        (f"{_ENCRYPTION}::test_the_encryption_is_aes_256_gcm_with_a_key_made_from_the_link_keys",),
    ),
    Fault(
        "encrypted (AES-256-GCM)",
        _TOKEN,
        'hmac.digest(secret.encode(), _PURPOSE, "sha256")',
        'hmac.digest(b"", _PURPOSE, "sha256")',
        (f"{_ENCRYPTION}::test_a_token_of_another_key_is_none",),
    ),
    Fault(
        "for one archive of one job and at most 24 hours",
        _OPEN,
        "file = job.files[claim.file - 1]",
        "file = job.files[0]",
        (f"{_OF_OPENING}::test_each_link_leads_to_its_own_archive",),
    ),
    Fault(
        "for one archive of one job and at most 24 hours",
        _OPEN,
        "job = jobs.job(claim.lea, claim.job) if claim else None",
        'job = jobs.job("99100010000000", claim.job) if claim else None',
        (f"{_OF_OPENING}::test_a_link_of_a_foreign_or_unknown_job_leads_nowhere",),
    ),
    Fault(
        "for one archive of one job and at most 24 hours",
        _LINKS,
        "LONGEST_LIFETIME = timedelta(hours=24)",
        "LONGEST_LIFETIME = timedelta(hours=25)",
        (f"{_OF_LINKS}::test_a_link_lives_at_most_24_hours",),
    ),
    Fault(
        "mails a URL of S3 itself instead",
        "functions/notify/bootstrap.py",
        "if environment.link_form is LinkForm.PRESIGNED:",
        "if environment.link_form is None:",
        ("tests/functions/test_open_link.py::test_a_stage_that_mails_urls_of_s3_mails_the_archives_own",),
    ),
    Fault(
        "mails a URL of S3 itself instead",
        _COMPUTE,
        '"LINK_FORM": stage.link_form.value,',
        '"LINK_FORM": "page",',
        ("tests/infra/test_data.py::test_where_mails_hold_urls_of_s3_these_work_for_a_day",),
    ),
    Fault(
        "signed for one archive and at most 24 hours",
        _LINKS,
        "        self._downloads = downloads\n        self._lifetime = _checked(lifetime)",
        "        self._downloads = downloads\n        self._lifetime = lifetime",
        (f"{_OF_LINKS}::test_a_link_that_is_a_url_of_s3_lives_at_most_24_hours_too",),
    ),
    Fault(
        "signed for one archive and at most 24 hours",
        _LINKS,
        "[Link(self._downloads.url(file, expires_at - now), expires_at) for file in job.files]",
        "[Link(self._downloads.url(file, timedelta(days=7)), expires_at) for file in job.files]",
        (
            f"{_OF_LINKS}::test_a_link_that_is_a_url_of_s3_is_signed_for_one_archive_and_24_hours",
            "tests/functions/test_open_link.py::test_a_stage_that_mails_urls_of_s3_mails_the_archives_own",
        ),
    ),
)

_LIVES = (
    Fault(
        "our own address decides, to the second",
        _OPEN,
        "if left.total_seconds() >= 1:",
        "if left.total_seconds() >= 0:",
        (f"{_OF_OPENING}::test_a_link_works_for_24_hours_and_no_minute_more",),
    ),
    Fault(
        "lives 15 minutes and never longer than the link",
        _LINKS,
        "DOWNLOAD_STARTS_WITHIN = timedelta(minutes=15)",
        "DOWNLOAD_STARTS_WITHIN = timedelta(minutes=30)",
        (
            "tests/functions/test_open_link.py::test_a_link_leads_on_to_the_archive_for_minutes",
            (
                "tests/infra/test_data.py::"
                "test_archives_refuse_what_was_signed_more_than_a_quarter_of_an_hour_ago[local]"
            ),
        ),
    ),
    Fault(
        "lives 15 minutes and never longer than the link",
        _OPEN,
        "min(left, DOWNLOAD_STARTS_WITHIN)",
        "DOWNLOAD_STARTS_WITHIN",
        (f"{_OF_OPENING}::test_what_a_link_leads_to_works_for_minutes_and_never_longer_than_the_link",),
    ),
    Fault(
        "S3 decides, from the URL's own 24 hours",
        _LINKS,
        "ExpiresIn=max(1, int(lifetime.total_seconds())),",
        "ExpiresIn=604800,",
        (f"{_OF_LINKS}::test_a_link_that_is_a_url_of_s3_is_signed_for_one_archive_and_24_hours",),
    ),
    Fault(
        "refuses signatures older than the form needs",
        _BUCKETS,
        "effect=iam.Effect.DENY,",
        "effect=iam.Effect.ALLOW,",
        (
            (
                "tests/infra/test_data.py::"
                "test_archives_refuse_what_was_signed_more_than_a_quarter_of_an_hour_ago[local]"
            ),
        ),
    ),
    Fault(
        "refuses signatures older than the form needs",
        _LINKS,
        "return DOWNLOAD_STARTS_WITHIN if self is LinkForm.PAGE else LONGEST_LIFETIME",
        "return LONGEST_LIFETIME",
        (
            (
                "tests/infra/test_data.py::"
                "test_archives_refuse_what_was_signed_more_than_a_quarter_of_an_hour_ago[local]"
            ),
        ),
    ),
    Fault(
        "an IAM user that may only read `archives/`",
        "infra/constructs/link_signer.py",
        'archives.arn_for_objects("archives/*")',
        'archives.arn_for_objects("*")',
        ("tests/infra/test_data.py::test_the_link_signer_may_only_read_archives[local]",),
    ),
    Fault(
        "an IAM user that may only read `archives/`",
        "infra/constructs/link_signer.py",
        'actions=["s3:GetObject"],',
        'actions=["s3:GetObject", "s3:PutObject"],',
        ("tests/infra/test_data.py::test_the_link_signer_may_only_read_archives[local]",),
    ),
    Fault(
        "session credentials are refused",
        _LINKS,
        "if not key.access_key_id.startswith(_USER_KEY):",
        "if not key.access_key_id:",
        (
            f"{_OF_LINKS}::test_session_credentials_are_refused",
            (
                "tests/functions/test_build_and_notify.py::"
                "test_a_key_of_a_session_stops_the_notice_before_a_mail_is_sent"
            ),
        ),
    ),
    Fault(
        "48 hours of overlap",
        f"{_LIB}/delivery/link_key.py",
        "OVERLAP = timedelta(hours=48)",
        "OVERLAP = timedelta(hours=1)",
        ("tests/contract/test_link_key.py::test_keys_overlap_for_48_hours",),
    ),
    Fault(
        "48 hours of overlap",
        "functions/open_link/bootstrap.py",
        "            if before:  # what stood there before the first key\n",
        "            if not before:\n",
        ("tests/functions/test_open_link.py::test_links_of_the_key_before_still_work",),
    ),
)

_EVERY_ANSWER = (
    "tests/functions/test_open_link.py::test_every_answer_says_that_it_is_kept_and_passed_on_nowhere",
)

_NO_TRACE = (
    Fault(
        "names no LEA, job or report",
        _LINKS,
        "self._folder = f\"{public_url.rstrip('/')}/links\"",
        "self._folder = f\"{public_url.rstrip('/')}/links/99100010000000\"",
        (f"{_OF_LINKS}::test_a_link_names_nobody_and_nothing",),
    ),
    Fault(
        "`no-store` and `no-referrer`",
        "functions/open_link/handler.py",
        '    "Cache-Control": "no-store",\n',
        "",
        _EVERY_ANSWER,
    ),
    Fault(
        "`no-store` and `no-referrer`",
        "functions/open_link/handler.py",
        '    "Referrer-Policy": "no-referrer",\n',
        "",
        _EVERY_ANSWER,
    ),
    Fault(
        "`no-store` and `no-referrer`",
        "functions/open_link/handler.py",
        '            **HEADERS,\n            "Content-Type": "text/html',
        '            "Content-Type": "text/html',
        _EVERY_ANSWER,
    ),
    Fault(
        "its pages load nothing (CSP)",
        "functions/open_link/handler.py",
        '            "Content-Security-Policy": CONTENT_SECURITY_POLICY,\n',
        "",
        (
            *_EVERY_ANSWER,
            "tests/functions/test_open_link.py::test_a_changed_link_shows_the_page_for_unknown_ones",
        ),
    ),
    Fault(
        "its pages load nothing (CSP)",
        f"{_LIB}/delivery/link_page.py",
        "default-src 'none'; ",
        "default-src 'self'; ",
        ("tests/unit/delivery/test_link_page.py::test_a_page_loads_nothing_and_runs_nothing",),
    ),
    Fault(
        "no token in any log of ours",
        _OPEN,
        "telemetry.event(Event.LINK_REFUSED)",
        "telemetry.event(Event.LINK_REFUSED, error=token)",
        (
            f"{_OF_OPENING}::test_every_opening_is_counted_and_nothing_of_the_token_is_logged",
            "tests/functions/test_open_link.py::test_no_log_line_holds_a_token",
        ),
    ),
    Fault(
        "no token in any log of ours",
        _OPEN,
        "telemetry.event(Event.LINK_OPENED, lea=job.lea, job=job.id, state=found.state.value)",
        "telemetry.event(Event.LINK_OPENED, lea=job.lea, job=token, state=found.state.value)",
        ("tests/functions/test_open_link.py::test_no_log_line_holds_a_token",),
    ),
    Fault(
        "no token in any log of ours",
        "infra/constructs/http_api.py",
        '"resource": "$context.resourcePath",',
        '"resource": "$context.path",',
        ("tests/infra/test_api.py::test_no_log_of_the_gateway_holds_a_token[local]",),
    ),
    Fault(
        "no token in any log of ours",
        "infra/constructs/http_api.py",
        "data_trace_enabled=False,",
        "data_trace_enabled=True,",
        ("tests/infra/test_api.py::test_requests_are_throttled_and_logged_without_bodies[local]",),
    ),
    Fault(
        "nor in traces and samples of requests",
        "infra/constructs/http_api.py",
        "tracing_enabled=False,",
        "tracing_enabled=True,",
        ("tests/infra/test_api.py::test_no_trace_and_no_sample_of_a_request_holds_a_token[local]",),
    ),
    Fault(
        "nor in traces and samples of requests",
        "infra/constructs/firewall.py",
        "sampled_requests_enabled=False",
        "sampled_requests_enabled=True",
        ("tests/infra/test_api.py::test_no_trace_and_no_sample_of_a_request_holds_a_token[local]",),
    ),
)

_PROBLEMS = "functions/request_report/problems.py"

_LITTLE = (
    Fault(
        "at most 60 letters of a name",
        _PROBLEMS,
        "LONGEST_ECHO = 60",
        "LONGEST_ECHO = 600",
        (f"{_STRICT}::test_what_was_sent_comes_back_cut_and_without_control_characters",),
    ),
    Fault(
        "list 100 problems",
        _PROBLEMS,
        "MOST_PROBLEMS = 100",
        "MOST_PROBLEMS = 1000",
        (f"{_STRICT}::test_of_thousands_of_problems_the_first_are_listed",),
    ),
    Fault(
        "sentences are ours, never a library's",
        f"{_LIB}/reports/request.py",
        '_SENTENCES.get(error["type"], _UNNAMED)',
        '_SENTENCES.get(error["type"], (error["type"], error["msg"]))',
        (f"{_STRICT}::test_a_rule_that_has_no_sentence_of_ours_is_told_in_our_words_too",),
    ),
    Fault(
        "sentences are ours, never a library's",
        f"{_LIB}/reports/parameters.py",
        "item = Annotated[StrictStr, AfterValidator(_known(values)), stated(self.rule, self.sentence)]",
        "item = Annotated[StrictStr, AfterValidator(_known(values))]",
        (f"{_STRICT}::test_no_words_of_a_library_come_through",),
    ),
    Fault(
        "reads the table and the link key, and writes nothing",
        _COMPUTE,
        '        function.may("dynamodb:Query", on=[data.jobs.table.table_arn])\n',
        '        function.may("dynamodb:Query", "dynamodb:PutItem", on=[data.jobs.table.table_arn])\n',
        (
            (
                "tests/infra/test_compute.py::"
                "test_what_anybody_can_call_reads_one_table_and_the_link_key_and_writes_nothing[local]"
            ),
        ),
    ),
    Fault(
        "a rate of its own",
        "infra/constructs/http_api.py",
        "LINK_RATE = 20",
        "LINK_RATE = 20_000",
        ("tests/infra/test_api.py::test_the_public_address_has_a_rate_of_its_own[local]",),
    ),
    Fault(
        "administrators enter people",
        "infra/constructs/user_pool.py",
        "self_sign_up_enabled=False,",
        "self_sign_up_enabled=True,",
        ("tests/infra/test_data.py::test_people_are_added_by_administrators_and_sign_in_by_email[local]",),
    ),
    Fault(
        "counts only once it is verified",
        "infra/constructs/user_pool.py",
        "            keep_original=cognito.KeepOriginalAttrs(email=True),\n",
        "",
        ("tests/infra/test_data.py::test_people_are_added_by_administrators_and_sign_in_by_email[local]",),
    ),
)

_EVENTS = "tests/unit/telemetry/test_events.py"
_WORK = "tests/functions/test_build_and_notify.py"

_NO_STUDENT_DATA = (
    Fault(
        "events with an allow-list of fields",
        f"{_LIB}/telemetry/events.py",
        "fields.keys() - FIELDS\n    if unknown:\n",
        "fields.keys() - FIELDS\n    if not FIELDS:\n",
        (f"{_EVENTS}::test_a_field_that_is_not_on_the_list_is_refused",),
    ),
    Fault(
        "events with an allow-list of fields",
        f"{_LIB}/telemetry/events.py",
        '        "items",\n',
        '        "items",\n        "students",\n',
        (f"{_EVENTS}::test_a_log_line_carries_these_fields_and_no_others",),
    ),
    Fault(
        "never its text",
        f"{_LIB}/telemetry/fault.py",
        'return cls(f"{home}{error_class.__qualname__}", module, line)',
        'return cls(f"{home}{error_class.__qualname__}: {error}", module, line)',
        (
            "tests/unit/telemetry/test_attempt.py::test_a_log_line_has_the_class_and_never_the_text",
            "tests/functions/test_request_report.py::test_a_fault_of_ours_tells_nothing_about_itself",
        ),
    ),
    Fault(
        "metrics with fixed dimensions",
        f"{_LIB}/telemetry/cloudwatch.py",
        '{"service": service, "stage": stage}',
        '{"service": service, "stage": stage, "lea": "99100010000000"}',
        (
            f"{_EVENTS}::test_a_metric_has_these_dimensions_and_no_others",
            f"{_EVENTS}::test_a_measurement_is_in_the_embedded_metric_format",
        ),
    ),
    Fault(
        "messages with ids only",
        f"{_LIB}/jobs/messages.py",
        "    chunk: int | None = Field(default=None, ge=0)\n",
        "    chunk: int | None = Field(default=None, ge=0)\n    students: tuple[str, ...] = ()\n",
        ("tests/unit/jobs/test_messages.py::test_a_message_has_ids_and_no_place_for_anything_else",),
    ),
    Fault(
        "mails with counts, and the names that requesters gave",
        f"{_LIB}/delivery/letter.py",
        'numbers = [(words.made, f"{progress.made:,}")]',
        'numbers = [(words.made, f"{progress.made:,} (Zhang)")]',
        (f"{_WORK}::test_no_message_no_mail_and_no_address_holds_anything_of_a_student",),
    ),
    Fault(
        "the list of what is not included (SSIDs) is an answer to its requester alone",
        f"{_ROUTES}/not_included.py",
        "    job, storage = context.own_job(job_id), context.dependencies.storage\n",
        "    storage, jobs = context.dependencies.storage, context.dependencies.jobs\n"
        "    job = jobs.job(context.caller.assignment.lea, job_id) or context.own_job(job_id)\n",
        (_foreign("GET", "/not-included", "colleague"),),
    ),
    Fault(
        "a retry finds it by its job, on S3",
        f"{_LIB}/ssr_archive/not_included.py",
        'return f"not-included/{lea}/{job_id}.csv"',
        'return f"not-included/{lea}/1000000001-{job_id}.csv"',
        ("tests/unit/jobs/test_messages.py::test_the_list_of_what_is_not_included_is_found_by_its_job",),
    ),
)

_OPTIONS = "tests/unit/jobs/test_options.py"
_NOWHERE_ELSE = f"{_WORK}::test_what_a_job_keeps_of_its_password_stands_in_its_row_alone"

_PASSWORDS = (
    Fault(
        "AES-256 (PDF security handler of revision 6)",
        f"{_LIB}/pdf/encryption.py",
        "/V 5/R 6/Length 256",
        "/V 5/R 5/Length 256",
        ("tests/unit/ssr/test_encryption.py::test_qpdf_finds_no_fault_and_nothing_that_is_not_aes_256",),
    ),
    Fault(
        "as long as it is open",
        f"{_LIB}/jobs/job.py",
        "secret=self.secret if state.is_open else None,",
        "secret=self.secret,",
        (
            f"{_OPTIONS}::test_a_job_knows_that_it_was_protected_and_no_longer_how",
            f"{_OPTIONS}::test_a_job_that_is_given_up_forgets_its_secret_too",
        ),
    ),
    Fault(
        "as long as it is open",
        _STORE,
        "                    (rows.secret, row.secret),\n",
        "",
        (
            f"{_JOBS}::test_the_secret_of_a_job_is_kept_until_its_end_and_no_longer[moto]",
            f"{_WORK}::test_a_password_opens_the_pdfs_and_is_nowhere_else",
        ),
    ),
    Fault(
        "no API answer, message, log line or mail has them",
        "functions/request_report/models.py",
        "            reason=job.reason,\n",
        "            reason=str(job.secret.content) if job.secret else job.reason,\n",
        (_NOWHERE_ELSE,),
    ),
    Fault(
        "no API answer, message, log line or mail has them",
        f"{_LIB}/jobs/plan_job.py",
        "Event.JOB_PLANNED, ",
        "Event.JOB_PLANNED, rule=str(job.secret and job.secret.content), ",
        (_NOWHERE_ELSE,),
    ),
    Fault(
        "A forgotten password cannot be recovered",
        f"{_LIB}/ssr_archive/password.py",
        "return JobSecret(encryption_by(password, random_bytes).to_json(), digest.hex())",
        "return JobSecret(encryption_by(password, random_bytes).to_json(), password)",
        (f"{_OPTIONS}::test_a_secret_shows_nothing_and_comes_back_from_json",),
    ),
    Fault(
        "names of files, the lists (manifest, not included) are in the zip as they are",
        f"{_LIB}/ssr_archive/naming.py",
        "student = file_word(last_name, _LONGEST_LAST_NAME)",
        'student = "protected"',
        (f"{_WORK}::test_a_password_hides_no_names_of_files_and_no_lists",),
    ),
    Fault(
        "live on in the table's point-in-time backups",
        "infra/constructs/job_table.py",
        "point_in_time_recovery_enabled=True",
        "point_in_time_recovery_enabled=False",
        ("tests/infra/test_data.py::test_the_table_can_be_restored_to_any_second[local]",),
    ),
)

_ROLES = "tests/infra/test_compute.py"

_PRIVILEGE = (
    Fault(
        "one role per function",
        "infra/constructs/report_function.py",
        "            role=self.role,\n",
        "",
        (f"{_ROLES}::test_every_function_has_a_role_of_its_own[local]",),
    ),
    Fault(
        "statements for what its code calls",
        _COMPUTE,
        '        function.may("dynamodb:Query", "dynamodb:UpdateItem", on=[data.jobs.table.table_arn])\n',
        '        function.may("dynamodb:Query", "dynamodb:UpdateItem", "dynamodb:DeleteItem", '
        "on=[data.jobs.table.table_arn])\n",
        (f"{_ROLES}::test_a_role_may_do_what_is_listed_and_nothing_else[local]",),
    ),
    Fault(
        "statements for what its code calls",
        _COMPUTE,
        '            "s3:GetObject",\n            bucket=bucket,\n            prefix="datasets/",\n',
        '            *("s3:GetObject", "s3:PutObject"),\n            bucket=bucket,\n            prefix="datasets/",\n',
        (f"{_ROLES}::test_no_function_writes_datasets[local]",),
    ),
    Fault(
        "statements for what its code calls",
        _COMPUTE,
        '        function.may("dynamodb:Query", on=[data.jobs.table.table_arn])\n',
        "",
        ("tests/system/test_strict_stack.py::test_the_roles_of_the_functions_allow_the_main_job",),
        system=True,
    ),
    Fault(
        "every wildcard has a reason beside it",
        _COMPUTE,
        'prefix="datasets/",',
        'prefix="",',
        (f"{_ROLES}::test_a_role_holds_no_wildcard_but_the_listed[local-request_report]",),
    ),
    Fault(
        "every wildcard has a reason beside it",
        "infra/constructs/report_function.py",
        "        accept_prefix(self.role, bucket, prefix, reason)\n",
        "",
        ("tests/infra/test_findings.py::test_no_stage_has_a_finding_without_a_reason",),
    ),
)

_SWEEP = "tests/unit/datasets/test_sweep.py"

_LYING_ABOUT = (
    Fault(
        "a folder that only its owner may read",
        f"{_LIB}/datasets/scratch.py",
        "    folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=parent))\n",
        "    folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=parent))\n    folder.chmod(0o755)\n",
        (f"{_SWEEP}::test_a_folder_is_removed_at_the_end_whatever_happens",),
    ),
    Fault(
        "the next one removes, or `lea-reports sweep`",
        f"{_LIB}/datasets/ingest.py",
        "        sweep_scratch()\n",
        "",
        (f"{_SWEEP}::test_the_next_ingest_sweeps",),
    ),
    Fault(
        "snapshots that nobody can read any more",
        f"{_LIB}/datasets/ingest.py",
        "        sweep_snapshots(around.objects, around.now())\n",
        "",
        (f"{_SWEEP}::test_the_next_ingest_sweeps",),
    ),
    Fault(
        "or `lea-reports sweep`",
        "cli/sweep.py",
        "folders = sweep_scratch()",
        "folders = 0",
        (f"{_SWEEP}::test_the_command_sweeps_and_tells",),
    ),
    Fault(
        "only its owner may read `rejects.csv`",
        f"{_LIB}/datasets/reject_log.py",
        "0o600",
        "0o644",
        ("tests/unit/datasets/test_rejects.py::test_only_its_owner_may_read_the_file",),
    ),
)

_ENCRYPTED = "tests/infra/test_data.py::test_data_and_archives_are_encrypted_with_our_key"
_TABLE_AND_SECRET = (
    (
        "tests/infra/test_data.py::"
        "test_table_and_secret_are_encrypted_with_our_key_and_access_logs_with_s3s[local]"
    ),
)

_AT_REST = (
    Fault(
        "a customer-managed KMS key for table",
        "infra/constructs/job_table.py",
        "            encryption=dynamodb.TableEncryption.CUSTOMER_MANAGED,\n            encryption_key=key,\n",
        "            encryption=dynamodb.TableEncryption.AWS_MANAGED,\n",
        _TABLE_AND_SECRET,
    ),
    Fault(
        "KMS key for table, data, archives, secret and logs",
        _BUCKETS,
        '            "Data",\n'
        "            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,\n"
        "            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,\n"
        "            encryption=s3.BucketEncryption.KMS,\n"
        "            encryption_key=key,\n"
        "            bucket_key_enabled=True,\n",
        '            "Data",\n'
        "            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,\n"
        "            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,\n"
        "            encryption=s3.BucketEncryption.S3_MANAGED,\n",
        (f"{_ENCRYPTED}[local-Data]",),
    ),
    Fault(
        "KMS key for table, data, archives, secret and logs",
        _BUCKETS,
        '            "Archives",\n'
        "            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,\n"
        "            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,\n"
        "            encryption=s3.BucketEncryption.KMS,\n"
        "            encryption_key=key,\n"
        "            bucket_key_enabled=True,\n",
        '            "Archives",\n'
        "            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,\n"
        "            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,\n"
        "            encryption=s3.BucketEncryption.S3_MANAGED,\n",
        (f"{_ENCRYPTED}[local-Archives]",),
    ),
    Fault(
        "KMS key for table, data, archives, secret and logs",
        "infra/constructs/link_signer.py",
        "            kms_key_id=encryption.key.key_arn,\n",
        "",
        _TABLE_AND_SECRET,
    ),
    Fault(
        "KMS key for table, data, archives, secret and logs",
        "infra/constructs/report_function.py",
        "            encryption_key=key,\n",
        "",
        (f"{_ROLES}::test_every_log_ends_and_is_encrypted_with_our_key[local]",),
    ),
    Fault(
        "SQS's own key for the queues, which hold ids only",
        "infra/constructs/work_queue.py",
        '            "Queue",\n            encryption=sqs.QueueEncryption.SQS_MANAGED,\n',
        '            "Queue",\n            encryption=sqs.QueueEncryption.UNENCRYPTED,\n',
        (f"{_ROLES}::test_every_queue_is_encrypted_and_refuses_plain_http[local]",),
    ),
    Fault(
        "S3's own for the access logs",
        _BUCKETS,
        "encryption=s3.BucketEncryption.S3_MANAGED,",
        "encryption=s3.BucketEncryption.KMS_MANAGED,",
        _TABLE_AND_SECRET,
    ),
)

_BELOW = (
    Fault(
        "the e-mail says so",
        f"{_LIB}/delivery/templates/letter/one.txt",
        "Whoever has the link can open the file, so do not forward this message.",
        "",
        (
            "tests/unit/delivery/test_letter.py::test_the_mail_says_that_whoever_has_the_link_can_open_the_file",
        ),
    ),
    Fault(
        "the link expires after 24 hours",
        _COMPUTE,
        "LINK_HOURS = 24",
        "LINK_HOURS = 23",
        ("tests/infra/test_compute.py::test_links_are_made_for_24_hours[local]",),
    ),
    Fault(
        "archive is deleted after 30 days",
        f"{_LIB}/jobs/job.py",
        "FILES_KEPT = timedelta(days=30)",
        "FILES_KEPT = timedelta(days=60)",
        (
            "tests/infra/test_data.py::test_fragments_live_three_days_and_archives_thirty[local]",
            f"{_OF_LINKS}::test_a_link_does_not_outlive_its_archive",
        ),
    ),
    Fault(
        "An e-mail that is sent again carries another link; the one before ends by itself",
        _LINKS,
        "return min(now + lifetime, kept_until)",
        "return min((job.ended_at or now) + lifetime, kept_until)",
        (f"{_OF_LINKS}::test_a_link_that_is_made_again_is_another_one_and_lives_its_own_24_hours",),
    ),
)

FAULTS: tuple[Fault, ...] = (
    *_OWN_DATA,
    *_FOREIGN_IDS,
    *_TOKENS,
    *_ONLY_BY_THE_LINK,
    *_LIVES,
    *_NO_TRACE,
    *_LITTLE,
    *_NO_STUDENT_DATA,
    *_PASSWORDS,
    *_PRIVILEGE,
    *_LYING_ABOUT,
    *_AT_REST,
    *_BELOW,
)
