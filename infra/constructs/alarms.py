"""What wakes somebody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct

from infra.constructs.dashboard import emitted
from lea_reports.telemetry.metrics import JOBS_ENDED, JOBS_WAITING, NOTICES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aws_cdk import aws_apigateway as apigateway
    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_lambda as lambda_

    from infra.constructs.work_queue import WorkQueue
    from infra.stages import Stage

MINUTE = Duration.minutes(1)
#: A chunk takes about a minute; a message older than this waits for capacity that does not come.
OLDEST_MESSAGE = Duration.minutes(30)
#: While jobs wait, one ends at least this often, even when the queue is full of the largest LEA's chunks.
SOME_JOB_ENDS_WITHIN = Duration.minutes(60)


class Alarms(Construct):
    """The alarms of day one, and the topic that they speak through."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        stage: Stage,
        key: kms.IKey,
        functions: Mapping[str, lambda_.IFunction],
        queues: Mapping[str, WorkQueue],
        api: apigateway.RestApi,
    ) -> None:
        super().__init__(scope, construct_id)
        self._stage = stage
        self.topic = sns.Topic(
            self, "Topic", display_name=f"LEA Reports {stage.name} alarms", master_key=key, enforce_ssl=True
        )
        if stage.alarm_address is not None:
            self.topic.add_subscription(subscriptions.EmailSubscription(stage.alarm_address))
        for name, queue in queues.items():
            self._watch_queue(name, queue)
        for name, function in functions.items():
            self._watch_function(name, function)
        self._watch_service()
        self._alarm(
            "ApiServerErrors",
            "The API answers 5xx: coordinators see errors.",
            api.metric_server_error(period=Duration.minutes(5), statistic="Sum"),
            threshold=5,
        )

    def _watch_queue(self, name: str, queue: WorkQueue) -> None:
        self._alarm(
            f"{name}DeadLetters",
            f"A message of the {name.lower()} queue was given up: a job stands still or a notice is missing.",
            queue.dead_letters.metric_approximate_number_of_messages_visible(
                period=MINUTE, statistic="Maximum"
            ),
            threshold=1,
        )
        self._alarm(
            f"{name}OldestMessage",
            f"The oldest message of the {name.lower()} queue has waited half an hour.",
            queue.queue.metric_approximate_age_of_oldest_message(period=MINUTE, statistic="Maximum"),
            threshold=OLDEST_MESSAGE.to_seconds(),
            periods=5,
        )

    def _watch_function(self, name: str, function: lambda_.IFunction) -> None:
        self._alarm(
            f"{name}Errors",
            f"{name} ends with errors.",
            function.metric_errors(period=Duration.minutes(5), statistic="Sum"),
            threshold=3,
        )
        self._alarm(
            f"{name}Throttles",
            f"{name} is throttled: the account's concurrency is used up.",
            function.metric_throttles(period=Duration.minutes(5), statistic="Sum"),
            threshold=10,
            periods=3,
        )

    def _watch_service(self) -> None:
        stage = self._stage
        if stage.computes_alarms:
            self._watch_progress()
        self._alarm(
            "JobsFailed",
            "Jobs end as failed: their callers get nothing.",
            emitted(JOBS_ENDED, stage, statistic="Sum", outcome="failed", period=Duration.minutes(15)),
            threshold=1,
        )
        self._alarm(
            "NoticesFailed",
            "E-mails are refused: reports are ready, and no e-mail about them is sent.",
            emitted(NOTICES, stage, statistic="Sum", outcome="refused", period=Duration.minutes(15)),
            threshold=1,
        )

    def _watch_progress(self) -> None:
        stage = self._stage
        ended = {
            f"ended_{outcome}": emitted(
                JOBS_ENDED, stage, statistic="Sum", outcome=outcome, period=SOME_JOB_ENDS_WITHIN
            )
            for outcome in JOBS_ENDED.outcomes
        }
        # The least of the period: jobs waited all the time, not only since a moment ago.
        waiting = emitted(JOBS_WAITING, stage, statistic="Minimum", period=SOME_JOB_ENDS_WITHIN)
        some_ended = " + ".join(f"FILL({name}, 0)" for name in ended)
        self._alarm(
            "NoJobReady",
            "Jobs have waited for an hour and none has ended.",
            cloudwatch.MathExpression(
                expression=f"IF(FILL(waiting, 0) > 0 AND ({some_ended}) < 1, 1, 0)",
                using_metrics={"waiting": waiting, **ended},
                label="jobs wait and none ends",
                period=SOME_JOB_ENDS_WITHIN,
            ),
            threshold=1,
        )

    def _alarm(
        self, name: str, meaning: str, metric: cloudwatch.IMetric, *, threshold: float, periods: int = 1
    ) -> None:
        alarm = cloudwatch.Alarm(
            self,
            name,
            alarm_name=f"lea-reports-{self._stage.name}-{name}",
            alarm_description=meaning,
            metric=metric,
            threshold=threshold,
            evaluation_periods=periods,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )
        speak = actions.SnsAction(self.topic)
        alarm.add_alarm_action(speak)
        alarm.add_ok_action(speak)
