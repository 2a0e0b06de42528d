"""The settings of the function, from its environment variables."""

from lea_reports import environment


class Environment(environment.Environment):
    """Environment variables of `request_report`."""

    stage: str
    token_issuer: str
    user_pool_client_id: str
    table_name: str
    data_bucket: str
    archive_bucket: str
    build_queue_url: str
    notice_queue_url: str
